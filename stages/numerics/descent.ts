import { eigen } from "./eigen.ts";
import type { Sampled, Samples } from "./sampled.ts";

export interface DescentOptions {
  /** Steps of the differences that stand for derivatives: the first, and the one after which it ends. */
  readonly steps: readonly [first: number, last: number];
  /** Most evaluations. */
  readonly evaluations: number;
}

/** Where a descent ended, and whether for want of anything lower rather than of evaluations. */
export interface Descent {
  readonly point: Sampled;
  readonly settled: boolean;
}

/** Dampings that are tried for one linearisation, each ten times the one before. */
const DAMPINGS = 6;

/**
 * Goes down to a minimum of a sum of squares in the unit box from a point in it, by Gauss-Newton steps with Levenberg's
 * damping. Derivatives are differences over steps that begin wide and shrink when nothing is gained any more, so a
 * function that is a staircase in its details is followed as the slope that it looks like from afar. A coordinate
 * on a side of the box stays there as long as the function falls outwards.
 */
export async function descend(
  samples: Samples,
  start: Sampled,
  { steps: [first, last], evaluations }: DescentOptions,
): Promise<Descent> {
  const enough = samples.left - Math.min(evaluations, samples.left);
  let point = start;
  let damping = 1e-3;
  for (let step = first; step >= last; ) {
    const before = point.value;
    // A linearisation and at least one step along it.
    if (samples.left - enough < start.x.length + 1) return { point, settled: false };
    const { slope, curvature, lowest } = await linearised(samples, point, step);
    const free = [...slope.keys()].filter((k) => !pushesOut(point.x[k]!, slope[k]!));
    const part = eigen(free.map((i) => Float64Array.from(free, (j) => curvature[i]![j]!)));
    const scale = part.values.reduce((a, b) => Math.max(a, b), Number.MIN_VALUE);
    let found = lowest;
    let stepped = false;
    for (let tries = 0; tries < DAMPINGS && !stepped && samples.left > enough; tries += 1) {
      const move = solved(part.values, part.vectors, free, slope, damping * scale);
      const x = Float64Array.from(point.x, (at, k) => Math.min(Math.max(at + (move.get(k) ?? 0), 0), 1));
      const trial = await samples.at(x);
      stepped = trial.value < found.value;
      if (stepped) found = trial;
      damping = stepped ? Math.max(damping / 10, 1e-9) : damping * 10;
    }
    point = found;
    // From steps that gain next to nothing, or only by chance, closer differences are due.
    if (!stepped || !(point.value < 0.99 * before)) {
      step /= 3;
      damping = Math.min(damping, 1e-2);
    }
    if (point.value === 0) break;
  }
  return { point, settled: true };
}

/** Half the gradient, half the Gauss-Newton Hessian, and the lowest of the points that were looked at. */
async function linearised(samples: Samples, point: Sampled, step: number) {
  let lowest = point;
  const columns: Float64Array[] = [];
  for (let k = 0; k < point.x.length; k += 1) {
    const inward = point.x[k]! + step <= 1 ? step : -step;
    const x = point.x.slice();
    x[k]! += inward;
    const beside = await samples.at(x);
    if (beside.value < lowest.value) lowest = beside;
    // Nothing is known of a direction in which the function is no number.
    const known = Number.isFinite(beside.value);
    columns.push(
      beside.differences.map((value, i) => (known ? (value - point.differences[i]!) / inward : 0)),
    );
  }
  return {
    slope: Float64Array.from(columns, (column) => dot(column, point.differences)),
    curvature: columns.map((one) => columns.map((other) => dot(one, other))),
    lowest,
  };
}

const pushesOut = (x: number, slope: number): boolean => (x <= 0 && slope > 0) || (x >= 1 && slope < 0);

/** −(H + damping)⁻¹ g for the coordinates that are free, H by its eigenvalues and eigenvectors. */
function solved(
  values: Float64Array,
  vectors: readonly Float64Array[],
  free: readonly number[],
  slope: Float64Array,
  damping: number,
): Map<number, number> {
  const along = values.map(
    (value, m) => free.reduce((sum, k, i) => sum + vectors[i]![m]! * slope[k]!, 0) / (value + damping),
  );
  return new Map(free.map((k, i) => [k, -dot(vectors[i]!, along)]));
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i += 1) sum += a[i]! * b[i]!;
  return sum;
}
