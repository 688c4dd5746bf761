import { cholesky, solve } from "../numerics/cholesky.ts";
import { dot } from "../numerics/descent.ts";

/** Differences near a point, as their derivatives have them, where all coordinates but one are free. */
export interface LinearModel {
  /** The sum of squares that is left of differences when the free coordinates are set to their best. */
  foretold(differences: Float64Array): number;
  /** The step that sets them to their best. */
  step(differences: Float64Array): Float64Array;
  /** How far each goes to make up for one step of the coordinate that is not free, */
  readonly compensation: Float64Array;
  /** and how fast the sum of squares rises as they do. */
  readonly curvature: number;
}

/**
 * @param columns derivatives of the differences by each coordinate
 * @param fixed the coordinate that is not free
 * @param negligible a coordinate that makes no more of the sum of squares than this all along the box stays where it is
 * @returns undefined where nothing can be told from the derivatives
 */
export function linearModel(
  columns: readonly Float64Array[],
  fixed: number,
  negligible: number,
): LinearModel | undefined {
  const free = [...columns.keys()].filter((k) => k !== fixed && dot(columns[k]!, columns[k]!) > 0);
  const lower = cholesky(
    free.map((i) =>
      Float64Array.from(free, (j) => dot(columns[i]!, columns[j]!) + (i === j ? negligible : 0)),
    ),
  );
  if (!lower) return undefined;
  const projected = (differences: Float64Array) => {
    const slope = free.map((k) => dot(columns[k]!, differences));
    const parts = solve(lower, slope);
    const steps = new Float64Array(columns.length);
    free.forEach((k, m) => {
      steps[k] = -parts[m]!;
    });
    return { steps, rest: dot(differences, differences) - dot(parts, Float64Array.from(slope)) };
  };
  const alone = projected(columns[fixed]!);
  return {
    foretold: (differences) => projected(differences).rest,
    step: (differences) => projected(differences).steps,
    compensation: alone.steps,
    curvature: alone.rest,
  };
}
