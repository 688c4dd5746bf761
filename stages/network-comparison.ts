import { z } from "zod";
import type { Artifact, LabelledArray, Stage } from "../pipeline/index.ts";
import type { FixedPoint } from "./fixed-point.ts";
import { type Doubles, vector } from "./labelled-arrays.ts";
import { fieldSchema } from "./model/mean-field/field.ts";
import {
  binned,
  momentsOf,
  type SampleMoments,
  samplesOf,
  stepsPerBin,
} from "./model/spiking/cell-statistics.ts";
import { conductances } from "./model/spiking/conductance.ts";
import type { SpikingRun } from "./model/spiking/spiking-run.ts";
import { unfitted } from "./model/transfer-function/transfer-function.ts";
import { gaussianDensity, histogram } from "./numerics/statistics/density.ts";
import { linspace, mean, standardDeviation } from "./numerics/statistics/range.ts";

/** Time that the network takes to settle, ms; at most a third of the run. */
const settling = 500;

/** Bars of the histograms and points of the curves beside them, as in the notebook's figure. */
const bars = 8;
const points = 50;

const params = z.strictObject({
  ...fieldSchema,
  mean_field: fieldSchema.mean_field.pick({ drive: true }),
});
type Params = z.infer<typeof params>;

/**
 * The stationary network beside the mean field's fixed point. Rates are those of 5 ms bins: their histograms
 * (`density` at `level`) beside Gaussians of the second-order moments (`predicted` at `nu`). Means and SDs over time
 * of V (without spikes and refractoriness), Ge and Gi of the recorded cells, beside mu and sigma of the mean field
 * along `population`: excitatory, inhibitory.
 */
export type NetworkComparison = Artifact<
  Readonly<
    Record<"time" | `${"rate" | "level" | "density" | "nu" | "predicted"}_${"exc" | "inh"}`, Doubles> &
      Record<"rate_mean" | "rate_sd" | "rate_mu" | "rate_sigma", Doubles> &
      Record<`${"mu" | "sigma"}_${"V" | "Ge" | "Gi"}`, Doubles> &
      Record<keyof SampleMoments, Doubles> & { recorded: LabelledArray<Uint16Array> }
  >,
  { start_ms: number }
>;

const networkComparison: Stage<Params, { network: SpikingRun; fixedPoint: FixedPoint }, NetworkComparison> = {
  id: "network-comparison",
  params,
  async run({ params, inputs }) {
    const { time, rate_exc, rate_inh, recorded } = inputs.network.arrays;
    const steps = time.data.length;
    const dt = time.data[1]! - time.data[0]!;
    const from = Math.trunc(Math.min(settling / dt + 1e-9, steps / 3));
    const perBin = stepsPerBin(dt);
    const [exc, inh] = [rate_exc, rate_inh].map(({ data }) => binned(data, from, perBin)) as [
      Float64Array,
      Float64Array,
    ];
    const [nuE, nuI, sigmaE, sigmaI] = secondOrderRates(params, inputs.fixedPoint);

    const isExc = (neuron: number) => neuron < inputs.network.values.cells_exc;
    const moments = Array.from(recorded.data, (neuron, k) => {
      const cell = isExc(neuron) ? params.cells.exc : params.cells.inh;
      return momentsOf(samplesOf(inputs.network, k, cell, from, steps));
    });
    const perCell = (name: keyof SampleMoments, units: string) =>
      vector(
        "recorded",
        Float64Array.from(moments, (of) => of[name]),
        units,
      );
    const perPopulation = (values: readonly number[], units: string) =>
      vector("population", Float64Array.from(values), units);
    const predicted = [params.cells.exc, params.cells.inh].map((cell) => ({
      ...unfitted(cell, params.network, params.reading).moments(nuE + params.mean_field.drive, nuI),
      ...conductances(params.network, nuE + params.mean_field.drive, nuI),
    }));
    const of = (name: keyof (typeof predicted)[number], perUnit: number, units: string) =>
      perPopulation(
        predicted.map((each) => each[name] * perUnit),
        units,
      );
    return {
      arrays: {
        time: vector(
          "time",
          binned(time.data, from, perBin).map((middle) => middle + dt / 2),
          "ms",
        ),
        rate_exc: vector("time", exc, "Hz"),
        rate_inh: vector("time", inh, "Hz"),
        ...densities("exc", exc, nuE, sigmaE),
        ...densities("inh", inh, nuI, sigmaI),
        rate_mean: perPopulation([mean(exc), mean(inh)], "Hz"),
        rate_sd: perPopulation([standardDeviation(exc), standardDeviation(inh)], "Hz"),
        rate_mu: perPopulation([nuE, nuI], "Hz"),
        rate_sigma: perPopulation([sigmaE, sigmaI], "Hz"),
        recorded,
        mean_V: perCell("mean_V", "mV"),
        sd_V: perCell("sd_V", "mV"),
        mean_Ge: perCell("mean_Ge", "nS"),
        sd_Ge: perCell("sd_Ge", "nS"),
        mean_Gi: perCell("mean_Gi", "nS"),
        sd_Gi: perCell("sd_Gi", "nS"),
        mu_V: of("mu_V", 1e3, "mV"),
        sigma_V: of("sigma_V", 1e3, "mV"),
        mu_Ge: of("mu_Ge", 1, "nS"),
        sigma_Ge: of("sigma_Ge", 1, "nS"),
        mu_Gi: of("mu_Gi", 1, "nS"),
        sigma_Gi: of("sigma_Gi", 1, "nS"),
      },
      values: { start_ms: from * dt },
    };
  },
};
export default networkComparison;

/** Mean and SD of both rates (Hz) at the fixed point of the reading. Without a second order the SD is 0. */
function secondOrderRates({ reading }: Params, { arrays }: FixedPoint): [number, number, number, number] {
  const { first_order, second_order, second_order_as_coded } = arrays;
  const [nuE, nuI, cee, , cii] = (reading === "as-coded" ? second_order_as_coded : second_order).data;
  if (![nuE, nuI, cee, cii].every(Number.isFinite)) return [first_order.data[0]!, first_order.data[1]!, 0, 0];
  return [nuE!, nuI!, Math.sqrt(Math.abs(cee!)), Math.sqrt(Math.abs(cii!))];
}

/** The histogram of a population's rates, and the mean field's Gaussian up to 4 SD from its mean. */
function densities<P extends "exc" | "inh">(population: P, rates: Float64Array, mu: number, sigma: number) {
  const { level, density } = histogram(rates, bars);
  const nu = linspace(mu - 4 * sigma, mu + 4 * sigma, points);
  return {
    [`level_${population}`]: vector(`level_${population}`, level, "Hz"),
    [`density_${population}`]: vector(`level_${population}`, density, "1/Hz"),
    [`nu_${population}`]: vector(`nu_${population}`, nu, "Hz"),
    [`predicted_${population}`]: vector(`nu_${population}`, gaussianDensity(nu, mu, sigma), "1/Hz"),
  } as Record<`${"level" | "density" | "nu" | "predicted"}_${P}`, Doubles>;
}
