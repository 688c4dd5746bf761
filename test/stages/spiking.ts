import { cells } from "../../stages/model/parameters/cells.ts";
import { networks } from "../../stages/model/parameters/networks.ts";
import { spikingSchema } from "../../stages/model/spiking/spiking.ts";
import type { SpikingRun } from "../../stages/model/spiking/spiking-run.ts";
import network from "../../stages/network.ts";
import { idle } from "./context.ts";

/** The notebook's network. */
export const simulated = {
  cells: { exc: cells["RS-cell"], inh: cells["FS-cell"] },
  network: networks.CONFIG1,
  mean_field: { drive: 4 },
};

/** Its stationary run; what is given of `spiking` changes the default. */
export const stationary = (spiking: object): Promise<SpikingRun> =>
  network.run({ ...idle, params: { ...simulated, spiking: spikingSchema.parse(spiking) }, inputs: {} });

export const mean = (values: ArrayLike<number>): number =>
  Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;

/** Sample variance. */
export function variance(values: readonly number[]): number {
  const centre = mean(values);
  return values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (values.length - 1);
}

/** Means of 5 ms bins from a time in ms on. */
export function bins(rates: Float64Array, from = 0): number[] {
  const found: number[] = [];
  for (let i = from * 10; i + 50 <= rates.length; i += 50) found.push(mean(rates.subarray(i, i + 50)));
  return found;
}
