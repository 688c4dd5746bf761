// Sums in the order of the elements: stored results depend on it.

export function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i += 1) sum += a[i]! * b[i]!;
  return sum;
}

export const sumOfSquares = (values: Float64Array): number => dot(values, values);

/** Products of all columns with each other. */
export const gram = (columns: readonly Float64Array[]): Float64Array[] =>
  columns.map((a) => Float64Array.from(columns, (b) => dot(a, b)));
