import { argmax, mean } from "../../numerics/statistics/range.ts";
import { gaussianSmooth } from "../../numerics/statistics/smoothing.ts";

/** A map of space × time, row-major, with its axes in mm and ms. */
export interface SpaceTimeMap {
  readonly space: Float64Array;
  readonly time: Float64Array;
  readonly data: Float64Array;
}

/**
 * When the response peaks, ms: where the spatial mean, smoothed over one sample, is largest. The last sample is left
 * out.
 */
export function timeOrigin({ space, time, data }: SpaceTimeMap): number {
  const means = new Float64Array(time.length);
  for (let j = 0; j < time.length; j += 1) {
    let sum = 0;
    for (let i = 0; i < space.length; i += 1) sum += data[i * time.length + j]!;
    means[j] = sum / space.length;
  }
  return peakOf(time, means);
}

/** `timeOrigin` of a response whose spatial mean is known. */
export const peakOf = (time: Float64Array, means: Float64Array): number =>
  time[argmax(gaussianSmooth(means, 1).subarray(0, -1))]!;

/** The peak between samples: the vertex of the parabola through the largest mean and its neighbours. */
export function peakBetween(time: Float64Array, means: Float64Array): number {
  const smooth = gaussianSmooth(means, 1);
  const top = argmax(smooth.subarray(0, -1));
  if (top === 0) return time[0]!;
  const [before, at, after] = [smooth[top - 1]!, smooth[top]!, smooth[top + 1]!];
  const bend = 2 * at - before - after;
  const shift = bend > 0 ? Math.min(Math.max((after - before) / (2 * bend), -0.5), 0.5) : 0;
  return time[top]! + shift * (time[top]! - time[top - 1]!);
}

/**
 * Where the response peaks, mm: where the mean over 100 ms before and after the time origin, smoothed over four
 * samples, is largest. The last four samples are left out.
 */
export function spaceOrigin({ space, time, data }: SpaceTimeMap, origin: number): number {
  const near = [...time.keys()].filter((j) => time[j]! > origin - 100 && time[j]! < origin + 100);
  const means = space.map((_, i) => mean(near.map((j) => data[i * time.length + j]!)));
  return space[argmax(gaussianSmooth(means, 4).subarray(0, -4))]!;
}

/** The part of a map with low < time < high. */
export function windowed({ space, time, data }: SpaceTimeMap, low: number, high: number): SpaceTimeMap {
  const kept = [...time.keys()].filter((j) => time[j]! > low && time[j]! < high);
  const part = new Float64Array(space.length * kept.length);
  for (let i = 0; i < space.length; i += 1) {
    for (let j = 0; j < kept.length; j += 1) {
      part[i * kept.length + j] = data[i * time.length + kept[j]!]!;
    }
  }
  return { space, time: Float64Array.from(kept, (j) => time[j]!), data: part };
}
