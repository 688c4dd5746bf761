import { mean, standardDeviation } from "../../numerics/statistics/range.ts";
import type { CellParameters } from "../parameters/cell.ts";
import type { SpikingRun } from "./spiking-run.ts";

/** Steps of a bin of 5 ms. */
export const stepsPerBin = (dt: number): number => Math.max(1, Math.trunc(5 / dt + 1e-9));

/** Means over whole bins of `steps` samples, from sample `from` on. */
export function binned(values: Float64Array, from: number, steps: number): Float64Array {
  const bins = Math.max(0, Math.trunc((values.length - from) / steps));
  return Float64Array.from({ length: bins }, (_, bin) =>
    mean(values.subarray(from + bin * steps, from + (bin + 1) * steps)),
  );
}

/** Recorded samples of one cell: potentials (mV) without spikes and refractoriness, and conductances (nS). */
export interface Samples {
  readonly V: readonly number[];
  readonly Ge: readonly number[];
  readonly Gi: readonly number[];
}

/**
 * What a recorded cell showed from step `from` up to step `to`.
 *
 * @param k its row in `recorded`
 */
export function samplesOf(
  { arrays }: SpikingRun,
  k: number,
  { Vreset, Vthre }: CellParameters,
  from: number,
  to: number,
): Samples {
  const n = arrays.time.data.length;
  const row = (name: "V" | "Ge" | "Gi") => Array.from(arrays[name].data.subarray(k * n + from, k * n + to));
  // The reset as it was recorded: in volts, then in millivolts.
  const reset = Vreset * 1e-3 * 1e3;
  return { V: row("V").filter((v) => v !== reset && v < Vthre), Ge: row("Ge"), Gi: row("Gi") };
}

/** Means and SDs of a cell's samples; NaN where there are none. */
export const momentsOf = ({ V, Ge, Gi }: Samples) => ({
  mean_V: mean(V),
  sd_V: standardDeviation(V),
  mean_Ge: mean(Ge),
  sd_Ge: standardDeviation(Ge),
  mean_Gi: mean(Gi),
  sd_Gi: standardDeviation(Gi),
});
export type SampleMoments = ReturnType<typeof momentsOf>;
