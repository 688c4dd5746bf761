import { exp, type Profile } from "../../kernels/index.ts";
import { linspace } from "../numerics/range.ts";
import type { Reading } from "./reading.ts";

/**
 * Positions of the units, mm. As coded they run from 0 to the ring's length inclusive, though the ring closes
 * on itself.
 */
export const positions = (pixels: number, extent: number, reading: Reading): Float64Array =>
  reading === "as-coded"
    ? linspace(0, extent, pixels)
    : Float64Array.from({ length: pixels }, (_, i) => (i * extent) / pixels);

/**
 * How far connections reach, in pixels. As coded it is divided by the pixel twice: about 2.4 SD at the default,
 * where 3 SD were meant.
 */
export const reachOf = (length: number, pixel: number, reading: Reading): number =>
  Math.trunc(reading === "as-coded" ? (3 * (length / pixel)) / pixel : 3 * (length / pixel));

/**
 * Gaussian connectivity with conduction delays.
 *
 * @param length SD of the profile, mm
 * @param pixel mm per pixel
 * @param velocity conduction velocity, mm/s
 * @param dt s
 */
export function connectivity(
  length: number,
  pixel: number,
  velocity: number,
  dt: number,
  reading: Reading,
): Profile {
  const sd = length / pixel;
  const reach = reachOf(length, pixel, reading);
  const offsets = Float64Array.from({ length: 2 * reach + 1 }, (_, i) => i - reach);
  const width = sd + 1e-12;
  const weights = offsets.map((k) => exp((-k * k) / (2 * width * width)) / (Math.sqrt(2 * Math.PI) * width));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return {
    reach,
    weights: reading === "as-coded" ? weights : weights.map((weight) => weight / sum),
    // A delay longer than any run is as good as the longest number of steps.
    delays: Int32Array.from(offsets, (k) =>
      Math.min(Math.trunc(Math.abs(k) / (velocity / pixel) / dt), 2_147_483_647),
    ),
  };
}

/**
 * Between which velocities all delays of a profile are the same numbers of steps, mm/s: what depends on the velocity
 * through delays alone does not change there. Infinite where no delay limits it.
 *
 * @param pixel mm per pixel
 * @param dt s
 */
export function sameDelays({ reach, delays }: Profile, pixel: number, dt: number): [number, number] {
  let [low, high] = [0, Number.POSITIVE_INFINITY];
  for (let k = 1; k <= reach; k += 1) {
    const steps = delays[reach + k]!;
    low = Math.max(low, (k * pixel) / ((steps + 1) * dt));
    if (steps > 0) high = Math.min(high, (k * pixel) / (steps * dt));
  }
  return [low, high];
}
