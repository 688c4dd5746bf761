import { exp, log } from "../../../kernels/index.ts";
import { eigen } from "../../numerics/linear-algebra/eigen.ts";

/**
 * The noise of a map [block, frame]: independent noise and a field that is correlated in space and time,
 * covariance = variance · ((1 − shared) · 1 + shared · exp(−distance/reach) · memory^|frames|).
 */
export interface Noise {
  /** Of one value, in its units squared. */
  readonly variance: number;
  /** The field's share of the variance. */
  readonly shared: number;
  /** Correlation of the field with its next frame. */
  readonly memory: number;
  /** Over how many blocks the field's correlation falls to 1/e. */
  readonly reach: number;
}

/** Correlations that are tried. */
const shares = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99];
const memories = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95];
const reaches = [0.5, 1, 2, 4, 8, 16];

/**
 * The likeliest noise for a baseline of mean 0, among the correlations above. Its variance is the mean square of the
 * whitened baseline.
 *
 * @param baseline [block, frame]
 */
export function noiseOf(baseline: Float64Array, blocks: number): Noise {
  const frames = baseline.length / blocks;
  const inTime = memories.map((memory) => eigen(correlations(frames, memory)));
  let best: (Noise & { readonly likelihood: number }) | undefined;
  for (const reach of reaches) {
    const space = eigen(correlations(blocks, exp(-1 / reach)));
    inTime.forEach((time, k) => {
      const rotated = rotate(baseline, space.vectors, time.vectors);
      for (const shared of shares) {
        const sds = spreads(space.values, time.values, shared);
        const whitened = rotated.map((value, i) => value / sds[i]!);
        const variance = whitened.reduce((sum, value) => sum + value * value, 0) / whitened.length;
        const likelihood = -0.5 * whitened.length * log(variance) - sds.reduce((sum, sd) => sum + log(sd), 0);
        if (!best || likelihood > best.likelihood) {
          best = { variance, shared, memory: memories[k]!, reach, likelihood };
        }
      }
    });
  }
  const { likelihood: _, ...noise } = best!;
  return noise;
}

/**
 * A function that makes a map's noise independent, with the variance `noise.variance`. It rotates the map to the axes
 * of both correlations, in which the sum of field and independent noise is diagonal.
 */
export function whitening(
  { shared, memory, reach }: Noise,
  blocks: number,
  frames: number,
): (map: Float64Array) => Float64Array {
  const space = eigen(correlations(blocks, exp(-1 / reach)));
  const time = eigen(correlations(frames, memory));
  const sds = spreads(space.values, time.values, shared);
  return (map) => {
    const rotated = rotate(map, space.vectors, time.vectors);
    for (let i = 0; i < rotated.length; i += 1) rotated[i]! /= sds[i]!;
    return rotated;
  };
}

/** Correlations that fall by `next` with every step of the distance. */
function correlations(n: number, next: number): Float64Array[] {
  const powers = new Float64Array(n).fill(1);
  for (let k = 1; k < n; k += 1) powers[k] = powers[k - 1]! * next;
  return Array.from({ length: n }, (_, i) =>
    Float64Array.from({ length: n }, (_, j) => powers[Math.abs(i - j)]!),
  );
}

const spreads = (space: Float64Array, time: Float64Array, shared: number): Float64Array => {
  const sds = new Float64Array(space.length * time.length);
  for (let i = 0, at = 0; i < space.length; i += 1) {
    for (let j = 0; j < time.length; j += 1, at += 1) {
      sds[at] = Math.sqrt(1 - shared + shared * space[i]! * time[j]!);
    }
  }
  return sds;
};

/** Vᵀ · map · U. */
function rotate(
  map: Float64Array,
  inSpace: readonly Float64Array[],
  inTime: readonly Float64Array[],
): Float64Array {
  const [blocks, frames] = [inSpace.length, inTime.length];
  const half = new Float64Array(map.length);
  for (let b = 0; b < blocks; b += 1) {
    const from = b * frames;
    for (let i = 0; i < blocks; i += 1) add(half, i * frames, inSpace[b]![i]!, map, from, frames);
  }
  const rotated = new Float64Array(map.length);
  for (let k = 0; k < frames; k += 1) {
    const row = inTime[k]!;
    for (let at = 0; at < map.length; at += frames) add(rotated, at, half[at + k]!, row, 0, frames);
  }
  return rotated;
}

/** sum[at …] += factor · values[from …], over `count` elements. */
function add(
  sum: Float64Array,
  at: number,
  factor: number,
  values: Float64Array,
  from: number,
  count: number,
): void {
  for (let j = 0; j < count; j += 1) sum[at + j]! += factor * values[from + j]!;
}
