// The adaptive exponential integrate-and-fire neuron by forward Euler, in the order of operations of the
// authors' code: two orders give other spikes. Everything in SI units.

import { exp } from "./math";
import { at, put } from "./memory";

// A cell's layout in memory.
export const GL = 0;
export const CM = 1;
export const TREFRAC = 2;
export const EL = 3;
export const VTHRE = 4;
export const VRESET = 5;
export const DELTA_V = 6;
export const A = 7;
export const B = 8;
export const TAUW = 9;

/**
 * A cell under an injected current.
 *
 * @param cell address of the cell
 * @param n samples
 * @param dt s
 * @param time address of the n times of the samples, s
 * @param current address of n currents, A
 * @param v address for n potentials, V
 * @param spikes address for spike times, s; room for n
 * @returns the number of spikes
 */
export function adexTrace(
  cell: usize,
  n: i32,
  dt: f64,
  time: usize,
  current: usize,
  v: usize,
  spikes: usize,
): i32 {
  const gl = at(cell, GL),
    el = at(cell, EL),
    vthre = at(cell, VTHRE),
    deltaV = at(cell, DELTA_V);
  const a = at(cell, A),
    perTauw = dt / at(cell, TAUW),
    perCm = dt / at(cell, CM);
  const threshold = vthre + 5.0 * deltaV;
  let last = -Infinity,
    w = 0.0,
    voltage = el;
  let count = 0;
  put(v, 0, voltage);
  for (let i = 0; i < n - 1; i++) {
    w += perTauw * (a * (voltage - el) - w);
    const spiking = deltaV === 0.0 ? 0.0 : gl * deltaV * exp((voltage - vthre) / deltaV);
    if (at(time, i) - last > at(cell, TREFRAC)) {
      voltage += perCm * (at(current, i) + spiking - w + gl * (el - voltage));
    } else {
      voltage = el;
    }
    if (voltage > threshold) {
      voltage = at(cell, VRESET);
      w += at(cell, B);
      last = at(time, i + 1);
      put(spikes, count++, last);
    }
    put(v, i + 1, voltage);
  }
  return count;
}
