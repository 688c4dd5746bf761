import { wasm } from "./wasm.ts";

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
