/** The work that is measured, as it is given to our kernels and, in numbers, to the peers. */
import { coefficients } from "../data/notebook.ts";
import { Population, type RingTrial } from "../kernels/index.ts";
import { cellInSI } from "../stages/model/parameters/cell.ts";
import { cells } from "../stages/model/parameters/cells.ts";
import { synapseCounts, synapsesInSI } from "../stages/model/parameters/network.ts";
import { networks } from "../stages/model/parameters/networks.ts";
import { connectivity, positions } from "../stages/model/ring/ring.ts";
import { doubleGaussian } from "../stages/model/stimulus/stimulus.ts";
import { tfSchema } from "../stages/tf-simulation.ts";

type Fitted = "RS-cell" | "FS-cell";
const network = networks.CONFIG1;
const synapses = synapsesInSI(network);
const { Ke, Ki } = synapseCounts(network);

/** The default table of a cell: 10 × 10 points, 4 seeds, 10 s. */
export const tableOf = (cell: Fitted) => ({ cell: cells[cell], network, tf: tfSchema.parse({}) });

/** For bench/peers/table.c. */
export function tableNumbers(cell: Fitted, repetitions: number): number[] {
  const { tf } = tableOf(cell);
  const { Gl, Cm, Trefrac, El, Vthre, Vreset, delta_v, a, b, tauw } = cellInSI(cells[cell]);
  const { Qe, Qi, Te, Ti, Ee, Ei } = synapses;
  const dt = tf.dt * 1e-3;
  return [
    ...[repetitions, Gl, Cm, Trefrac, El, Vthre, Vreset, delta_v, a, b, tauw, Qe, Qi, Te, Ti, Ee, Ei, Ke, Ki],
    ...[tf.nu_i_points, tf.nu_e_points, tf.nu_e_max, ...tf.nu_i_range, tf.max_rate, tf.seeds],
    ...[Math.trunc(tf.duration / dt), dt],
  ];
}

const population = (cell: Fitted) =>
  new Population({
    cell: cellInSI(cells[cell]),
    synapses,
    ...{ Ke, Ki, X: synapses.Qi },
    P: coefficients.notebook[cell]!,
  });

/** The notebook's ring, 30 pixels, for 1,200 steps of 0.5 ms. */
export function ring(): RingTrial {
  const [exc, inh] = [population("RS-cell"), population("FS-cell")];
  const [pixels, steps, dt, drive] = [30, 1200, 5e-4, 4];
  const start = [2.45719671, 9.64063889] as const;
  const space = positions(pixels, 36, "as-coded");
  const afferent = Float64Array.from({ length: steps * pixels }, (_, k) => {
    const [t, x] = [Math.floor(k / pixels) * dt, space[k % pixels]!];
    return 15 * doubleGaussian(t, 0.15, 0.05, 0.15) * doubleGaussian(x, space[15]!, 1, 1);
  });
  return {
    ...{ exc, inh, pixels, steps, drive, afferent, start },
    rateOfChange: dt / 5e-3,
    fromExc: connectivity(5, 36 / pixels, 300, dt, "as-coded"),
    fromInh: connectivity(1, 36 / pixels, 300, dt, "as-coded"),
    rest: [exc.moments(start[0] + drive, start[1]).mu_V, inh.moments(start[0] + drive, start[1]).mu_V],
    inhibitoryShare: 0,
  };
}

/** For bench/peers/ring.c. */
export function ringNumbers(trial: RingTrial, repetitions: number): number[] {
  const connections = [trial.fromExc, trial.fromInh];
  return [
    ...[repetitions, ...trial.exc.packed, ...trial.inh.packed],
    ...[trial.pixels, trial.steps, trial.rateOfChange, trial.drive],
    ...connections.flatMap(({ weights, delays }) => [(weights.length - 1) / 2, ...weights, ...delays]),
    ...trial.afferent,
    ...[...trial.start, trial.rest[0]],
  ];
}
