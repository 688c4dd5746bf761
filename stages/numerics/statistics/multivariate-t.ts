import { log } from "../../../kernels/index.ts";
import { cholesky, forward, logDeterminant } from "../linear-algebra/cholesky.ts";
import { sumOfSquares } from "../linear-algebra/vectors.ts";

/** Degrees of freedom: tails heavy enough for wrong proposals, light enough for useful ones. */
export const freedom = 5;

/** A multivariate t-distribution, to draw from and to weigh what was drawn. */
export interface Student {
  readonly mean: Float64Array;
  logDensity(x: Float64Array): number;
  /** Its value for independent standard normal numbers: one for each dimension, and `freedom` more. */
  draw(normals: Float64Array): Float64Array;
}

/**
 * The t-distribution of a mean and a scale matrix.
 *
 * @returns undefined if the matrix is not positive definite
 */
export function student(mean: Float64Array, scale: readonly Float64Array[]): Student | undefined {
  const d = mean.length;
  const lower = cholesky(scale);
  if (!lower) return undefined;
  const constant =
    logGammaOfHalf(freedom + d) -
    logGammaOfHalf(freedom) -
    0.5 * d * log(freedom * Math.PI) -
    logDeterminant(lower);
  return {
    mean,
    logDensity(x) {
      const y = forward(
        lower,
        x.map((value, i) => value - mean[i]!),
      );
      return constant - 0.5 * (freedom + d) * log(1 + sumOfSquares(y) / freedom);
    },
    draw(normals) {
      const stretch = Math.sqrt(freedom / sumOfSquares(normals.subarray(d, d + freedom)));
      return mean.map((value, i) => {
        let sum = 0;
        for (let k = 0; k <= i; k += 1) sum += lower[i]![k]! * normals[k]!;
        return value + stretch * sum;
      });
    },
  };
}

/** log Γ(n/2), by the recurrence of Γ from Γ(1/2) = √π or Γ(1) = 1. */
function logGammaOfHalf(n: number): number {
  let sum = n % 2 === 1 ? 0.5 * log(Math.PI) : 0;
  for (let x = n % 2 === 1 ? 0.5 : 1; x < n / 2; x += 1) sum += log(x);
  return sum;
}
