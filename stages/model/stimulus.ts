import { exp } from "../../kernels/index.ts";

/** 1 at t0, falling off as a Gaussian of SD `before` until it and `after` after it; all in one unit. */
export function doubleGaussian(t: number, t0: number, before: number, after: number): number {
  const distance = (t - t0) / (t < t0 ? before : after);
  return exp(-0.5 * distance * distance);
}
