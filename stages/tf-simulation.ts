import { z } from "zod";
import { runsAtOnce, type ShotNoise, ShotNoiseRuns } from "../kernels/index.ts";
import { BadInput } from "../pipeline/errors.ts";
import type { Artifact, Stage } from "../pipeline/index.ts";
import { type Doubles, matrix, vector } from "./labelled-arrays.ts";
import { cellInSI, cellSchema } from "./model/parameters/cell.ts";
import { networkSchema, synapseCounts, synapsesInSI } from "./model/parameters/network.ts";
import { count, interval, positive } from "./model/parameters/units.ts";
import { nextRuns, type Run, TableRow } from "./model/transfer-function/table-row.ts";
import { linspace, mean, standardDeviation } from "./numerics/statistics/range.ts";

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

/** Simulated output rates of a cell over a table of input rates (docs/model.md, "Transfer function table"). */
export type TransferFunctionTable = Artifact<
  { nu_i: Doubles; nu_e: Doubles; rate_mean: Doubles; rate_sd: Doubles },
  { simulations: number }
>;

const tfSimulation: Stage<Params, Record<never, never>, TransferFunctionTable> = {
  id: "tf-simulation",
  params,
  async run({ params, progress }) {
    const { tf } = params;
    const nuI = linspace(...tf.nu_i_range, tf.nu_i_points);
    const rows = Array.from(nuI, (rate) => new TableRow(rate, tf));
    const simulate = simulation(params);
    const points = tf.nu_i_points * (tf.nu_e_points - 1) * tf.seeds;
    let [simulations, settled] = [0, 0];
    for (let runs = nextRuns(rows, runsAtOnce); runs.length > 0; runs = nextRuns(rows, runsAtOnce)) {
      const outputs = await simulate(runs, () => progress(settled / points));
      for (const [k, run] of runs.entries()) if (run.row.finish(run, outputs[k]!)) settled++;
      simulations += runs.length;
    }

    const table = (of: (row: TableRow) => Iterable<number>) => {
      const data = Float64Array.from(rows.flatMap((row) => [...of(row)]));
      return matrix(["nu_i", "n_e"], [tf.nu_i_points, tf.nu_e_points], data, "Hz");
    };
    return {
      arrays: {
        nu_i: vector("nu_i", nuI, "Hz"),
        nu_e: table((row) => row.rates),
        rate_mean: table((row) => row.outputs.map(mean)),
        rate_sd: table((row) => row.outputs.map(standardDeviation)),
      },
      values: { simulations },
    };
  },
};
export default tfSimulation;

/** Output rates in Hz of several runs side by side. */
function simulation({ cell, network, tf }: Params) {
  const dt = tf.dt * 1e-3;
  const n = Math.trunc(tf.duration / dt);
  if (n < 2 || n > 1e8) throw new WrongLength(n);
  const { Ke, Ki } = synapseCounts(network);
  const [inSI, synapses] = [cellInSI(cell), synapsesInSI(network)];
  const noise = ({ nuE, nuI, seed }: Run): ShotNoise => ({
    fe: Ke * nuE,
    fi: Ki * nuI,
    seeds: [seed, tf.noise === "independent" ? 2 ** 31 + seed : seed],
  });
  return async (runs: readonly Run[], pause: () => Promise<void>): Promise<number[]> => {
    const batch = new ShotNoiseRuns(inSI, synapses, runs.map(noise), n, dt);
    while (batch.done < 1) {
      batch.advance();
      await pause();
    }
    return batch.spikes.map((count) => count / ((n - 1) * dt));
  };
}

class WrongLength extends BadInput {
  constructor(n: number) {
    super(
      `tf.duration and tf.dt make simulations of ${n} steps, but they must be from 2 to 100 million: change either.`,
    );
  }
}
