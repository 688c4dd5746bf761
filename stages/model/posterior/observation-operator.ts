import type { Observation } from "./observation.ts";

/** A trial's δV, as the camera of a recording films it. */
export interface Scene {
  /** ms from sample to sample. */
  readonly dt: number;
  /** mm from unit to unit. */
  readonly pitch: number;
  readonly pixels: number;
  /** [time, space] */
  readonly deltaV: Float64Array;
}

/** Where a trial lies in a recording. */
export interface CameraPosition {
  /** When it begins, ms. */
  readonly start: number;
  /** Where its stimulated middle lies, mm. */
  readonly middle: number;
}

/** Widths of the differences that stand for derivatives, ms and mm: well below the resolution of either axis. */
const [ms, mm] = [2, 0.1];

/**
 * The film of a trial by a recording's camera, [block, frame] in δV. It is interpolated between samples and units, and
 * averaged over each block's rows. Before its first sample a trial is 0; after the last one it keeps that value.
 */
export function observedFilm(
  scene: Scene,
  { rows, time }: Observation,
  { start, middle }: CameraPosition,
): Float64Array {
  const frames = time.length;
  const { pixels, deltaV } = scene;
  const samples = samplesAt(scene, time, start);
  const map = new Float64Array(rows.length * frames);
  rows.forEach((block, b) => {
    const weights = weightsOf(scene, block, middle);
    for (let k = 0; k < pixels; k += 1) {
      const weight = weights[k]!;
      if (weight === 0) continue;
      for (let j = 0, at = b * frames; j < frames; j += 1, at += 1) {
        map[at]! += weight * valueAt(deltaV, pixels, k, samples, j);
      }
    }
  });
  return map;
}

/** Derivatives of the film: per ms that the trial starts later, and per mm that it lies further on. */
export function observedFilmDerivatives(
  scene: Scene,
  observation: Observation,
  { start, middle }: CameraPosition,
): readonly [later: Float64Array, further: Float64Array] {
  const at = (later: number, further: number) =>
    observedFilm(scene, observation, { start: start + later, middle: middle + further });
  return [slope(at(-ms, 0), at(ms, 0), 2 * ms), slope(at(0, -mm), at(0, mm), 2 * mm)];
}

function slope(from: Float64Array, to: Float64Array, distance: number): Float64Array {
  for (let i = 0; i < to.length; i += 1) to[i] = (to[i]! - from[i]!) / distance;
  return to;
}

/** For each frame the sample before it, −1 for none, and the fraction of the way to the next. */
interface Samples {
  readonly before: Int32Array;
  readonly part: Float64Array;
}

function samplesAt({ dt, pixels, deltaV }: Scene, time: Float64Array, start: number): Samples {
  const last = deltaV.length / pixels - 1;
  const before = new Int32Array(time.length);
  const part = new Float64Array(time.length);
  for (let j = 0; j < time.length; j += 1) {
    const step = Math.min((time[j]! - start) / dt, last);
    before[j] = step < 0 ? -1 : Math.min(Math.floor(step), last - 1);
    part[j] = step - before[j]!;
  }
  return { before, part };
}

function valueAt(
  deltaV: Float64Array,
  pixels: number,
  unit: number,
  { before, part }: Samples,
  frame: number,
): number {
  const i = before[frame]!;
  if (i < 0) return 0;
  const u = part[frame]!;
  return (1 - u) * deltaV[i * pixels + unit]! + u * deltaV[(i + 1) * pixels + unit]!;
}

/** The weight of each unit in the mean over a block of rows; the ring closes on itself. */
function weightsOf({ pitch, pixels }: Scene, block: Float64Array, middle: number): Float64Array {
  const centre = Math.trunc(pixels / 2);
  const weights = new Float64Array(pixels);
  for (let i = 0; i < block.length; i += 1) {
    const place = (block[i]! - middle) / pitch + centre;
    const left = Math.floor(place);
    const unit = ((left % pixels) + pixels) % pixels;
    weights[unit]! += (1 - place + left) / block.length;
    weights[unit + 1 === pixels ? 0 : unit + 1]! += (place - left) / block.length;
  }
  return weights;
}
