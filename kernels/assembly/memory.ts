// Arrays of doubles by address.

export function at(array: usize, index: i32): f64 {
  return load<f64>(array + ((<usize>index) << 3));
}

export function put(array: usize, index: i32, value: f64): void {
  store<f64>(array + ((<usize>index) << 3), value);
}

/** Where the caller may lay out arrays: the first address after the kernels' own data, aligned for vectors. */
export function heapBase(): usize {
  return (__heap_base + 15) & ~15;
}
