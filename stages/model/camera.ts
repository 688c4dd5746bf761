import type { Observation } from "./observation.ts";

/** A trial's δV, in the form that a camera films it. */
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
export interface Place {
  /** When it begins, ms. */
  readonly start: number;
  /** Where its stimulated middle lies, mm. */
  readonly middle: number;
}

/** What a camera sees, [block, frame] in δV, and how that changes with the place. */
export interface View {
  readonly seen: Float64Array;
  /** Per ms that the trial starts later. */
  readonly later: Float64Array;
  /** Per mm that its middle lies further on. */
  readonly further: Float64Array;
}

/** Over which distances differences stand for derivatives, ms and mm: well below what either axis resolves. */
const [ms, mm] = [2, 0.1];

/**
 * What a recording's camera sees of a trial: interpolated between samples and between units, averaged over each
 * block's rows. Before its first sample a trial shows nothing; after its last one it stays as it was.
 */
export function viewOf(scene: Scene, { rows, time }: Observation, { start, middle }: Place): View {
  const frames = time.length;
  const [now, early, late] = [0, ms, -ms].map((shift) => samplesAt(scene, time, start - shift)) as Three;
  const view = {
    seen: new Float64Array(rows.length * frames),
    later: new Float64Array(rows.length * frames),
    further: new Float64Array(rows.length * frames),
  };
  const { pixels, deltaV } = scene;
  rows.forEach((block, b) => {
    const here = weightsOf(scene, block, middle);
    const beyond = weightsOf(scene, block, middle + mm);
    const short = weightsOf(scene, block, middle - mm);
    for (let k = 0; k < pixels; k += 1) {
      const [weight, shift] = [here[k]!, (beyond[k]! - short[k]!) / (2 * mm)];
      if (weight === 0 && shift === 0) continue;
      for (let j = 0, at = b * frames; j < frames; j += 1, at += 1) {
        const value = valueAt(deltaV, pixels, k, now, j);
        const slope = valueAt(deltaV, pixels, k, late, j) - valueAt(deltaV, pixels, k, early, j);
        view.seen[at]! += weight * value;
        view.later[at]! += (weight * slope) / (2 * ms);
        view.further[at]! += shift * value;
      }
    }
  });
  return view;
}

/** For each frame the sample before it, −1 where there is none, and how far it is on the way to the next. */
interface Samples {
  readonly before: Int32Array;
  readonly part: Float64Array;
}
type Three = [Samples, Samples, Samples];

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

/** How much of each unit is in the mean over a block of rows; the ring closes on itself. */
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
