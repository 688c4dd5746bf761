// A trial of the ring of mean-field units (docs/model.md, "The ring"): forward Euler, with conduction delays.

import { convolve, remember } from "./convolution";
import { all, minus, over, plus, times } from "./lanes";
import { meanVoltages, rates } from "./rates";
import { TILE } from "./rows";

/**
 * Connections of a population in memory are an odd number of weights, and as many i32 of offsets, in pixels, and of
 * delays, in steps.
 *
 * @param exc address of the excitatory population (rate.ts)
 * @param inh address of the inhibitory one
 * @param pixels pixels of the ring
 * @param steps samples in time
 * @param rateOfChange dt/T
 * @param drive Hz
 * @param afferent address of [steps, pixels] Hz
 * @param nuE address for [steps, pixels] Hz; its first row holds the start, as that of nuI does
 * @param deltaV address for [steps, pixels]; its first row is left as it is
 * @param inhibitoryShare of the population potential; 0: the authors' unsigned signal without the afferent
 * @param sums address of room for 4·pixels doubles and 4 more
 *
 * Arrays of an odd number of pixels have room for one double more.
 */
export function ring(
  exc: usize,
  inh: usize,
  pixels: i32,
  steps: i32,
  rateOfChange: f64,
  drive: f64,
  countE: i32,
  offsetsE: usize,
  weightsE: usize,
  delaysE: usize,
  pastE: usize,
  depthE: i32,
  countI: i32,
  offsetsI: usize,
  weightsI: usize,
  delaysI: usize,
  pastI: usize,
  depthI: i32,
  afferent: usize,
  nuE: usize,
  nuI: usize,
  deltaV: usize,
  restE: f64,
  restI: f64,
  inhibitoryShare: f64,
  sums: usize,
): void {
  const row = (<usize>pixels) << 3;
  const padded = (<usize>(pixels + 1) >> 1) << 4;
  const e = sums,
    i = e + padded,
    input = i + padded,
    rate = input + padded;
  const change = all(rateOfChange);
  for (let step = 0; step < steps - 1; step++) {
    const here = <usize>step * row,
      next = here + row;
    remember(pastE, depthE, step, nuE + here, pixels);
    remember(pastI, depthI, step, nuI + here, pixels);
    convolve(e, pastE, depthE, pixels, step, countE, offsetsE, weightsE, delaysE);
    convolve(i, pastI, depthI, pixels, step, countI, offsetsI, weightsI, delaysI);
    let x: usize = 0;
    do {
      const rest = plus(all(drive), v128.load(e + x));
      v128.store(e + x, rest);
      v128.store(input + x, plus(rest, v128.load(afferent + here + x)));
      x += 16;
    } while (x < padded);
    // Rows of an odd length are written one unit too far: where the next row will be, or beyond the array.
    advance(exc, input, i, rate, nuE + here, nuE + next, pixels, change);
    advance(inh, e, i, rate, nuI + here, nuI + next, pixels, change);
    x = 0;
    do {
      const left = v128.load(i + x);
      const signal =
        inhibitoryShare === 0.0
          ? f64x2.abs(depolarisation(exc, v128.load(e + x), left, restE, restE))
          : plus(
              times(
                all(1.0 - inhibitoryShare),
                depolarisation(exc, v128.load(input + x), left, restE, abs(restE)),
              ),
              times(all(inhibitoryShare), depolarisation(inh, v128.load(e + x), left, restI, abs(restI))),
            );
      v128.store(deltaV + next + x, signal);
      x += 16;
    } while (x < padded);
  }
}

/** (μ_V − rest)/unit */
function depolarisation(p: usize, nuE: v128, nuI: v128, rest: f64, unit: f64): v128 {
  return over(minus(meanVoltages(p, nuE, nuI), all(rest)), all(unit));
}

/** One step of a population: next = here + dt/T·(F − here). */
function advance(
  p: usize,
  nuE: usize,
  nuI: usize,
  rate: usize,
  here: usize,
  next: usize,
  pixels: i32,
  change: v128,
): void {
  for (let first = 0; first < pixels; first += TILE) {
    const offset = (<usize>first) << 3;
    rates(p, nuE + offset, nuI + offset, rate, min(pixels - first, TILE));
    let x: usize = 0;
    do {
      const old = v128.load(here + offset + x);
      v128.store(next + offset + x, plus(old, times(change, minus(v128.load(rate + x), old))));
      x += 16;
    } while (x < (<usize>min(pixels - first, TILE)) << 3);
  }
}
