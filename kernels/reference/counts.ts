import { exp, log } from "./math.ts";

/** kernels/assembly/counts.ts: the same operations in the same order. */

function logFactorial(k: number): number {
  if (k < 16) {
    let product = 1;
    for (let j = 2; j <= k; j++) product *= j;
    return log(product);
  }
  const square = (1 / k) * (1 / k);
  const last = 0.0007936507936507937 - square * 0.0005952380952380953;
  const series = (1 / k) * (0.08333333333333333 - square * (0.002777777777777778 - square * last));
  return (k + 0.5) * log(k) - k + 0.9189385332046728 + series;
}

/** The number at which `u` is used up, going from the mode to both sides in turn. */
function fromMode(mode: number, atMode: number, u: number, rise: (k: number) => number): number {
  let left = u - atMode;
  let [low, below] = [mode, atMode];
  let [high, above] = [mode, atMode];
  while (left >= 0 && below + above >= 1e-20) {
    below = low > 0 ? below / rise(low - 1) : 0;
    low--;
    left -= below;
    if (left < 0) return low;
    above *= rise(high);
    high++;
    left -= above;
    if (left < 0) return high;
  }
  return mode;
}

export function binomial(n: number, p: number, u: number): number {
  if (!(p > 0)) return 0;
  if (p >= 1) return n;
  const mode = Math.floor((n + 1) * p);
  const ways = logFactorial(n) - logFactorial(mode) - logFactorial(n - mode);
  const atMode = exp(ways + mode * log(p) + (n - mode) * log(1 - p));
  return fromMode(mode, atMode, u, (k) => ((n - k) * (p / (1 - p))) / (k + 1));
}

export function poisson(mean: number, u: number): number {
  if (!(mean > 0)) return 0;
  const mode = Math.floor(mean);
  const atMode = exp(mode * log(mean) - mean - logFactorial(mode));
  return fromMode(mode, atMode, u, (k) => mean / (k + 1));
}
