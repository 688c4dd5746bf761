import { leastSquares } from "../linear-algebra/least-squares.ts";
import { sumOfSquares } from "../linear-algebra/vectors.ts";

/** Residuals at a point and their derivatives: `jacobian[i][k]` = ∂residual_i/∂x_k. */
export interface Linearisation {
  readonly residuals: Float64Array;
  readonly jacobian: readonly Float64Array[];
}

export interface Minimum {
  readonly x: Float64Array;
  /** Sum of the squared residuals. */
  readonly cost: number;
  readonly iterations: number;
  /** Whether no step could lower the cost, rather than the iterations running out. */
  readonly converged: boolean;
}

/**
 * Minimises a sum of squares (Levenberg 1944, Marquardt 1963; damping after Nielsen 1999, each step solved by QR). It
 * goes on until the predicted gain is lost in rounding, because with a loose stop the result would depend on the
 * start.
 */
export function levenbergMarquardt(
  linearise: (x: Float64Array) => Linearisation,
  start: ArrayLike<number>,
  maxIterations = 2000,
): Minimum {
  let x = Float64Array.from(start);
  let { residuals, jacobian } = linearise(x);
  let cost = sumOfSquares(residuals);
  const scale = new Float64Array(x.length);
  let damping = 1e-3;
  let growth = 2;
  for (let iteration = 0; iteration < maxIterations; iteration++) {
    for (let k = 0; k < x.length; k++) {
      scale[k] = Math.max(scale[k]!, Math.sqrt(jacobian.reduce((sum, row) => sum + row[k]! * row[k]!, 0)));
    }
    const damped = Array.from(scale, (value, k) => {
      const row = new Float64Array(x.length);
      row[k] = Math.sqrt(damping) * (value || 1);
      return row;
    });
    const rhs = [...residuals.map((value) => -value), ...new Float64Array(x.length)];
    const step = leastSquares([...jacobian, ...damped], rhs);
    const predicted = cost - predictedCost(residuals, jacobian, step);
    if (!(predicted > 1e-16 * cost)) return { x, cost, iterations: iteration, converged: true };

    const trial = x.map((value, k) => value + step[k]!);
    const next = linearise(trial);
    const gain = (cost - sumOfSquares(next.residuals)) / predicted;
    if (gain > 0) {
      x = trial;
      ({ residuals, jacobian } = next);
      cost = sumOfSquares(residuals);
      const g = 2 * gain - 1;
      damping *= Math.max(1 / 3, 1 - g * g * g);
      growth = 2;
    } else {
      damping *= growth;
      growth *= 2;
      if (!(damping < 1e20)) return { x, cost, iterations: iteration, converged: true };
    }
  }
  return { x, cost, iterations: maxIterations, converged: false };
}

function predictedCost(
  residuals: Float64Array,
  jacobian: readonly Float64Array[],
  step: Float64Array,
): number {
  return sumOfSquares(
    residuals.map((value, i) => step.reduce((sum, delta, k) => sum + jacobian[i]![k]! * delta, value)),
  );
}
