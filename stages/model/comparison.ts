import { z } from "zod";
import { BadInput } from "../../data/bad-input.ts";
import { argmax, largest } from "../numerics/range.ts";
import { boxSmooth, gaussianSmooth } from "../numerics/smoothing.ts";
import type { Recording } from "../recording.ts";
import { spaceOrigin, timeOrigin, windowed } from "./alignment.ts";
import { interval } from "./units.ts";

/** What the model is divided by where it is not by its own maximum: the notebook's ratio of δV to VSD. */
const fixedFactor = 4 / 58;

/** How a trial is compared with a recording. */
export const comparisonSchema = z.strictObject({
  t_range: interval("ms", "window around the response's peak").default([-50, 200]),
  normalisation: z
    .enum(["own-max", "fixed"])
    .default("own-max")
    .meta({ description: "the model divided by its own maximum, or by the fixed factor 4/58" }),
});
export type Normalisation = z.infer<typeof comparisonSchema>["normalisation"];

/** A ring as it lies under a recording: its units' positions and its length, mm. */
export interface Ring {
  readonly space: Float64Array;
  readonly extent: number;
}

/** What a trial is compared with: a recording where units of the ring are, its peak at (0, 0). */
export interface Target {
  /** The units within the recording, by number. */
  readonly units: readonly number[];
  /** Where these are, mm from the stimulated middle. */
  readonly space: Float64Array;
  /** ms. */
  readonly time: Float64Array;
  /** [space, time], the largest value 1. */
  readonly data: Float64Array;
}

/**
 * Aligns a recording with a ring (model.md, "Recording" and "Residual"): smoothed over 2×2 samples, within the
 * window, for each unit of the ring within its range the nearest recorded position.
 *
 * @param range ms around the response's peak
 * @throws BadInput where there is nothing to compare
 */
export function targetOf(
  { arrays }: Recording,
  { space, extent }: Ring,
  [low, high]: readonly [number, number],
): Target {
  const recorded = arrays.time.data;
  const smooth = boxSmooth(arrays.vsd.data, recorded.length);
  const part = windowed({ space: arrays.space.data, time: recorded, data: smooth }, low, high);
  if (part.time.length < 2) {
    throw new NothingToCompare(
      `the recording has no two samples between ${low} and ${high} ms; widen residual.t_range`,
    );
  }
  const t0 = timeOrigin(part);
  const x0 = spaceOrigin(part, t0);
  const measured = part.space.map((x) => x - x0);
  const middle = extent / 2 + extent / space.length / 2;
  const places = space.map((x) => x - middle);
  const [first, last] = [measured[0]!, measured.at(-1)!];
  const units = [...places.keys()].filter((x) => places[x]! >= first && places[x]! <= last);
  if (units.length === 0) throw new NothingToCompare("no position of the ring lies within the recording");
  const columns = part.time.length;
  const data = new Float64Array(units.length * columns);
  units.forEach((unit, i) => {
    const row = nearest(measured, places[unit]!);
    data.set(part.data.subarray(row * columns, (row + 1) * columns), i * columns);
  });
  return {
    units,
    space: Float64Array.from(units, (unit) => places[unit]!),
    time: part.time.map((t) => t - t0),
    data: divided(data, largest(data)),
  };
}

/** A trial's δV [time, space] on a ring of so many units, at times in ms. */
export interface Response {
  readonly time: Float64Array;
  readonly deltaV: Float64Array;
  readonly pixels: number;
}

/**
 * The trial as the recording would have seen it: [space, time] of the target, 0 where the trial has no sample.
 *
 * @throws BadInput where the trial shows no response
 */
export function modelOf(target: Target, response: Response, normalisation: Normalisation): Float64Array {
  const { time, deltaV, pixels } = response;
  const { units } = target;
  const origin = peakTime(response, units);
  const samples = matchingSamples(
    target.time,
    time.map((t) => t - origin),
  );
  const model = new Float64Array(target.data.length);
  units.forEach((unit, i) => {
    samples.forEach((sample, j) => {
      if (sample !== undefined) model[i * samples.length + j] = deltaV[sample * pixels + unit]!;
    });
  });
  return divided(model, normalisation === "own-max" ? largest(model) : fixedFactor);
}

/** Σ (data − model)². */
export function residualOf({ data }: Target, model: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < data.length; k += 1) {
    const difference = data[k]! - model[k]!;
    sum += difference * difference;
  }
  return sum;
}

/** `timeOrigin` of some units of a trial, without a map of them; ms. */
function peakTime({ time, deltaV, pixels }: Response, units: readonly number[]): number {
  const means = new Float64Array(time.length);
  for (let step = 0; step < time.length; step += 1) {
    let sum = 0;
    for (const unit of units) sum += deltaV[step * pixels + unit]!;
    means[step] = sum / units.length;
  }
  return time[argmax(gaussianSmooth(means, 1).subarray(0, -1))]!;
}

/** As coded: for each recorded time the first simulated sample less than one frame away, up to a frame early. */
function matchingSamples(measured: Float64Array, simulated: Float64Array): (number | undefined)[] {
  const frame = measured[1]! - measured[0]!;
  // Both rise, so what is too early for one time is so for all that follow.
  let sample = 0;
  return Array.from(measured, (t) => {
    while (sample < simulated.length && t - simulated[sample]! >= frame) sample += 1;
    const isNear = sample < simulated.length && Math.abs(simulated[sample]! - t) < frame;
    return isNear ? sample : undefined;
  });
}

function nearest(values: Float64Array, target: number): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) {
    if (Math.abs(values[i]! - target) < Math.abs(values[best]! - target)) best = i;
  }
  return best;
}

function divided(values: Float64Array, scale: number): Float64Array {
  if (!(scale > 0)) throw new NothingToCompare("there is no response above zero");
  return values.map((value) => value / scale);
}

class NothingToCompare extends BadInput {
  constructor(why: string) {
    super(`Model and recording cannot be compared: ${why}.`);
  }
}
