import { exp, exps } from "../../../kernels/index.ts";

/** 1 at t0, falling off as a Gaussian of SD `before` until it and `after` after it; all in one unit. */
export const doubleGaussian = (t: number, t0: number, before: number, after: number): number =>
  exp(exponent(t, t0, before, after));

/** `doubleGaussian` of many at once, to the same bits. */
export function doubleGaussians(
  times: Float64Array,
  t0: number,
  before: number,
  after: number,
): Float64Array {
  const exponents = new Float64Array(times.length);
  for (let i = 0; i < times.length; i += 1) exponents[i] = exponent(times[i]!, t0, before, after);
  return exps(exponents);
}

function exponent(t: number, t0: number, before: number, after: number): number {
  const distance = (t - t0) / (t < t0 ? before : after);
  return -0.5 * distance * distance;
}
