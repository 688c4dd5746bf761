// AdEx neurons under synaptic shot noise, two in each vector: simulations of one cell with inputs and seeds of
// their own, side by side. Lane by lane the authors' order of operations: two orders give other spikes. SI units.

import { A, B, CM, DELTA_V, EL, GL, TAUW, TREFRAC, VRESET, VTHRE } from "./adex";
import { place, start, TRAIN_BYTES } from "./event-train";
import { all, choose, minus, over, plus, times } from "./lanes";
import { exp } from "./math";
import { at } from "./memory";
import { expEach } from "./rows";

/** Samples whose events are placed at once: so few that their conductances stay in the first-level cache. */
const BLOCK: i32 = 64;

// State of the runs: arrays of one double a run, then the trains of excitatory and of inhibitory events.
const V: i32 = 0; // V
const W: i32 = 1; // A, for the next step
const EXPONENT: i32 = 2; // (v − Vthre)/delta_v, then its exponential
const LAST: i32 = 3; // time of the last spike, s
const SPIKES: i32 = 4;
const GE: i32 = 5; // S
const GI: i32 = 6;
const TRAINS: i32 = 7;

function array(state: usize, runs: i32, which: i32): usize {
  return state + ((<usize>(which * runs)) << 3);
}

/** Bytes of the state and work space of `runs` runs, an even number. */
export function shotNoiseBytes(runs: i32): usize {
  return array(0, runs, TRAINS) + 2 * <usize>runs * (TRAIN_BYTES + 8 * BLOCK);
}

/** Neurons at rest, before any event. */
export function shotNoiseStart(state: usize, runs: i32, cell: usize, inputs: usize, n: i32, dt: f64): void {
  const end = <f64>(n - 1) * dt;
  const trains = array(state, runs, TRAINS);
  for (let run = 0; run < runs; run++) {
    const here = state + ((<usize>run) << 3);
    store<f64>(array(here, runs, V), at(cell, EL));
    store<f64>(array(here, runs, W), 0.0);
    store<f64>(array(here, runs, EXPONENT), (at(cell, EL) - at(cell, VTHRE)) / steepness(cell));
    store<f64>(array(here, runs, LAST), -Infinity);
    store<f64>(array(here, runs, SPIKES), 0.0);
    store<f64>(array(here, runs, GE), 0.0);
    store<f64>(array(here, runs, GI), 0.0);
    const input = inputs + ((<usize>run) << 5);
    start(trains + <usize>run * TRAIN_BYTES, at(input, 0), <u32>at(input, 2), end);
    start(trains + <usize>(runs + run) * TRAIN_BYTES, at(input, 1), <u32>at(input, 3), end);
  }
}

/** Divisor of the distance from threshold. Without an exponential any number does, because its factor is 0. */
function steepness(cell: usize): f64 {
  const deltaV = at(cell, DELTA_V);
  return deltaV === 0.0 ? 1.0 : deltaV;
}

/**
 * Steps from sample `from` to sample `to`.
 *
 * @param cell address of the cell (adex.ts)
 * @param synapses address of Qe, Qi (S), Te, Ti (s), Ee, Ei (V)
 */
export function shotNoiseRun(
  state: usize,
  runs: i32,
  cell: usize,
  synapses: usize,
  from: i32,
  to: i32,
  dt: f64,
): void {
  const trains = array(state, runs, TRAINS);
  const inputs = trains + 2 * <usize>runs * TRAIN_BYTES;
  const row = (<usize>runs) << 4;
  const exponents = array(state, runs, EXPONENT);
  let first = from;
  while (first < to) {
    // Nothing has arrived yet at sample 0.
    const last = first === 0 ? 1 : min(first + BLOCK, to);
    memory.fill(inputs, 0, <usize>(last - first) * row);
    if (first > 0) {
      for (let k = 0; k < 2 * runs; k++) {
        place(trains + <usize>k * TRAIN_BYTES, inputs + ((<usize>k) << 3), row, first, last, dt);
      }
    }
    accumulate(array(state, runs, GE), inputs, runs, last - first, synapses, dt);
    let input = inputs;
    let i = first;
    do {
      expEach(exponents, exponents + (row >> 1));
      euler(state, runs, cell, synapses, input, <f64>i * dt, <f64>(i + 1) * dt, dt);
      input += row;
      i++;
    } while (i < last);
    first = last;
  }
}

/** One step of all neurons, from exponentials to the next step's exponents. */
function euler(
  state: usize,
  runs: i32,
  cell: usize,
  synapses: usize,
  input: usize,
  now: f64,
  next: f64,
  dt: f64,
): void {
  const gl = all(at(cell, GL)),
    el = all(at(cell, EL)),
    vthre = all(at(cell, VTHRE)),
    trefrac = all(at(cell, TREFRAC)),
    a = all(at(cell, A)),
    perTauw = all(dt / at(cell, TAUW)),
    perCm = all(dt / at(cell, CM));
  const ee = all(at(synapses, 4)),
    ei = all(at(synapses, 5));
  const threshold = all(at(cell, VTHRE) + 5.0 * at(cell, DELTA_V)),
    slope = all(at(cell, GL) * at(cell, DELTA_V)),
    steep = all(steepness(cell));
  const step = (<usize>runs) << 3;
  const end = state + step;
  let here = state;
  do {
    let v = v128.load(here),
      w = v128.load(array(here, runs, W));
    const spiking = times(slope, v128.load(array(here, runs, EXPONENT)));
    const leak = plus(minus(spiking, w), times(gl, minus(el, v)));
    const excitation = times(v128.load(input), minus(ee, v)),
      inhibition = times(v128.load(input + step), minus(ei, v));
    const current = plus(plus(leak, excitation), inhibition);
    const last = v128.load(array(here, runs, LAST));
    const free = f64x2.gt(minus(all(now), last), trefrac);
    v = choose(free, plus(v, times(perCm, current)), el);
    const spiked = f64x2.gt(v, threshold);
    if (v128.any_true(spiked)) {
      v = choose(spiked, all(at(cell, VRESET)), v);
      w = choose(spiked, plus(w, all(at(cell, B))), w);
      v128.store(array(here, runs, LAST), choose(spiked, all(next), last));
      const spikes = array(here, runs, SPIKES);
      v128.store(spikes, plus(v128.load(spikes), v128.and(spiked, all(1.0))));
    }
    v128.store(here, v);
    v128.store(array(here, runs, W), plus(w, times(perTauw, minus(times(a, minus(v, el)), w))));
    v128.store(array(here, runs, EXPONENT), over(minus(v, vthre), steep));
    input += 16;
    here += 16;
  } while (here < end);
}

/** How often a run has spiked. */
export function shotNoiseSpikes(state: usize, runs: i32, run: i32): i32 {
  return <i32>at(array(state, runs, SPIKES), run);
}

/**
 * Turns counts of events into conductances, sample by sample: decayed, with a quantum for each event, added one
 * by one.
 */
function accumulate(
  conductances: usize,
  counts: usize,
  runs: i32,
  samples: i32,
  synapses: usize,
  dt: f64,
): void {
  const half = (<usize>runs) << 3;
  const quantumE = all(at(synapses, 0)),
    quantumI = all(at(synapses, 1)),
    decayE = all(exp(-dt / at(synapses, 2))),
    decayI = all(exp(-dt / at(synapses, 3)));
  let count = counts;
  const end = counts + <usize>samples * 2 * half;
  do {
    count = kind(conductances, count, half, decayE, quantumE);
    count = kind(conductances + half, count, half, decayI, quantumI);
  } while (count < end);
}

function kind(conductances: usize, counts: usize, bytes: usize, decay: v128, quantum: v128): usize {
  const end = conductances + bytes;
  do {
    const count = v128.load(counts);
    let g = times(v128.load(conductances), decay);
    g = plus(g, v128.and(quantum, f64x2.gt(count, all(0.0))));
    g = plus(g, v128.and(quantum, f64x2.gt(count, all(1.0))));
    if (v128.any_true(f64x2.gt(count, all(2.0)))) {
      let added = 2.0;
      do {
        g = plus(g, v128.and(quantum, f64x2.gt(count, all(added))));
        added += 1.0;
      } while (v128.any_true(f64x2.gt(count, all(added))));
    }
    v128.store(counts, g);
    v128.store(conductances, g);
    counts += 16;
    conductances += 16;
  } while (conductances < end);
  return counts;
}
