/** Arrays this can reorder: typed ones and plain ones. */
interface Sequence<T> {
  slice(): Sequence<T>;
  [index: number]: T;
}

/**
 * The same array with its last index running fastest, from one whose first index runs fastest, as MATLAB,
 * Fortran and some NPY files store it.
 *
 * @param columnMajor as many elements as `shape` has places
 */
export function rowMajor<A extends Sequence<unknown>>(columnMajor: A, shape: readonly number[]): A {
  const result = columnMajor.slice();
  const strides: number[] = [];
  let count = 1;
  for (const length of shape) {
    strides.push(count);
    count *= length;
  }
  const index = shape.map(() => 0);
  for (let to = 0, from = 0; to < count; to++) {
    result[to] = columnMajor[from];
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += strides[axis]!;
      if (++index[axis]! < shape[axis]!) break;
      from -= strides[axis]! * shape[axis]!;
      index[axis] = 0;
    }
  }
  return result as A;
}
