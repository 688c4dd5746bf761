import { type Cell, type ShotNoise, ShotNoiseRuns, type Synapses } from "../kernels/index.ts";

/** How often a cell spikes under each input, within `n` samples of `dt` seconds. */
export function countSpikes(
  cell: Cell,
  synapses: Synapses,
  inputs: readonly ShotNoise[],
  n: number,
  dt: number,
): number[] {
  const runs = new ShotNoiseRuns(cell, synapses, inputs, n, dt);
  while (runs.done < 1) runs.advance();
  return runs.spikes;
}
