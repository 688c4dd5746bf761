import { type Connections, exp } from "../../../kernels/index.ts";
import { linspace } from "../../numerics/statistics/range.ts";
import type { Reading } from "../parameters/reading.ts";

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
  Math.trunc(cutOff(length, pixel, reading));

/** `reachOf` before its fraction is dropped. */
const cutOff = (length: number, pixel: number, reading: Reading): number =>
  reading === "as-coded" ? (3 * (length / pixel)) / pixel : 3 * (length / pixel);

/** The shortest and the longest SD whose connections have a given reach, mm. */
export function lengthsReaching(reach: number, pixel: number, reading: Reading): [number, number] {
  const ofOne = cutOff(1, pixel, reading);
  return [reach / ofOne, (reach + 1) / ofOne];
}

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
): Connections {
  const sd = length / pixel;
  const reach = reachOf(length, pixel, reading);
  const offsets = Int32Array.from({ length: 2 * reach + 1 }, (_, i) => i - reach);
  const weights = Float64Array.from(offsets, (k) => gaussian(k, sd));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return {
    offsets,
    weights: reading === "as-coded" ? weights : weights.map((weight) => weight / sum),
    // A delay longer than any run may stand at the largest 32-bit number.
    delays: Int32Array.from(offsets, (k) =>
      Math.min(Math.trunc(Math.abs(k) / (velocity / pixel) / dt), 2_147_483_647),
    ),
  };
}

/** A Gaussian of SD `sd` at `k`, both in pixels. */
function gaussian(k: number, sd: number): number {
  const width = sd + 1e-12;
  return exp((-k * k) / (2 * width * width)) / (Math.sqrt(2 * Math.PI) * width);
}

/**
 * `connectivity` without jumps (docs/model.md, "Refinement"): a delay of 7.3 steps becomes one of 7 and one of 8,
 * weighted, and the furthest connections fade in as the reach grows. So the response changes smoothly with length and
 * velocity.
 *
 * @param ends a share of the weights that ends at a whole reach instead of fading
 */
export function relaxedConnectivity(
  length: number,
  pixel: number,
  velocity: number,
  dt: number,
  reading: Reading,
  ends: { readonly reach: number; readonly share: number },
): Connections {
  const end = cutOff(length, pixel, reading) + 0.5;
  const last = Math.max(Math.trunc(end), ends.reach);
  const near: Connection[] = [];
  const late: Connection[] = [];
  for (let offset = -last; offset <= last; offset += 1) {
    const distance = Math.abs(offset);
    const fading = Math.min(Math.max(end - distance, 0), 1);
    const part = ends.share * (distance <= ends.reach ? 1 : 0) + (1 - ends.share) * fading;
    const weight = part * gaussian(offset, length / pixel);
    // Rounding down to whole steps takes half a step on average.
    const delay = Math.min(Math.max((distance * pixel) / velocity / dt - 0.5, 0), 2_147_483_646);
    const steps = Math.trunc(delay);
    near.push({ offset, weight: weight * (steps + 1 - delay), steps });
    if (offset !== 0) late.push({ offset, weight: weight * (delay - steps), steps: steps + 1 });
  }
  const all = [...near, ...late];
  const sum = reading === "as-coded" ? 1 : all.reduce((total, { weight }) => total + weight, 0);
  return {
    offsets: Int32Array.from(all, ({ offset }) => offset),
    weights: Float64Array.from(all, ({ weight }) => weight / sum),
    delays: Int32Array.from(all, ({ steps }) => steps),
  };
}

interface Connection {
  readonly offset: number;
  readonly weight: number;
  readonly steps: number;
}

/**
 * Between which velocities, around the one they were made with, all delays of connections are the same numbers of
 * steps, mm/s: what depends on the velocity through delays alone does not change there. Infinite where no delay limits
 * it.
 *
 * @param pixel mm per pixel
 * @param dt s
 */
export function sameDelays(
  { offsets, delays }: Connections,
  velocity: number,
  pixel: number,
  dt: number,
): [number, number] {
  let [low, high] = [0, Number.POSITIVE_INFINITY];
  offsets.forEach((offset, k) => {
    const [distance, steps] = [Math.abs(offset) * pixel, delays[k]!];
    if (distance > 0) low = Math.max(low, distance / ((steps + 1) * dt));
    if (steps > 0) high = Math.min(high, distance / (steps * dt));
  });
  // A delay of a whole number of steps may have been rounded either way.
  [low, high] = [Math.min(low, velocity), Math.max(high, velocity)];
  return [low, high];
}
