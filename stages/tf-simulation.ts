import { z } from "zod";
import { BadInput } from "../data/bad-input.ts";
import { countSpikes } from "../kernels/index.ts";
import type { Artifact, Stage } from "../pipeline/index.ts";
import { along, type Doubles, grid } from "./arrays.ts";
import { cellInSI, cellSchema } from "./model/cell.ts";
import { networkSchema, synapseCounts, synapsesInSI } from "./model/network.ts";
import { count, interval, positive } from "./model/units.ts";
import { linspace, mean, standardDeviation } from "./numerics/range.ts";

export const tfSchema = z.strictObject({
  nu_e_max: positive("Hz", "largest excitatory rate at the start of a row").max(1000).default(30),
  nu_e_points: count(2, 10_000, "excitatory rates in a row").default(10),
  nu_i_range: interval("Hz", "first and last inhibitory rate")
    .refine(([low]) => low >= 0, { error: "must not be negative" })
    .default([0, 20]),
  nu_i_points: count(2, 10_000, "inhibitory rates").default(10),
  max_rate: positive("Hz", "output rate the rows are rescaled to").max(1000).default(30),
  seeds: count(1, 100_000, "simulations per point").default(4),
  duration: positive("s", "length of a simulation").max(10_000).default(10),
  dt: positive("ms", "time step").max(1).default(0.05),
  noise: z
    .enum(["as-coded", "independent"])
    .default("as-coded")
    .meta({ description: "excitatory and inhibitory events from one random sequence, or from two" }),
});

const params = z.strictObject({ cell: cellSchema, network: networkSchema, tf: tfSchema });
type Params = z.infer<typeof params>;

/** Simulated output rates of a cell over a table of input rates (model.md, "Transfer function table"). */
export type TransferFunctionTable = Artifact<
  { nu_i: Doubles; nu_e: Doubles; rate_mean: Doubles; rate_sd: Doubles },
  { simulations: number }
>;

const tfSimulation: Stage<Params, Record<never, never>, TransferFunctionTable> = {
  id: "tf-simulation",
  params,
  async run({ params, progress }) {
    const { tf } = params;
    const [rows, columns] = [tf.nu_i_points, tf.nu_e_points];
    const nuI = linspace(...tf.nu_i_range, rows);
    const ceilings = linspace(0, tf.max_rate, columns);
    const [nuE, rateMean, rateSd] = [0, 0, 0].map(() => new Float64Array(rows * columns)) as Table;
    const outputRate = simulation(params);
    let simulations = 0;

    for (let row = 0; row < rows; row++) {
      // The excitatory rate climbs by equal steps, halved while the output leaps over the row's ceiling.
      const rates = linspace(0, tf.nu_e_max, columns);
      for (let column = 1; column < columns; column++) {
        const outputs = [outputRate(rates[column]!, nuI[row]!, 0)];
        simulations++;
        while (outputs[0]! > ceilings[column - 1]! && rates[column]! > rates[column - 1]!) {
          rates[column] = rates[column - 1]! + (rates[column]! - rates[column - 1]!) / 2;
          outputs[0] = outputRate(rates[column]!, nuI[row]!, 0);
          simulations++;
          await progress((row * columns + column) / (rows * columns));
        }
        for (let seed = 1; seed < tf.seeds; seed++) {
          outputs.push(outputRate(rates[column]!, nuI[row]!, seed));
          simulations++;
          await progress((row * columns + column + seed / tf.seeds) / (rows * columns));
        }
        rateMean[row * columns + column] = mean(outputs);
        rateSd[row * columns + column] = standardDeviation(outputs);
        if (column + 1 < columns) rates[column + 1] = rates[column]! + tf.nu_e_max / columns;
      }
      nuE.set(rates, row * columns);
    }
    const table = (data: Float64Array) => grid(["nu_i", "n_e"], [rows, columns], data, "Hz");
    return {
      arrays: {
        nu_i: along("nu_i", nuI, "Hz"),
        nu_e: table(nuE),
        rate_mean: table(rateMean),
        rate_sd: table(rateSd),
      },
      values: { simulations },
    };
  },
};
export default tfSimulation;

type Table = [Float64Array, Float64Array, Float64Array];

/** One simulation: output rate in Hz at input rates per synapse in Hz. */
function simulation({ cell, network, tf }: Params): (nuE: number, nuI: number, seed: number) => number {
  const dt = tf.dt * 1e-3;
  const n = Math.trunc(tf.duration / dt);
  if (n < 2 || n > 1e8) throw new WrongLength(n);
  const { Ke, Ki } = synapseCounts(network);
  const [inSI, synapses] = [cellInSI(cell), synapsesInSI(network)];
  return (nuE, nuI, seed) => {
    const seeds = [seed, tf.noise === "independent" ? 2 ** 31 + seed : seed] as const;
    const noise = { synapses, fe: Ke * nuE, fi: Ki * nuI, seeds };
    return countSpikes(inSI, noise, n, dt) / ((n - 1) * dt);
  };
}

class WrongLength extends BadInput {
  constructor(n: number) {
    super(
      `tf.duration and tf.dt make simulations of ${n} steps, but they must be from 2 to 100 million: change either.`,
    );
  }
}
