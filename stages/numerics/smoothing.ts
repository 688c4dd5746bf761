import { exp } from "../../kernels/index.ts";

/** Gaussian smoothing with reflecting edges (…b a | a b…), the kernel cut at 4 SD: SciPy's `gaussian_filter1d`. */
export function gaussianSmooth(values: Float64Array, sd: number): Float64Array {
  const radius = Math.trunc(4 * sd + 0.5);
  const kernel = Float64Array.from({ length: 2 * radius + 1 }, (_, i) => {
    const distance = i - radius;
    return exp((-0.5 * distance * distance) / (sd * sd));
  });
  const sum = kernel.reduce((total, weight) => total + weight, 0);
  const n = values.length;
  const period = 2 * n;
  return values.map((_, centre) => {
    let smoothed = 0;
    for (let k = -radius; k <= radius; k++) {
      const folded = (((centre + k) % period) + period) % period;
      smoothed += (kernel[k + radius]! / sum) * values[folded < n ? folded : period - 1 - folded]!;
    }
    return smoothed;
  });
}

/**
 * Mean over 2×2 boxes of a row-major matrix, zeros outside: element (i, j) is the mean over i−1, i and j−1, j.
 */
export function boxSmooth(values: Float64Array, columns: number): Float64Array {
  return values.map((value, index) => {
    const [up, left] = [index - columns, index % columns > 0];
    const above = up >= 0 ? values[up]! : 0;
    return (value + above + (left ? values[index - 1]! + (up >= 0 ? values[up - 1]! : 0) : 0)) / 4;
  });
}
