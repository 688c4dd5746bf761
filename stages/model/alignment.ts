import { argmax, mean } from "../numerics/range.ts";
import { gaussianSmooth } from "../numerics/smoothing.ts";

/** A map of space × time, row-major, with its axes in mm and ms. */
export interface SpaceTimeMap {
  readonly space: Float64Array;
  readonly time: Float64Array;
  readonly data: Float64Array;
}

/**
 * When the response peaks: where the spatial mean, smoothed over one sample, is largest, the last sample left
 * out; ms.
 */
export function timeOrigin({ space, time, data }: SpaceTimeMap): number {
  const means = time.map((_, j) => mean(space.map((_, i) => data[i * time.length + j]!)));
  return time[argmax(gaussianSmooth(means, 1).slice(0, -1))]!;
}

/**
 * Where the response peaks: where the mean over 100 ms around the time origin, smoothed over four samples, is
 * largest, the last four left out; mm.
 */
export function spaceOrigin({ space, time, data }: SpaceTimeMap, origin: number): number {
  const near = [...time.keys()].filter((j) => time[j]! > origin - 100 && time[j]! < origin + 100);
  const means = space.map((_, i) => mean(near.map((j) => data[i * time.length + j]!)));
  return space[argmax(gaussianSmooth(means, 4).slice(0, -4))]!;
}

/** The part of a map with low < time < high. */
export function windowed({ space, time, data }: SpaceTimeMap, low: number, high: number): SpaceTimeMap {
  const kept = [...time.keys()].filter((j) => time[j]! > low && time[j]! < high);
  return {
    space,
    time: Float64Array.from(kept, (j) => time[j]!),
    data: Float64Array.from(
      { length: space.length * kept.length },
      (_, index) => data[Math.floor(index / kept.length) * time.length + kept[index % kept.length]!]!,
    ),
  };
}
