import { exp } from "../../../kernels/index.ts";

/** Gaussian smoothing with reflecting edges (…b a | a b…), the kernel cut at 4 SD: SciPy's `gaussian_filter1d`. */
export function gaussianSmooth(values: Float64Array, sd: number): Float64Array {
  const radius = Math.trunc(4 * sd + 0.5);
  const weights = gaussianWeights(radius, sd);
  const n = values.length;
  const smooth = new Float64Array(n);
  for (let centre = 0; centre < n; centre += 1) {
    const inside = centre >= radius && centre + radius < n;
    let smoothed = 0;
    for (let k = 0, at = centre - radius; k < weights.length; k += 1, at += 1) {
      smoothed += weights[k]! * values[inside ? at : folded(at, n)]!;
    }
    smooth[centre] = smoothed;
  }
  return smooth;
}

/** A Gaussian at −radius … radius; its sum is 1. */
function gaussianWeights(radius: number, sd: number): Float64Array {
  const weights = Float64Array.from({ length: 2 * radius + 1 }, (_, i) => {
    const distance = i - radius;
    return exp((-0.5 * distance * distance) / (sd * sd));
  });
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
}

/** Where a place beyond the edges comes to lie when n places are reflected at both. */
function folded(place: number, n: number): number {
  const period = 2 * n;
  const within = ((place % period) + period) % period;
  return within < n ? within : period - 1 - within;
}

/**
 * Mean over 2×2 boxes of a row-major matrix, zeros outside: element (i, j) is the mean over i−1, i and j−1, j.
 */
export function boxSmooth(values: Float64Array, columns: number): Float64Array {
  const smooth = new Float64Array(values.length);
  for (let row = 0; row < values.length; row += columns) {
    for (let column = 0; column < columns; column += 1) {
      const at = row + column;
      const up = at - columns;
      const above = up >= 0 ? values[up]! : 0;
      const left = column > 0 ? values[at - 1]! + (up >= 0 ? values[up - 1]! : 0) : 0;
      smooth[at] = (values[at]! + above + left) / 4;
    }
  }
  return smooth;
}
