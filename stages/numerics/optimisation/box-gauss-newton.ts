import { cholesky, solve } from "../linear-algebra/cholesky.ts";
import { dot, gram, sumOfSquares } from "../linear-algebra/vectors.ts";

/** A point, its differences, and the sum of their squares; infinite if that is not a number. */
export interface Point {
  readonly x: Float64Array;
  readonly differences: Float64Array;
  readonly value: number;
}

/** Sides of a box. */
export interface Box {
  readonly low: Float64Array;
  readonly high: Float64Array;
}

export interface DescentOptions {
  readonly box: Box;
  /** The descent ends when a step gains less than this share of the value. */
  readonly tolerance: number;
  /** Most evaluations. */
  readonly evaluations: number;
  /** Width of the differences that stand for derivatives. */
  readonly width: number;
}

/** Where a descent ended, and whether it settled rather than running out of evaluations. */
export interface Descent {
  readonly point: Point;
  readonly settled: boolean;
}

/** A mean square below this counts as zero, and there is nothing to gain. */
const negligible = 1e-20;

export const isZero = ({ value, differences }: Point): boolean => value < negligible * differences.length;

/** Dampings tried for one linearisation, each ten times the one before. */
const DAMPINGS = 6;

export function pointAt(x: Float64Array, differences: Float64Array): Point {
  const sum = sumOfSquares(differences);
  return { x, differences, value: Number.isNaN(sum) ? Number.POSITIVE_INFINITY : sum };
}

/**
 * Descends from a point of a box to a minimum of a sum of squares, by Gauss-Newton steps with Marquardt's damping.
 * Derivatives are differences. After a step that gained about as much as predicted they are corrected by its outcome
 * (Broyden 1965) instead of computed again. A coordinate on a side of the box stays there while the function falls
 * outwards.
 */
export async function boxGaussNewton(
  differencesAt: (x: Float64Array) => Promise<Float64Array>,
  start: Point,
  { box, tolerance, evaluations, width }: DescentOptions,
): Promise<Descent> {
  let left = evaluations;
  const evaluated = async (x: Float64Array): Promise<Point | undefined> => {
    if (left <= 0) return undefined;
    left -= 1;
    return pointAt(x, await differencesAt(x));
  };
  let point = start;
  let damping = 1e-3;
  let columns: Float64Array[] | undefined;
  for (;;) {
    if (isZero(point)) return { point, settled: true };
    if (!Number.isFinite(point.value)) return { point, settled: false };
    const isFresh = !columns;
    if (!columns) {
      // A linearisation and at least one step along it.
      if (left < start.x.length + 1) return { point, settled: false };
      columns = await derivatives(evaluated, point, box, width);
    }
    const linear = columns;
    const step = stepsFrom(point, linear, box);
    let next: Point | undefined;
    for (let tries = isFresh ? DAMPINGS : 1; tries > 0 && !next; tries -= 1) {
      const { to, foretold } = step(damping);
      // Held by the box, or flat.
      if (!(foretold > 0)) break;
      const trial = await evaluated(to);
      if (!trial) break;
      if (trial.value < point.value) {
        next = trial;
        damping = Math.max(damping / 10, 1e-9);
        const isTrue = point.value - trial.value > 0.25 * foretold;
        columns = isTrue ? corrected(linear, point, trial) : undefined;
      } else {
        damping *= 10;
      }
    }
    const isLittle = !next || point.value - next.value <= tolerance * point.value;
    point = next ?? point;
    if (isLittle && isFresh) return { point, settled: left > 0 };
    if (isLittle) {
      columns = undefined;
      damping = Math.min(damping, 1e-2);
    }
  }
}

/** Derivatives of the differences along each coordinate; 0 if they are unknown, or the box has no room. */
async function derivatives(
  evaluated: (x: Float64Array) => Promise<Point | undefined>,
  point: Point,
  { low, high }: Box,
  width: number,
): Promise<Float64Array[]> {
  const columns: Float64Array[] = [];
  for (const [k, at] of point.x.entries()) {
    let column = new Float64Array(point.differences.length);
    for (const step of [width, -width]) {
      const x = point.x.slice();
      x[k] = Math.min(Math.max(at + step, low[k]!), high[k]!);
      const moved = x[k]! - at;
      // A side of the box may leave less room, but rounding should not count as a step.
      if (Math.abs(moved) < width / 1e3) continue;
      const beside = await evaluated(x);
      if (!beside || !Number.isFinite(beside.value)) continue;
      column = beside.differences.map((value, i) => (value - point.differences[i]!) / moved);
      break;
    }
    columns.push(column);
  }
  return columns;
}

/** Derivatives changed so that they explain a step, and left as they are across it (Broyden). */
function corrected(columns: readonly Float64Array[], from: Point, to: Point): Float64Array[] {
  const step = to.x.map((value, k) => value - from.x[k]!);
  const length = sumOfSquares(step);
  const unexplained = to.differences.map((value, i) =>
    columns.reduce((rest, column, k) => rest - column[i]! * step[k]!, value - from.differences[i]!),
  );
  return columns.map((column, k) => column.map((value, i) => value + (unexplained[i]! * step[k]!) / length));
}

/**
 * Where the step x − (H + damping · diag H)⁻¹ g leads over the free coordinates, and by how much the value should fall
 * there.
 */
function stepsFrom(
  { x, differences }: Point,
  columns: readonly Float64Array[],
  box: Box,
): (damping: number) => { to: Float64Array; foretold: number } {
  const slope = columns.map((column) => dot(column, differences));
  const pushesOut = (k: number) =>
    (x[k]! <= box.low[k]! && slope[k]! > 0) || (x[k]! >= box.high[k]! && slope[k]! < 0);
  const free = [...slope.keys()].filter((k) => sumOfSquares(columns[k]!) > 0 && !pushesOut(k));
  const curvature = gram(free.map((k) => columns[k]!));
  return (damping) => {
    const damped = curvature.map((row, i) =>
      row.map((value, j) => (i === j ? value * (1 + damping) : value)),
    );
    const lower = cholesky(damped);
    const freely = x.slice();
    if (lower) {
      const steps = solve(
        lower,
        free.map((k) => slope[k]!),
      );
      free.forEach((k, i) => {
        freely[k]! -= steps[i]!;
      });
    }
    const to = inside(freely, box);
    const moved = free.map((k) => to[k]! - x[k]!);
    const foretold = -free.reduce(
      (sum, k, i) =>
        sum +
        moved[i]! * (2 * slope[k]! + curvature[i]!.reduce((all, value, j) => all + value * moved[j]!, 0)),
      0,
    );
    return { to, foretold };
  };
}

/** The nearest point of a box. */
export const inside = (x: Float64Array, { low, high }: Box): Float64Array =>
  x.map((value, k) => Math.min(Math.max(value, low[k]!), high[k]!));

export const lowestFirst = (points: readonly Point[]): Point[] =>
  [...points].sort((a, b) => (a.value === b.value ? 0 : a.value - b.value));
