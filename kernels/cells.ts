import { room, use, wasm } from "./wasm.ts";

/** An AdEx cell in SI units (S, F, s, V, A); symbols as in the paper. */
export interface Cell {
  readonly Gl: number;
  readonly Cm: number;
  readonly Trefrac: number;
  readonly El: number;
  readonly Vthre: number;
  readonly Vreset: number;
  readonly delta_v: number;
  readonly a: number;
  readonly b: number;
  readonly tauw: number;
}

/** Quantal conductances (S), decay times (s) and reversal potentials (V) of both kinds of synapse. */
export interface Synapses {
  readonly Qe: number;
  readonly Qi: number;
  readonly Te: number;
  readonly Ti: number;
  readonly Ee: number;
  readonly Ei: number;
}

export interface Trace {
  /** Membrane potential at i·dt, V. */
  readonly v: Float64Array;
  /** Spike times, s. */
  readonly spikeTimes: Float64Array;
}

/**
 * A cell under an injected current, by forward Euler from rest.
 *
 * @param time of the samples, s; given, because refractoriness compares them and their last bits count
 * @param current at each of them, A
 * @param dt between them, s
 */
export function traceCell(cell: Cell, time: Float64Array, current: Float64Array, dt: number): Trace {
  const n = time.length;
  return use(4 * n * 8 + 1024, () => {
    const times = room.doubles(n);
    const input = room.doubles(n);
    const v = room.doubles(n);
    const spikes = room.doubles(n);
    times.set(time);
    input.set(current);
    const addresses = [times, input, v, spikes].map(({ byteOffset }) => byteOffset) as Four;
    const count = wasm.adexTrace(pack(cell), n, dt, ...addresses);
    return { v: v.slice(), spikeTimes: spikes.slice(0, count) };
  });
}

type Four = [number, number, number, number];

/** The input of a cell: events at total rates `fe` and `fi` (Hz), each making its conductance jump. */
export interface ShotNoise {
  readonly synapses: Synapses;
  readonly fe: number;
  readonly fi: number;
  /** Seeds of the excitatory and the inhibitory event times; equal in the authors' code. */
  readonly seeds: readonly [number, number];
}

/** How often a cell spikes within `n` samples of `dt` seconds of shot noise. */
export function countSpikes(
  cell: Cell,
  { synapses, fe, fi, seeds }: ShotNoise,
  n: number,
  dt: number,
): number {
  return use(1024, () => {
    const packed = room.doubles(6);
    packed.set([synapses.Qe, synapses.Qi, synapses.Te, synapses.Ti, synapses.Ee, synapses.Ei]);
    return wasm.adexSpikes(pack(cell), packed.byteOffset, fe, fi, seeds[0], seeds[1], n, dt);
  });
}

function pack(cell: Cell): number {
  const { Gl, Cm, Trefrac, El, Vthre, Vreset, delta_v, a, b, tauw } = cell;
  const packed = room.doubles(10);
  packed.set([Gl, Cm, Trefrac, El, Vthre, Vreset, delta_v, a, b, tauw]);
  return packed.byteOffset;
}
