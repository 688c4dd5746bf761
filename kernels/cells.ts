import { scratch, wasm, withScratch } from "./wasm.ts";

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
  return withScratch(4 * n * 8 + 1024, () => {
    const times = scratch.doubles(n);
    const input = scratch.doubles(n);
    const v = scratch.doubles(n);
    const spikes = scratch.doubles(n);
    times.set(time);
    input.set(current);
    const addresses = [times, input, v, spikes].map(({ byteOffset }) => byteOffset) as Four;
    const count = wasm.adexTrace(placeCell(cell), n, dt, ...addresses);
    return { v: v.slice(), spikeTimes: spikes.slice(0, count) };
  });
}

type Four = [number, number, number, number];

/** In the order that the kernels expect. */
export function cellValues({ Gl, Cm, Trefrac, El, Vthre, Vreset, delta_v, a, b, tauw }: Cell): number[] {
  return [Gl, Cm, Trefrac, El, Vthre, Vreset, delta_v, a, b, tauw];
}

/** Lays a cell out in the kernels' memory (kernels/assembly/adex.ts). */
export function placeCell(cell: Cell): number {
  const packed = scratch.doubles(10);
  packed.set(cellValues(cell));
  return packed.byteOffset;
}
