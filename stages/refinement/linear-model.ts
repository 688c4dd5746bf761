import { cholesky, solve } from "../numerics/linear-algebra/cholesky.ts";
import { dot, gram, sumOfSquares } from "../numerics/linear-algebra/vectors.ts";

/** Linear model of the differences near a point, with all coordinates but one free: ridge regression. */
export interface LinearModel {
  /** The predicted minimum over the free coordinates. */
  foretold(differences: Float64Array): number;
  /** The step that leads there. */
  step(differences: Float64Array): Float64Array;
  /** Change of each free coordinate that makes up for a change of the fixed one by 1. */
  readonly compensation: Float64Array;
  /** How fast the minimum then rises, per square of the fixed coordinate's change. */
  readonly curvature: number;
}

/**
 * @param columns derivatives of the differences by each coordinate
 * @param fixed the coordinate that is not free
 * @param ridge cost of a step across the whole box: coordinates that gain less hardly move
 * @returns undefined if the derivatives determine nothing
 */
export function linearModel(
  columns: readonly Float64Array[],
  fixed: number,
  ridge: number,
): LinearModel | undefined {
  const free = [...columns.keys()].filter((k) => k !== fixed && sumOfSquares(columns[k]!) > 0);
  const curvature = gram(free.map((k) => columns[k]!));
  for (const [i, row] of curvature.entries()) row[i]! += ridge;
  const lower = cholesky(curvature);
  if (!lower) return undefined;
  const projected = (differences: Float64Array) => {
    const slope = free.map((k) => dot(columns[k]!, differences));
    const parts = solve(lower, slope);
    const steps = new Float64Array(columns.length);
    free.forEach((k, m) => {
      steps[k] = -parts[m]!;
    });
    return { steps, rest: sumOfSquares(differences) - dot(parts, Float64Array.from(slope)) };
  };
  const alone = projected(columns[fixed]!);
  return {
    foretold: (differences) => projected(differences).rest,
    step: (differences) => projected(differences).steps,
    compensation: alone.steps,
    curvature: alone.rest,
  };
}
