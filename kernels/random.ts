import { wasm } from "./wasm.ts";

/**
 * The n first uniform numbers in [0, 1), 53 bits each, of the 32-bit Mersenne Twister seeded by a plain
 * integer: what `numpy.random.seed(seed); numpy.random.random(n)` gives.
 */
export function mersenneTwister(seed: number, n: number): Float64Array {
  const generator = wasm.generator(0);
  wasm.seed(generator, seed);
  return Float64Array.from({ length: n }, () => wasm.uniform(generator));
}

/** The number of successes in n trials of probability p at the quantile u, which is in [0, 1). */
export const binomial: (n: number, p: number, u: number) => number = wasm.binomial;

/** The number of Poisson events at the quantile u. */
export const poisson: (mean: number, u: number) => number = wasm.poisson;
