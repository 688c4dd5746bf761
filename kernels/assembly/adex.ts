// The adaptive exponential integrate-and-fire neuron by forward Euler, in the order of operations of the
// authors' code: two orders give other spikes. Everything in SI units.

import { exp, log } from "./math";
import { at, put } from "./memory";
import { generator, seed, uniform } from "./mersenne";

// A cell's layout in memory.
const GL = 0;
const CM = 1;
const TREFRAC = 2;
const EL = 3;
const VTHRE = 4;
const VRESET = 5;
const DELTA_V = 6;
const A = 7;
const B = 8;
const TAUW = 9;

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

/**
 * Spikes of a cell under synaptic shot noise: two conductances that jump by Q at Poisson events and decay.
 *
 * @param cell address of the cell
 * @param synapses address of Qe, Qi (S), Te, Ti (s), Ee, Ei (V)
 * @param fe total rate of excitatory events, Hz
 * @param fi of inhibitory ones
 * @param seedE seed of the excitatory event times
 * @param seedI of the inhibitory ones; the authors' code has the same for both
 * @param n samples
 * @param dt s
 */
export function adexSpikes(
  cell: usize,
  synapses: usize,
  fe: f64,
  fi: f64,
  seedE: u32,
  seedI: u32,
  n: i32,
  dt: f64,
): i32 {
  const gl = at(cell, GL),
    el = at(cell, EL),
    vthre = at(cell, VTHRE),
    deltaV = at(cell, DELTA_V);
  const vreset = at(cell, VRESET),
    trefrac = at(cell, TREFRAC),
    a = at(cell, A),
    b = at(cell, B);
  const perTauw = dt / at(cell, TAUW),
    perCm = dt / at(cell, CM);
  const qe = at(synapses, 0),
    qi = at(synapses, 1),
    ee = at(synapses, 4),
    ei = at(synapses, 5);
  const decayE = exp(-dt / at(synapses, 2)),
    decayI = exp(-dt / at(synapses, 3));
  const threshold = vthre + 5.0 * deltaV;
  const slope = gl * deltaV;
  const end = <f64>(n - 1) * dt;

  if (fe === 0.0) fe = 1e-9;
  if (fi === 0.0) fi = 1e-9;
  const excitation = generator(0),
    inhibition = generator(1);
  seed(excitation, seedE);
  seed(inhibition, seedI);
  // The authors draw a fixed number of events; with few of them they may end before the run does.
  let leftE = max(<i32>(3.0 * fe * end), 1),
    leftI = max(<i32>(3.0 * fi * end), 1);
  let nextE = interval(excitation, fe),
    nextI = interval(inhibition, fi);

  let ge = 0.0,
    gi = 0.0,
    last = -Infinity,
    w = 0.0,
    v = el;
  let count = 0;
  for (let i = 0; i < n - 1; i++) {
    const t = <f64>i * dt;
    if (i > 0) {
      ge *= decayE;
      while (nextE <= t) {
        ge += qe;
        nextE = --leftE > 0 ? nextE + interval(excitation, fe) : Infinity;
      }
      gi *= decayI;
      while (nextI <= t) {
        gi += qi;
        nextI = --leftI > 0 ? nextI + interval(inhibition, fi) : Infinity;
      }
    }
    w += perTauw * (a * (v - el) - w);
    if (t - last > trefrac) {
      const spiking = deltaV === 0.0 ? 0.0 : slope * exp((v - vthre) / deltaV);
      v += perCm * (spiking - w + gl * (el - v) + ge * (ee - v) + gi * (ei - v));
    } else {
      v = el;
    }
    if (v > threshold) {
      v = vreset;
      w += b;
      last = <f64>(i + 1) * dt;
      count++;
    }
  }
  return count;
}

/** An exponential interval of a Poisson process. */
function interval(state: usize, rate: f64): f64 {
  return -log(1.0 - uniform(state)) / rate;
}
