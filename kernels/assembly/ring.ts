// A trial of the ring of mean-field units (model.md, "Ring"): forward Euler, with conduction delays.

import { at, put } from "./memory";
import { meanVoltage, rate } from "./rate";

/**
 * A connectivity profile in memory is 2·reach + 1 weights, for offsets −reach … reach in pixels; `delays` has
 * as many i32, in steps.
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
 * @param sums address of room for 2·pixels doubles
 */
export function ring(
  exc: usize,
  inh: usize,
  pixels: i32,
  steps: i32,
  rateOfChange: f64,
  drive: f64,
  reachE: i32,
  weightsE: usize,
  delaysE: usize,
  reachI: i32,
  weightsI: usize,
  delaysI: usize,
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
  const sumE = sums,
    sumI = sums + row;
  for (let step = 0; step < steps - 1; step++) {
    convolve(sumE, nuE, pixels, step, reachE, weightsE, delaysE);
    convolve(sumI, nuI, pixels, step, reachI, weightsI, delaysI);
    const here = <usize>step * row,
      next = here + row;
    for (let x = 0; x < pixels; x++) {
      const e = drive + at(sumE, x),
        i = at(sumI, x),
        input = e + at(afferent + here, x);
      const oldE = at(nuE + here, x),
        oldI = at(nuI + here, x);
      put(nuE + next, x, oldE + rateOfChange * (rate(exc, input, i, 0) - oldE));
      put(nuI + next, x, oldI + rateOfChange * (rate(inh, e, i, 0) - oldI));
      const signal =
        inhibitoryShare === 0.0
          ? abs((meanVoltage(exc, e, i) - restE) / restE)
          : (1.0 - inhibitoryShare) * ((meanVoltage(exc, input, i) - restE) / abs(restE)) +
            inhibitoryShare * ((meanVoltage(inh, e, i) - restI) / abs(restI));
      put(deltaV + next, x, signal);
    }
  }
}

/** sums[x] = Σ over k of weights[k] · history[step − delays[k], x + k], each offset a rotated row. */
function convolve(
  sums: usize,
  history: usize,
  pixels: i32,
  step: i32,
  reach: i32,
  weights: usize,
  delays: usize,
): void {
  for (let x = 0; x < pixels; x++) put(sums, x, 0.0);
  for (let k = 0; k <= 2 * reach; k++) {
    const weight = at(weights, k);
    const source = history + ((<usize>max(step - load<i32>(delays + (k << 2)), 0) * pixels) << 3);
    const shift = (((k - reach) % pixels) + pixels) % pixels;
    const wrap = pixels - shift;
    for (let x = 0; x < wrap; x++) put(sums, x, at(sums, x) + weight * at(source, x + shift));
    for (let x = wrap; x < pixels; x++) put(sums, x, at(sums, x) + weight * at(source, x - wrap));
  }
}
