import { exp } from "../../../kernels/index.ts";
import { largest } from "./range.ts";

/** Weights of sum 1 from their logarithms, −∞ for none. */
export function normalised(logWeights: Float64Array): Float64Array {
  const most = largest(logWeights);
  const weights = logWeights.map((value) => (value === Number.NEGATIVE_INFINITY ? 0 : exp(value - most)));
  const sum = weights.reduce((a, b) => a + b, 0);
  return weights.map((weight) => weight / sum);
}

/** How many equal weights would do as well: 1/Σw² of weights of sum 1 (Kong 1992). */
export const effectiveSize = (weights: Float64Array): number =>
  1 / weights.reduce((sum, weight) => sum + weight * weight, 0);

/**
 * Weighted quantiles: the smallest value up to which at least that share of the weight lies, as NumPy's
 * `quantile(…, weights=…, method="inverted_cdf")`.
 */
export function quantiles(
  values: Float64Array,
  weights: Float64Array,
  levels: readonly number[],
): Float64Array {
  const order = [...values.keys()].filter((i) => weights[i]! > 0).sort((a, b) => values[a]! - values[b]!);
  const total = order.reduce((sum, i) => sum + weights[i]!, 0);
  return Float64Array.from(levels, (level) => {
    let sum = 0;
    for (const i of order) {
      sum += weights[i]!;
      if (sum >= level * total) return values[i]!;
    }
    return values[order.at(-1)!]!;
  });
}

/** Indices of n draws by weight: systematic resampling from the middle of each n-th of the weight. */
export function resampled(weights: Float64Array, n: number): Int32Array {
  const drawn = new Int32Array(n);
  let sum = 0;
  let next = 0;
  for (let i = 0; i < weights.length; i += 1) {
    sum += weights[i]!;
    while (next < n && (next + 0.5) / n <= sum) drawn[next++] = i;
  }
  return drawn.fill(weights.length - 1, next);
}

/** Weighted mean of vectors. */
export function meanOf(points: readonly Float64Array[], weights: Float64Array): Float64Array {
  const mean = new Float64Array(points[0]!.length);
  points.forEach((point, i) => {
    const weight = weights[i]!;
    if (weight === 0) return;
    for (let k = 0; k < mean.length; k += 1) mean[k]! += weight * point[k]!;
  });
  return mean;
}

/** Weighted covariances of two lists of vectors around their means: [of a, of b]. */
export function covarianceOf(
  a: readonly Float64Array[],
  meanA: Float64Array,
  b: readonly Float64Array[],
  meanB: Float64Array,
  weights: Float64Array,
): Float64Array[] {
  const covariance = Array.from(meanA, () => new Float64Array(meanB.length));
  for (let i = 0; i < a.length; i += 1) {
    const weight = weights[i]!;
    if (weight === 0) continue;
    for (let p = 0; p < meanA.length; p += 1) {
      const factor = weight * (a[i]![p]! - meanA[p]!);
      const row = covariance[p]!;
      for (let q = 0; q < meanB.length; q += 1) row[q]! += factor * (b[i]![q]! - meanB[q]!);
    }
  }
  return covariance;
}
