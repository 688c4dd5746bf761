import { z } from "zod";
import type { Artifact, Stage } from "../pipeline/index.ts";
import { type Doubles, matrix, vector } from "./labelled-arrays.ts";
import { fieldSchema } from "./model/mean-field/field.ts";
import { binned, samplesOf, stepsPerBin } from "./model/spiking/cell-statistics.ts";
import { conductances } from "./model/spiking/conductance.ts";
import type { SpikingRun } from "./model/spiking/spiking-run.ts";
import { unfitted } from "./model/transfer-function/transfer-function.ts";
import { largest, mean } from "./numerics/statistics/range.ts";
import type { WaveformMeanField } from "./waveform-mean-field.ts";

const params = z.strictObject({
  ...fieldSchema,
  mean_field: fieldSchema.mean_field.pick({ drive: true }),
});
type Params = z.infer<typeof params>;

const quantities = [
  ...(["mean_V", "mean_Ge", "mean_Gi"] as const),
  ...(["mu_V", "sigma_V", "mu_Ge", "sigma_Ge", "mu_Gi", "sigma_Gi"] as const),
];
type Quantity = (typeof quantities)[number];

/**
 * The responses of the network and of the mean field to the transient input, both in bins of 5 ms, `time` their
 * middles: the network's rates, and its recorded cells' mean V (without spikes and refractoriness), Ge and Gi along
 * `population`; the mean field's rates nu with SDs, and mean and SD of what cells of either population are to show.
 */
export type WaveformComparison = Artifact<
  Readonly<
    Record<"time" | "afferent" | `${"rate" | "nu" | "sigma_nu"}_${"exc" | "inh"}` | Quantity, Doubles>
  >,
  { peak_network_exc: number; peak_mean_field_exc: number }
>;

const waveformComparison: Stage<
  Params,
  { network: SpikingRun; meanField: WaveformMeanField },
  WaveformComparison
> = {
  id: "waveform-comparison",
  params,
  async run({ params, inputs, progress }) {
    const { network, mean_field, reading } = params;
    const run = inputs.network.arrays;
    const dt = run.time.data[1]! - run.time.data[0]!;
    const perBin = stepsPerBin(dt);
    const time = binned(run.time.data, 0, perBin).map((middle) => middle + dt / 2);
    const bins = time.length;
    const rates = [run.rate_exc, run.rate_inh].map(({ data }) => binned(data, 0, perBin));
    const field = inputs.meanField.arrays;
    const resample = ({ data }: Doubles) => resampled(data, 1e3 * field.time.data[1]!, bins, perBin * dt);
    const [afferent, nuE, nuI] = [field.afferent, field.nu_e, field.nu_i].map(resample) as [
      Float64Array,
      Float64Array,
      Float64Array,
    ];
    const spread = [field.c_ee, field.c_ii].map((c) => resample(c).map((c) => Math.sqrt(Math.abs(c))));

    // Along population, then time.
    const rows = Object.fromEntries(quantities.map((name) => [name, new Float64Array(2 * bins)])) as Record<
      Quantity,
      Float64Array
    >;
    for (const [population, cell] of [params.cells.exc, params.cells.inh].entries()) {
      const model = unfitted(cell, network, reading);
      const share = population === 0 ? network.afferent : 1 - network.afferent;
      const isMember = (neuron: number) => neuron < inputs.network.values.cells_exc === (population === 0);
      const members = Array.from(run.recorded.data.keys()).filter((k) => isMember(run.recorded.data[k]!));
      for (let bin = 0; bin < bins; bin++) {
        const external = mean_field.drive + share * afferent[bin]!;
        const moments = model.moments(nuE[bin]! + external, nuI[bin]!);
        const samples = members.map((k) =>
          samplesOf(inputs.network, k, cell, bin * perBin, (bin + 1) * perBin),
        );
        const found = {
          mean_V: mean(samples.flatMap(({ V }) => V)),
          mean_Ge: mean(samples.flatMap(({ Ge }) => Ge)),
          mean_Gi: mean(samples.flatMap(({ Gi }) => Gi)),
          mu_V: 1e3 * moments.mu_V,
          sigma_V: 1e3 * moments.sigma_V,
          ...conductances(network, nuE[bin]! + external, nuI[bin]!),
        };
        for (const name of quantities) rows[name][population * bins + bin] = found[name];
        if (bin % 50 === 0) await progress((population * bins + bin) / (2 * bins));
      }
    }
    return {
      arrays: {
        time: vector("time", time, "ms"),
        afferent: vector("time", afferent, "Hz"),
        rate_exc: vector("time", rates[0]!, "Hz"),
        rate_inh: vector("time", rates[1]!, "Hz"),
        nu_exc: vector("time", nuE, "Hz"),
        nu_inh: vector("time", nuI, "Hz"),
        sigma_nu_exc: vector("time", spread[0]!, "Hz"),
        sigma_nu_inh: vector("time", spread[1]!, "Hz"),
        ...(Object.fromEntries(
          quantities.map((name) => [
            name,
            matrix(["population", "time"], [2, bins], rows[name], name.endsWith("V") ? "mV" : "nS"),
          ]),
        ) as Record<Quantity, Doubles>),
      },
      values: { peak_network_exc: largest(rates[0]!), peak_mean_field_exc: largest(nuE) },
    };
  },
};
export default waveformComparison;

/**
 * Means of a series, sampled every `dt` ms from 0 on, over bins of `width` ms. A bin between samples has the last one.
 */
function resampled(series: Float64Array, dt: number, bins: number, width: number): Float64Array {
  const sampleAt = (ms: number) => Math.ceil(ms / dt - 1e-9);
  return Float64Array.from({ length: bins }, (_, bin) => {
    const [from, to] = [sampleAt(bin * width), sampleAt((bin + 1) * width)];
    const last = Math.min(Math.max(from - 1, 0), series.length - 1);
    return from < Math.min(to, series.length) ? mean(series.subarray(from, to)) : series[last]!;
  });
}
