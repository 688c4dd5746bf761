import { peakOf } from "./alignment.ts";

/** A trial's δV [time, space] on a ring of `pixels` units, at times in ms. */
export interface ResponseWindow {
  readonly time: Float64Array;
  readonly deltaV: Float64Array;
  readonly pixels: number;
}

/** When the mean over some units of a trial peaks (`timeOrigin` without a map of them), ms. */
export const peakTime = (response: ResponseWindow, units: readonly number[]): number =>
  peakOf(response.time, meansOver(response, units));

/** The mean over some units at each time. */
export function meansOver({ time, deltaV, pixels }: ResponseWindow, units: readonly number[]): Float64Array {
  const count = units.length;
  const means = new Float64Array(time.length);
  for (let step = 0; step < time.length; step += 1) {
    const row = step * pixels;
    let sum = 0;
    for (let k = 0; k < count; k += 1) sum += deltaV[row + units[k]!]!;
    means[step] = sum / count;
  }
  return means;
}

/** Stands for a sample that the trial does not have. */
export const none = -1;

/**
 * For each recorded time the first simulated sample less than one frame away, so up to a frame early, as coded.
 *
 * @param measured ms from the recording's peak
 * @param simulated ms
 * @param origin when the trial peaks, ms
 */
export function samplesAt(measured: Float64Array, simulated: Float64Array, origin: number): Int32Array {
  const frame = measured[1]! - measured[0]!;
  const samples = new Int32Array(measured.length);
  // Both rise, so a sample that is too early for one time is too early for all later times.
  let sample = 0;
  for (let j = 0; j < measured.length; j += 1) {
    const t = measured[j]!;
    while (sample < simulated.length && t - (simulated[sample]! - origin) >= frame) sample += 1;
    const isNear = sample < simulated.length && Math.abs(simulated[sample]! - origin - t) < frame;
    samples[j] = isNear ? sample : none;
  }
  return samples;
}
