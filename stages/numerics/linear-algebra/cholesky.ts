import { log } from "../../../kernels/index.ts";

/** The lower triangle L of a positive definite matrix L·Lᵀ; undefined if it is not positive definite. */
export function cholesky(matrix: readonly ArrayLike<number>[]): Float64Array[] | undefined {
  const n = matrix.length;
  const lower = Array.from({ length: n }, () => new Float64Array(n));
  for (let i = 0; i < n; i += 1) {
    for (let j = 0; j <= i; j += 1) {
      let sum = matrix[i]![j]!;
      for (let k = 0; k < j; k += 1) sum -= lower[i]![k]! * lower[j]![k]!;
      if (j < i) lower[i]![j] = sum / lower[j]![j]!;
      else if (sum > 0) lower[i]![i] = Math.sqrt(sum);
      else return undefined;
    }
  }
  return lower;
}

/** L⁻¹ · b. */
export function forward(lower: readonly Float64Array[], b: ArrayLike<number>): Float64Array {
  const x = new Float64Array(lower.length);
  for (let i = 0; i < x.length; i += 1) {
    let sum = b[i]!;
    for (let k = 0; k < i; k += 1) sum -= lower[i]![k]! * x[k]!;
    x[i] = sum / lower[i]![i]!;
  }
  return x;
}

/** (L·Lᵀ)⁻¹ · b. */
export function solve(lower: readonly Float64Array[], b: ArrayLike<number>): Float64Array {
  const x = forward(lower, b);
  for (let i = x.length - 1; i >= 0; i -= 1) {
    for (let k = i + 1; k < x.length; k += 1) x[i]! -= lower[k]![i]! * x[k]!;
    x[i]! /= lower[i]![i]!;
  }
  return x;
}

/** (L·Lᵀ)⁻¹, which is symmetric. */
export const inverse = (lower: readonly Float64Array[]): Float64Array[] =>
  lower.map((_, i) =>
    solve(
      lower,
      Float64Array.from(lower, (_, j) => (i === j ? 1 : 0)),
    ),
  );

/** log det L, half of that of L·Lᵀ. */
export const logDeterminant = (lower: readonly Float64Array[]): number =>
  lower.reduce((sum, row, i) => sum + log(row[i]!), 0);
