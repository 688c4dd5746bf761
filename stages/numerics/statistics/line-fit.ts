import studentQuantile from "@stdlib/stats-base-dists-t-quantile";
import { dot } from "../linear-algebra/vectors.ts";
import { mean } from "./range.ts";

/** A straight line y = intercept + slope · x, and how well its slope is known. */
export interface LineFit {
  readonly slope: number;
  readonly intercept: number;
  /** The number of independent points that carry as much information as these with correlated errors. */
  readonly effective: number;
  /** Confidence interval of the slope; infinite if there are too few points. */
  readonly low: number;
  readonly high: number;
}

/** The fewest independent points for an interval: four for the line, one for its error. */
export const fewestEffective = 5;

/**
 * Least squares, with a confidence interval for points whose errors are correlated along x: that of ordinary
 * regression with an effective number of points in place of their number, both in the residual variance and in the
 * degrees of freedom (as Santer et al., J Geophys Res 105:7337, 2000, do it for trends).
 *
 * The effective number is n/τ with τ = 1 + 2 Σ ρ_k, the residuals' autocorrelations from point to point up to the
 * first that is not positive. The line follows the errors, so residuals are less correlated; two degrees of freedom
 * besides the line's own two make up for that (docs/propagation.md has the coverage). Neighbours of equal y, which
 * only rounding makes, count as one point at most.
 *
 * @param x rising, at least two
 * @param confidence probability with which the interval covers the true slope
 */
export function fitLine(x: Float64Array, y: Float64Array, confidence: number): LineFit {
  const [centre, level] = [mean(x), mean(y)];
  const [fromCentre, fromLevel] = [x.map((value) => value - centre), y.map((value) => value - level)];
  const spread = dot(fromCentre, fromCentre);
  const slope = dot(fromCentre, fromLevel) / spread;
  const residuals = fromLevel.map((value, i) => value - slope * fromCentre[i]!);
  const squares = dot(residuals, residuals);
  // On an exact line residuals are rounding.
  const isExact = squares <= 1e-24 * dot(fromLevel, fromLevel);
  const time = isExact ? 1 : correlationTime(residuals, squares);
  const effective = Math.min(x.length / time, changes(y) + 1);
  const freedom = effective - 4;
  const half =
    effective >= fewestEffective
      ? studentQuantile((1 + confidence) / 2, freedom) * Math.sqrt(squares / freedom / spread)
      : Number.POSITIVE_INFINITY;
  return { slope, intercept: level - slope * centre, effective, low: slope - half, high: slope + half };
}

/** 1 + 2 Σ ρ_k: the number of neighbours that count as one independent point. */
function correlationTime(residuals: Float64Array, squares: number): number {
  let time = 1;
  for (let lag = 1; lag < residuals.length; lag++) {
    const products = dot(residuals.subarray(lag), residuals.subarray(0, -lag));
    if (!(products > 0)) break;
    time += (2 * products) / squares;
  }
  return time;
}

function changes(values: Float64Array): number {
  let count = 0;
  for (let i = 1; i < values.length; i++) if (values[i] !== values[i - 1]) count += 1;
  return count;
}
