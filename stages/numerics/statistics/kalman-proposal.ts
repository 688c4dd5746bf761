import { cholesky, inverse, solve } from "../linear-algebra/cholesky.ts";
import { type Student, student } from "./multivariate-t.ts";
import { covarianceOf, meanOf } from "./weights.ts";

/** The share 1/trust of the plane's squared error counts as noise: part of the error may lie along the plane. */
const trust = 20;

/**
 * The posterior if differences were linear in the parameters: a plane through weighted points is fitted to each
 * difference, and the prior is standard normal. What the plane leaves unexplained counts as noise, so steps are short
 * where the model is curved, and long where it is not.
 *
 * @param differences of each point, undefined where there are none
 * @param variance of a difference that is due to noise
 * @returns undefined if points do not span a plane
 */
export function kalmanProposal(
  points: readonly Float64Array[],
  differences: readonly (Float64Array | undefined)[],
  weights: Float64Array,
  variance: number,
): Student | undefined {
  // Points without weight would only cost time.
  const used = [...points.keys()].filter((i) => weights[i]! > 1e-6 && differences[i]);
  const z = used.map((i) => points[i]!);
  const r = used.map((i) => differences[i]!);
  const sum = used.reduce((total, i) => total + weights[i]!, 0);
  const w = Float64Array.from(used, (i) => weights[i]! / sum);
  if (used.length === 0) return undefined;
  const [zMean, rMean] = [meanOf(z, w), meanOf(r, w)];
  const spread = covarianceOf(z, zMean, z, zMean, w);
  const lower = cholesky(spread.map((row, i) => row.map((value, j) => value + (i === j ? 1e-9 : 0))));
  if (!lower) return undefined;
  const slopes = planeOf(inverse(lower), covarianceOf(z, zMean, r, rMean, w));
  const noise = variance + unexplained(z, zMean, r, rMean, w, slopes) / trust;
  const precision = slopes.map((a, i) =>
    Float64Array.from(slopes, (b, j) => dot(a, b) / noise + (i === j ? 1 : 0)),
  );
  const root = cholesky(precision);
  if (!root) return undefined;
  const step = solve(
    root,
    slopes.map((slope, k) => -dot(slope, rMean) / noise - zMean[k]!),
  );
  return student(
    zMean.map((value, k) => value + step[k]!),
    inverse(root),
  );
}

/** How each difference changes with each parameter: [parameter, difference]. */
const planeOf = (inverseSpread: readonly Float64Array[], together: readonly Float64Array[]): Float64Array[] =>
  inverseSpread.map((row) => {
    const slope = new Float64Array(together[0]!.length);
    row.forEach((factor, k) => {
      for (let t = 0; t < slope.length; t += 1) slope[t]! += factor * together[k]![t]!;
    });
    return slope;
  });

/** Mean over points of the squared distance between their differences and the plane. */
function unexplained(
  z: readonly Float64Array[],
  zMean: Float64Array,
  r: readonly Float64Array[],
  rMean: Float64Array,
  weights: Float64Array,
  slopes: readonly Float64Array[],
): number {
  let mean = 0;
  r.forEach((differences, i) => {
    const rest = differences.map((value, t) => value - rMean[t]!);
    slopes.forEach((slope, k) => {
      const distance = z[i]![k]! - zMean[k]!;
      for (let t = 0; t < rest.length; t += 1) rest[t]! -= distance * slope[t]!;
    });
    mean += weights[i]! * dot(rest, rest);
  });
  return mean;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i += 1) sum += a[i]! * b[i]!;
  return sum;
}
