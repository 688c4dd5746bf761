import { z } from "zod";
import { argmax } from "../../numerics/statistics/range.ts";

/** How the time of a crossing is found. */
export const crossingSchema = z.enum(["interpolated", "as-coded"]).meta({
  description: "when a signal crosses its level: between samples by a straight line, or at a sample",
});
export type Crossing = z.infer<typeof crossingSchema>;

/**
 * When a signal first reaches a level; NaN if it never does.
 *
 * As coded that is the first sample at or above it; interpolated it lies on the straight line from the sample
 * before, and a signal that begins above the level has no crossing.
 */
export function firstCrossing(
  time: Float64Array,
  signal: Float64Array,
  level: number,
  crossing: Crossing,
): number {
  const first = signal.findIndex((value) => value >= level);
  if (first < 0) return Number.NaN;
  return crossing === "as-coded" ? time[first]! : between(time, signal, first, level);
}

/**
 * When a noisy signal rises to a fraction of its peak, its first largest sample; NaN if it does not.
 *
 * As coded that is the sample before the peak whose value is nearest to the level, and the first of equally near ones.
 * Interpolated it is where the signal last crosses the level before the peak.
 *
 * @param fraction of the peak
 */
export function riseTo(
  time: Float64Array,
  signal: Float64Array,
  fraction: number,
  crossing: Crossing,
): number {
  const peak = argmax(signal);
  const level = fraction * signal[peak]!;
  if (peak === 0) return Number.NaN;
  if (crossing === "as-coded") {
    const distances = signal.subarray(0, peak).map((value) => -Math.abs(value - level));
    return time[argmax(distances)]!;
  }
  let above = peak;
  while (above > 0 && signal[above - 1]! >= level) above -= 1;
  return between(time, signal, above, level);
}

/** The time on the straight line between a sample at or above the level and the one before it, below it. */
function between(time: Float64Array, signal: Float64Array, above: number, level: number): number {
  if (above === 0) return Number.NaN;
  const [t, before] = [time[above - 1]!, signal[above - 1]!];
  return t + ((level - before) / (signal[above]! - before)) * (time[above]! - t);
}
