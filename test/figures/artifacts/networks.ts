import type { Run } from "../../../figures/network.ts";
import type { OutputOf } from "../../../figures/stage-output.ts";
import { matrix, vector } from "../../../stages/labelled-arrays.ts";
import { spikingSchema } from "../../../stages/model/spiking/spiking.ts";
import { waveformSchema } from "../../../stages/model/stimulus/waveform.ts";
import type networkComparison from "../../../stages/network-comparison.ts";
import type waveformComparison from "../../../stages/waveform-comparison.ts";
import type waveformNetwork from "../../../stages/waveform-network.ts";
import { bump, field, network, noise, numbers, pair } from "./numbers.ts";

const simulated = { cells: pair, network, mean_field: { drive: 4 } };

export function runOf(duration: number, spikes: number): Run["artifact"] {
  const time = numbers(duration / 2.5, (k) => 2.5 * k);
  const trace = (of: (k: number) => number, units: string) =>
    matrix(["recorded", "time"], [2, time.length], numbers(2 * time.length, of), units);
  return {
    arrays: {
      time: vector("time", time, "ms"),
      rate_exc: vector(
        "time",
        numbers(time.length, (k) => 2.5 + noise(k)),
        "Hz",
      ),
      rate_inh: vector(
        "time",
        numbers(time.length, (k) => 9 + 3 * noise(k)),
        "Hz",
      ),
      spike_times: vector(
        "spike",
        numbers(spikes, (k) => ((k + 0.5) * duration) / spikes),
        "ms",
      ),
      spike_neurons: vector(
        "spike",
        Uint16Array.from({ length: spikes }, (_, k) => (k * 7) % 50),
        "1",
      ),
      recorded: vector("recorded", Uint16Array.of(0, 40), "1"),
      V: trace((k) => -58 + 5 * noise(k), "mV"),
      Ge: trace((k) => 12 + 3 * noise(k), "nS"),
      Gi: trace((k) => 25 + 8 * noise(k), "nS"),
    },
    values: { cells_exc: 40, cells_inh: 10, synapses: 100 },
  };
}

export const runMade = (spikes = 60): Run => ({
  artifact: runOf(200, spikes),
  params: { ...simulated, spiking: spikingSchema.parse({}) },
});

const waveform = waveformSchema.parse({ t0: 120, T1: 20, T2: 30, duration: 200 });
const { duration: _, ...stepping } = spikingSchema.parse({});
export const waveformRun: OutputOf<typeof waveformNetwork> = {
  artifact: runOf(200, 60),
  params: { ...simulated, spiking: stepping, waveform },
};

export function comparisonOf(): OutputOf<typeof networkComparison> {
  const perCell = (values: readonly number[], units: string) =>
    vector("recorded", Float64Array.from(values), units);
  const perPopulation = (values: readonly number[], units: string) =>
    vector("population", Float64Array.from(values), units);
  const density = (population: "exc" | "inh", mean: number) => ({
    [`level_${population}`]: vector(
      `level_${population}`,
      numbers(4, (k) => mean - 0.75 + 0.5 * k),
      "Hz",
    ),
    [`density_${population}`]: vector(`level_${population}`, Float64Array.of(0.3, 0.8, 0.6, 0.3), "1/Hz"),
    [`nu_${population}`]: vector(
      `nu_${population}`,
      numbers(9, (k) => mean - 1 + k / 4),
      "Hz",
    ),
    [`predicted_${population}`]: vector(
      `nu_${population}`,
      numbers(9, (k) => bump(k - 4)),
      "1/Hz",
    ),
  });
  type Comparison = OutputOf<typeof networkComparison>;
  const arrays = {
    time: vector(
      "time",
      numbers(4, (k) => 2.5 + 5 * k),
      "ms",
    ),
    rate_exc: vector(
      "time",
      numbers(4, (k) => 2 + noise(k)),
      "Hz",
    ),
    rate_inh: vector(
      "time",
      numbers(4, (k) => 9 + noise(k)),
      "Hz",
    ),
    ...density("exc", 2.5),
    ...density("inh", 9.6),
    rate_mean: perPopulation([2.4, 9.5], "Hz"),
    rate_sd: perPopulation([0.4, 0.8], "Hz"),
    rate_mu: perPopulation([2.5, 9.6], "Hz"),
    rate_sigma: perPopulation([0.3, 0.5], "Hz"),
    recorded: vector("recorded", Uint16Array.of(0, 1, 40), "1"),
    ...{ mean_V: perCell([-56, -56.5, -55], "mV"), sd_V: perCell([3, 3.2, 2.8], "mV") },
    ...{ mean_Ge: perCell([12, 11.5, 12.5], "nS"), sd_Ge: perCell([2, 2.2, 2.1], "nS") },
    ...{ mean_Gi: perCell([24, 22, 25], "nS"), sd_Gi: perCell([8, 7, 7.5], "nS") },
    ...{ mu_V: perPopulation([-55, -55], "mV"), sigma_V: perPopulation([2.2, 2.2], "mV") },
    ...{ mu_Ge: perPopulation([13, 13], "nS"), sigma_Ge: perPopulation([2.5, 2.5], "nS") },
    ...{ mu_Gi: perPopulation([24, 24], "nS"), sigma_Gi: perPopulation([7.8, 7.8], "nS") },
  };
  return {
    artifact: { arrays: arrays as unknown as Comparison["artifact"]["arrays"], values: { start_ms: 500 } },
    params: { ...field, mean_field: { drive: 4 } },
  };
}

export function waveformComparisonOf(): OutputOf<typeof waveformComparison> {
  const bins = 40;
  const over = (of: (swell: number, k: number) => number, units: string) =>
    vector(
      "time",
      numbers(bins, (k) => of(bump((5 * k - 120) / 25), k)),
      units,
    );
  const perPopulation = (of: (swell: number, k: number) => number, units: string) =>
    matrix(
      ["population", "time"],
      [2, bins],
      numbers(2 * bins, (k) => of(bump((5 * (k % bins) - 120) / 25), k)),
      units,
    );
  return {
    artifact: {
      arrays: {
        time: vector(
          "time",
          numbers(bins, (k) => 2.5 + 5 * k),
          "ms",
        ),
        afferent: over((swell) => 2 * swell, "Hz"),
        rate_exc: over((swell, k) => 2.5 + 8 * swell + noise(k), "Hz"),
        rate_inh: over((swell, k) => 9 + 12 * swell + noise(k), "Hz"),
        nu_exc: over((swell) => 2.5 + 7 * swell, "Hz"),
        nu_inh: over((swell) => 9 + 10 * swell, "Hz"),
        sigma_nu_exc: over(() => 0.4, "Hz"),
        sigma_nu_inh: over(() => 0.8, "Hz"),
        mean_V: perPopulation((swell, k) => -56 + 4 * swell + noise(k), "mV"),
        mean_Ge: perPopulation((swell, k) => 12 + 20 * swell + noise(k), "nS"),
        mean_Gi: perPopulation((swell, k) => 24 + 30 * swell + 3 * noise(k), "nS"),
        mu_V: perPopulation((swell) => -55 + 4 * swell, "mV"),
        sigma_V: perPopulation(() => 2.2, "mV"),
        mu_Ge: perPopulation((swell) => 13 + 18 * swell, "nS"),
        sigma_Ge: perPopulation(() => 2.5, "nS"),
        mu_Gi: perPopulation((swell) => 24 + 25 * swell, "nS"),
        sigma_Gi: perPopulation(() => 8, "nS"),
      },
      values: { peak_network_exc: 10.5, peak_mean_field_exc: 9.5 },
    },
    params: { ...field, mean_field: { drive: 4 } },
  };
}
