import { eigen } from "./eigen.ts";
import type { Sampled, Samples } from "./sampled.ts";

export interface DescentOptions {
  /** Widths of the first differences that stand for derivatives, one a coordinate. */
  readonly widths: Float64Array;
  /** It ends where it gains less than this share of the value. */
  readonly tolerance: number;
  /** Most evaluations. */
  readonly evaluations: number;
}

/** Where a descent ended, and whether for want of anything lower rather than of evaluations. */
export interface Descent {
  readonly point: Sampled;
  readonly settled: boolean;
  /** Half the Gauss-Newton Hessian near there; undefined where there were evaluations for none. */
  readonly curvature: readonly Float64Array[] | undefined;
}

/** Dampings that are tried for one linearisation, each ten times the one before. */
const DAMPINGS = 6;
/** Widths of differences. */
const [finest, widest] = [1e-6, 0.1];

/**
 * Goes down to a minimum of a sum of squares in the unit box from a point in it, by Gauss-Newton steps with Marquardt's
 * damping. Derivatives are differences, in each coordinate as wide as it would have to be off to explain what the last
 * step gained: so a function that is a staircase in its details is followed as the slope that it looks like from afar,
 * a coordinate that hardly counts is looked at far away, and near the bottom differences become derivatives. A
 * coordinate on a side of the box stays there as long as the function falls outwards.
 */
export async function descend(
  samples: Samples,
  start: Sampled,
  { widths: first, tolerance, evaluations }: DescentOptions,
): Promise<Descent> {
  const enough = samples.left - Math.min(evaluations, samples.left);
  let point = start;
  let widths = first;
  let damping = 1e-3;
  let curvature: Float64Array[] | undefined;
  for (;;) {
    // A linearisation and at least one step along it.
    if (samples.left - enough < start.x.length + 1) return { point, settled: false, curvature };
    const linear = await linearised(samples, point, widths);
    curvature = linear.curvature;
    const move = stepsFrom(point, linear.slope, curvature);
    let found = linear.lowest;
    let stepped = false;
    for (let tries = 0; tries < DAMPINGS && !stepped && samples.left > enough; tries += 1) {
      const trial = await samples.at(move(damping));
      stepped = trial.value < found.value;
      if (stepped) found = trial;
      damping = stepped ? Math.max(damping / 10, 1e-9) : damping * 10;
    }
    // Where nothing is gained closer differences are due, a third as wide.
    const gain = stepped ? point.value - found.value : explainedBy(curvature, widths) / 9;
    widths = stepped ? widthsOf(curvature, gain) : widths.map((width) => Math.max(width / 3, finest));
    if (!stepped) damping = Math.min(damping, 1e-2);
    point = found;
    if (gain <= tolerance * point.value || samples.isExact) return { point, settled: true, curvature };
  }
}

/** How far each coordinate has to be off to raise the value by so much, as far as differences may be wide. */
export const widthsOf = (curvature: readonly Float64Array[], rise: number): Float64Array =>
  Float64Array.from(curvature, (row, k) =>
    row[k]! > 0 ? Math.min(Math.max(Math.sqrt(rise / row[k]!), finest), widest) : widest,
  );

/** Most that the value rises by when one coordinate is off by its width. */
const explainedBy = (curvature: readonly Float64Array[], widths: Float64Array): number =>
  curvature.reduce((most, row, k) => Math.max(most, row[k]! * widths[k]! * widths[k]!), 0);

/** Half the gradient, half the Gauss-Newton Hessian, and the lowest of the points that were looked at. */
async function linearised(samples: Samples, point: Sampled, widths: Float64Array) {
  let lowest = point;
  const columns: Float64Array[] = [];
  for (let k = 0; k < point.x.length; k += 1) {
    const inward = point.x[k]! + widths[k]! <= 1 ? widths[k]! : -widths[k]!;
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
    curvature: columns.map((one) => Float64Array.from(columns, (other) => dot(one, other))),
    lowest,
  };
}

const pushesOut = (x: number, slope: number): boolean => (x <= 0 && slope > 0) || (x >= 1 && slope < 0);

/**
 * Where steps x − (H + damping · diag H)⁻¹ g lead to, for the coordinates that are free and count. By its diagonal H is
 * scaled, so that a coordinate is damped by as little as it counts, and divided into its eigenvectors once for all.
 */
function stepsFrom(
  { x }: Sampled,
  slope: Float64Array,
  curvature: readonly Float64Array[],
): (damping: number) => Float64Array {
  const free = [...slope.keys()].filter((k) => curvature[k]![k]! > 0 && !pushesOut(x[k]!, slope[k]!));
  const size = (k: number) => Math.sqrt(curvature[k]![k]!);
  const { values, vectors } = eigen(
    free.map((i) => Float64Array.from(free, (j) => curvature[i]![j]! / size(i) / size(j))),
  );
  const along = values.map((_, m) =>
    free.reduce((sum, k, i) => sum + (vectors[i]![m]! * slope[k]!) / size(k), 0),
  );
  return (damping) => {
    const to = x.slice();
    free.forEach((k, i) => {
      const step = along.reduce((sum, a, m) => sum + (vectors[i]![m]! * a) / (values[m]! + damping), 0);
      to[k] = Math.min(Math.max(x[k]! - step / size(k), 0), 1);
    });
    return to;
  };
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i += 1) sum += a[i]! * b[i]!;
  return sum;
}
