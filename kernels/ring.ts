import type { Population } from "./population.ts";
import { scratch, wasm, withScratch } from "./wasm.ts";

/**
 * What each unit receives, an odd number of connections: from how many pixels away, how much, and how late in steps.
 */
export interface Connections {
  readonly offsets: Int32Array;
  readonly weights: Float64Array;
  readonly delays: Int32Array;
}

export interface RingTrial {
  readonly exc: Population;
  readonly inh: Population;
  readonly pixels: number;
  readonly steps: number;
  /** Time step over the time constant of the mean field, dt/T. */
  readonly rateOfChange: number;
  /** External drive of both populations, Hz. */
  readonly drive: number;
  /** From excitatory and from inhibitory units. */
  readonly fromExc: Connections;
  readonly fromInh: Connections;
  /** Afferent input of the excitatory population, Hz, [steps, pixels]. */
  readonly afferent: Float64Array;
  /** Homogeneous start, Hz. */
  readonly start: readonly [number, number];
  /** Mean potential of both populations at the start, V. */
  readonly rest: readonly [number, number];
  /** Share of the inhibitory population in δV; 0 for the authors' unsigned signal without the afferent. */
  readonly inhibitoryShare: number;
}

/** All [steps, pixels]: rates in Hz, and the relative depolarisation δV. */
export interface RingTrialResult {
  readonly nuE: Float64Array;
  readonly nuI: Float64Array;
  readonly deltaV: Float64Array;
}

/** Runs a ring of mean-field units by forward Euler (docs/model.md, "The ring"). */
export const simulateRing = (trial: RingTrial): RingTrialResult =>
  run(trial, ({ nuE, nuI, deltaV }) => ({ nuE: nuE.slice(), nuI: nuI.slice(), deltaV: deltaV.slice() }));

/** δV alone of `simulateRing`: where there are many trials, most of what they cost outside the kernel is copies. */
export const depolarisationOfRing = (trial: RingTrial): Float64Array =>
  run(trial, ({ deltaV }) => deltaV.slice());

/** Runs a trial; `take` copies what is needed out of the kernels' memory. */
function run<T>(trial: RingTrial, take: (result: RingTrialResult) => T): T {
  const { pixels, steps, fromExc, fromInh } = trial;
  const size = steps * pixels;
  const past = pastLength(fromExc, trial) + pastLength(fromInh, trial);
  const connections = (fromExc.weights.length + fromInh.weights.length) * 16;
  return withScratch((4 * size + past + 4 * pixels) * 8 + connections + 4096, () => {
    const [exc, inh] = [trial.exc.place(), trial.inh.place()];
    // Vectors of two overshoot rows of an odd length by one.
    const [afferent, nuE, nuI, deltaV] = [0, 0, 0, 0].map(() => scratch.doubles(size + 1)) as Four;
    const sums = scratch.doubles(4 * pixels + 4);
    afferent.set(trial.afferent);
    nuE.fill(trial.start[0], 0, pixels);
    nuI.fill(trial.start[1], 0, pixels);
    deltaV.fill(0, 0, pixels);
    wasm.ring(
      exc,
      inh,
      pixels,
      steps,
      trial.rateOfChange,
      trial.drive,
      ...placed(fromExc, trial),
      ...placed(fromInh, trial),
      afferent.byteOffset,
      nuE.byteOffset,
      nuI.byteOffset,
      deltaV.byteOffset,
      ...trial.rest,
      trial.inhibitoryShare,
      sums.byteOffset,
    );
    const [ofExc, ofInh, signal] = [nuE, nuI, deltaV].map((values) => values.subarray(0, size)) as Three;
    return take({ nuE: ofExc, nuI: ofInh, deltaV: signal });
  });
}

type Three = [Float64Array, Float64Array, Float64Array];
type Four = [Float64Array, Float64Array, Float64Array, Float64Array];

/** Rows of the past that arrive at one step, the longest delay's and the step's own included. */
const depthOf = ({ delays }: Connections, { steps }: RingTrial): number =>
  Math.min(
    delays.reduce((a, b) => Math.max(a, b)),
    steps - 1,
  ) + 1;

/** Doubles that they take: each row twice over, and two more (kernels/assembly/convolution.ts). */
const pastLength = (connections: Connections, trial: RingTrial): number =>
  depthOf(connections, trial) * (2 * trial.pixels + 2);

function placed(connections: Connections, trial: RingTrial): number[] {
  const { length } = connections.weights;
  if (length % 2 === 0) throw new RangeError(`connections must be an odd number, but are ${length}`);
  const [offsets, delays] = [scratch.integers(length), scratch.integers(length)];
  const weights = scratch.doubles(length);
  offsets.set(connections.offsets);
  weights.set(connections.weights);
  delays.set(connections.delays);
  const past = scratch.doubles(pastLength(connections, trial));
  return [
    length,
    ...[offsets, weights, delays, past].map(({ byteOffset }) => byteOffset),
    depthOf(connections, trial),
  ];
}
