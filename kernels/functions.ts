import { scratch, wasm, withScratch } from "./wasm.ts";

/** e^x with the same bits on every machine; error below 1 ulp where the result is normal. */
export const exp: (x: number) => number = wasm.exp;

/** Natural logarithm with the same bits on every machine; error below 1 ulp. */
export const log: (x: number) => number = wasm.log;

/** exp(−x²), precise for large x too. */
export const gaussian: (x: number) => number = wasm.gaussian;

/** Complementary error function with the same bits on every machine; error below 8 ulp where normal. */
export const erfc: (x: number) => number = wasm.erfc;

/** Inverse of erfc on (0, 2); ±Infinity at its ends, NaN outside. */
export const erfcinv: (p: number) => number = wasm.erfcinv;

/** Numbers in one call of the kernel, which takes no more. */
const rowLength = 64;

/** Applies a kernel that changes a row in place, two numbers at a time, to any number of them. */
const ofEach =
  (kernel: (row: number, end: number) => void) =>
  (values: Float64Array): Float64Array => {
    const results = new Float64Array(values.length);
    for (let first = 0; first < values.length; first += rowLength) {
      const some = values.subarray(first, first + rowLength);
      withScratch(rowLength * 8, () => {
        const row = scratch.doubles(rowLength);
        row.fill(0).set(some);
        kernel(row.byteOffset, row.byteOffset + row.byteLength);
        results.set(row.subarray(0, some.length), first);
      });
    }
    return results;
  };

/** `exp`, `log` and `erfc` of every number, to the same bits: what the kernels compute with, two at a time. */
export const exps = ofEach(wasm.expEach);
export const logs = ofEach(wasm.logEach);
export const erfcs = ofEach(wasm.erfcEach);
