/** n numbers from `low` to `high`, both included, as `numpy.linspace` gives them. */
export function linspace(low: number, high: number, n: number): Float64Array {
  const step = n > 1 ? (high - low) / (n - 1) : 0;
  return Float64Array.from({ length: n }, (_, i) => (n > 1 && i === n - 1 ? high : i * step + low));
}

/** Mean, summed in order. */
export function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return sum / values.length;
}

/** Population standard deviation. */
export function standardDeviation(values: ArrayLike<number>): number {
  const centre = mean(values);
  return Math.sqrt(mean(Float64Array.from(values, (value) => (value - centre) * (value - centre))));
}

/** Index of the first largest value. */
export function argmax(values: ArrayLike<number>): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i]! > values[best]!) best = i;
  return best;
}

/** Largest value; −Infinity for none. */
export const largest = (values: ArrayLike<number>): number =>
  values.length > 0 ? values[argmax(values)]! : Number.NEGATIVE_INFINITY;
