import { cholesky, solve } from "../numerics/cholesky.ts";
import { dot, gram, sumOfSquares } from "../numerics/vectors.ts";

/** Differences near a point, as their derivatives have them, where all coordinates but one are free: ridge regression. */
export interface LinearModel {
  /** What is minimised, at its minimum over the free coordinates. */
  foretold(differences: Float64Array): number;
  /** The step that leads there. */
  step(differences: Float64Array): Float64Array;
  /** How far each free coordinate goes to make up for the one that is not, as that goes by 1. */
  readonly compensation: Float64Array;
  /** How fast what is minimised then rises, a square of that one's. */
  readonly curvature: number;
}

/**
 * @param columns derivatives of the differences by each coordinate
 * @param fixed the coordinate that is not free
 * @param ridge what a step across the whole box costs: coordinates that gain less than that hardly move
 * @returns undefined where nothing can be told from the derivatives
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
