import { z } from "zod";
import { BadInput } from "../../../pipeline/errors.ts";
import { largest, mean } from "../../numerics/statistics/range.ts";
import { boxSmooth } from "../../numerics/statistics/smoothing.ts";
import type { Recording } from "../../recording.ts";
import { interval } from "../parameters/units.ts";
import { spaceOrigin, timeOrigin, windowed } from "./alignment.ts";
import { none, peakTime, type ResponseWindow, samplesAt } from "./response.ts";

/** The notebook's ratio of δV to VSD, by which the model is divided if not by its own maximum. */
const fixedFactor = 4 / 58;

/** How a trial is compared with a recording. */
export const comparisonSchema = z.strictObject({
  t_range: interval("ms", "part of the recording that is compared, on its own clock").default([-50, 200]),
  normalisation: z
    .enum(["own-max", "fixed"])
    .default("own-max")
    .meta({ description: "the model divided by its own maximum, or by the fixed factor 4/58" }),
});
export type Comparison = z.infer<typeof comparisonSchema>;
export type Normalisation = Comparison["normalisation"];

/** Positions of a ring's units and its length, mm. */
export interface Ring {
  readonly space: Float64Array;
  readonly extent: number;
}

/** A recording at the units of the ring, with its peak at (0, 0): what a trial is compared with. */
export interface Target {
  /** The units within the recording, by number. */
  readonly units: readonly number[];
  /** Of the peak in the recording, ms and mm. */
  readonly origin: { readonly time: number; readonly space: number };
  /** Positions of these units, mm from the stimulated middle. */
  readonly space: Float64Array;
  /** ms. */
  readonly time: Float64Array;
  /** [space, time], the largest value 1. */
  readonly data: Float64Array;
}

/**
 * Aligns a recording with a ring (docs/model.md, "Residual"). The recording is smoothed over 2×2 samples and cut to the
 * window. Each unit of the ring within its range gets the nearest recorded row.
 *
 * @param range ms, on the recording's own clock
 * @param path what sets the range, for error messages
 * @throws BadInput if there is nothing to compare
 */
export function targetOf(
  { arrays }: Recording,
  { space, extent }: Ring,
  [low, high]: readonly [number, number],
  path = "residual.t_range",
): Target {
  const recorded = arrays.time.data;
  const smooth = boxSmooth(arrays.vsd.data, recorded.length);
  const part = windowed({ space: arrays.space.data, time: recorded, data: smooth }, low, high);
  if (part.time.length < 2) {
    throw new BadInput(
      `The recording has ${part.time.length === 0 ? "no sample" : "only one sample"} within ${path}, ` +
        `${low} to ${high} ms: it was recorded from ${recorded[0]} to ${recorded.at(-1)} ms; widen ${path}.`,
    );
  }
  const t0 = timeOrigin(part);
  const x0 = spaceOrigin(part, t0);
  const measured = part.space.map((x) => x - x0);
  const middle = extent / 2 + extent / space.length / 2;
  const places = space.map((x) => x - middle);
  const [first, last] = [measured[0]!, measured.at(-1)!];
  const units = [...places.keys()].filter((x) => places[x]! >= first && places[x]! <= last);
  if (units.length === 0) {
    throw new BadInput(
      `No unit of the ring lies within the recording, ${first} to ${last} mm from its peak: raise ring.pixels.`,
    );
  }
  const columns = part.time.length;
  const data = new Float64Array(units.length * columns);
  units.forEach((unit, i) => {
    const row = nearest(measured, places[unit]!);
    data.set(part.data.subarray(row * columns, (row + 1) * columns), i * columns);
  });
  const peak = largest(data);
  if (!(peak > 0)) {
    throw new BadInput(`The recording shows no response above zero within ${path}, ${low} to ${high} ms.`);
  }
  return {
    units,
    origin: { time: t0, space: x0 },
    space: Float64Array.from(units, (unit) => places[unit]!),
    time: part.time.map((t) => t - t0),
    data: divided(data, peak),
  };
}

/**
 * The trial as the recording would have seen it: [space, time] of the target, 0 where the trial has no sample.
 *
 * @param origin when the trial peaks, ms
 * @throws BadInput if the trial shows no response
 */
export function modelOf(
  target: Target,
  response: ResponseWindow,
  normalisation: Normalisation,
  origin: number = peakTime(response, target.units),
): Float64Array {
  const { deltaV, pixels } = response;
  const { units } = target;
  const samples = samplesAt(target.time, response.time, origin);
  const model = new Float64Array(target.data.length);
  units.forEach((unit, i) => {
    samples.forEach((sample, j) => {
      if (sample !== none) model[i * samples.length + j] = deltaV[sample * pixels + unit]!;
    });
  });
  return divided(
    model,
    scaleOf(normalisation, () => largest(model)),
  );
}

/**
 * `modelOf` without jumps (docs/model.md, "Refinement"). Compared times lie between samples, and are as early as the
 * samples of `modelOf` are on average. The trial fades out over a frame at its end.
 *
 * @param peak when the trial peaks, ms: between samples, too
 * @param end when it ends, ms
 * @throws BadInput if the trial shows no response
 */
export function relaxedModelOf(
  target: Target,
  response: ResponseWindow,
  normalisation: Normalisation,
  peak: number,
  end: number,
): Float64Array {
  const { time, deltaV, pixels } = response;
  const { units } = target;
  const columns = target.time.length;
  const [step, frame] = [time[1]! - time[0]!, target.time[1]! - target.time[0]!];
  const last = time.length - 1;
  const whole = time[Math.min(Math.max(Math.round((peak - time[0]!) / step), 0), last)]!;
  const late = mean(
    [...samplesAt(target.time, time, whole)].flatMap((sample, j) =>
      sample === none ? [] : [time[sample]! - whole - target.time[j]!],
    ),
  );
  const model = new Float64Array(target.data.length);
  for (let j = 0; j < columns; j += 1) {
    const at = peak + target.time[j]! + late;
    const part = Math.min((end - step - at) / frame + 0.5, 1);
    if (!(at >= time[0]! && part > 0)) continue;
    const place = Math.min((at - time[0]!) / step, last);
    const sample = Math.min(Math.floor(place), last - 1);
    const share = place - sample;
    units.forEach((unit, i) => {
      const k = sample * pixels + unit;
      model[i * columns + j] = part * ((1 - share) * deltaV[k]! + share * deltaV[k + pixels]!);
    });
  }
  return divided(
    model,
    scaleOf(normalisation, () => largest(model)),
  );
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

function nearest(values: Float64Array, target: number): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) {
    if (Math.abs(values[i]! - target) < Math.abs(values[best]! - target)) best = i;
  }
  return best;
}

/**
 * What a model is divided by.
 *
 * @throws BadInput if that is the largest value, and it is not above zero
 */
export function scaleOf(normalisation: Normalisation, largest: () => number): number {
  if (normalisation === "fixed") return fixedFactor;
  const scale = largest();
  if (scale > 0) return scale;
  throw new BadInput(
    "The trial shows no response above zero to be normalised by: raise ring.amplitude, or set the normalisation to fixed.",
  );
}

const divided = (values: Float64Array, scale: number): Float64Array => values.map((value) => value / scale);
