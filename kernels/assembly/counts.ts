// How many events happen: binomial and Poisson numbers by inversion that starts at the mode, where few steps lead
// to either side.

import { exp, log } from "./math";

/** ln k!: the sum where k is small, else Stirling's series, whose next term is below 1e-13. */
function logFactorial(k: f64): f64 {
  if (k < 16.0) {
    let product = 1.0;
    for (let j = 2.0; j <= k; j++) product *= j;
    return log(product);
  }
  const inverse = 1.0 / k,
    square = inverse * inverse;
  const last = 0.0007936507936507937 - square * 0.0005952380952380953;
  const series = inverse * (0.08333333333333333 - square * (0.002777777777777778 - square * last));
  return (k + 0.5) * log(k) - k + 0.9189385332046728 + series; // ½ ln 2π
}

/** How much likelier k + 1 events are than k. Poisson's law is that of infinitely many trials. */
function rise(k: f64, trials: f64, odds: f64): f64 {
  return (trials === Infinity ? odds : (trials - k) * odds) / (k + 1.0);
}

/** The number at which u is used up, going from the mode to both sides in turn. */
function fromMode(mode: f64, atMode: f64, u: f64, trials: f64, odds: f64): i32 {
  let low = mode,
    high = mode,
    below = atMode,
    above = atMode;
  u -= atMode;
  while (u >= 0.0 && below + above >= 1e-20) {
    below = low > 0.0 ? below / rise(low - 1.0, trials, odds) : 0.0;
    low--;
    u -= below;
    if (u < 0.0) return <i32>low;
    above *= rise(high, trials, odds);
    high++;
    u -= above;
    if (u < 0.0) return <i32>high;
  }
  return <i32>mode; // what is left of u is rounding
}

/**
 * The number of successes in n independent trials.
 *
 * @param p probability of each; above 1 counts as 1
 * @param u uniform in [0, 1)
 */
export function binomial(n: i32, p: f64, u: f64): i32 {
  if (!(p > 0.0)) return 0;
  if (p >= 1.0) return n;
  const trials = <f64>n;
  const mode = floor((trials + 1.0) * p);
  const ways = logFactorial(trials) - logFactorial(mode) - logFactorial(trials - mode);
  const atMode = exp(ways + mode * log(p) + (trials - mode) * log(1.0 - p));
  return fromMode(mode, atMode, u, trials, p / (1.0 - p));
}

/**
 * The number of events of a Poisson process.
 *
 * @param mean expected number
 * @param u uniform in [0, 1)
 */
export function poisson(mean: f64, u: f64): i32 {
  if (!(mean > 0.0)) return 0;
  const mode = floor(mean);
  return fromMode(mode, exp(mode * log(mean) - mean - logFactorial(mode)), u, Infinity, mean);
}
