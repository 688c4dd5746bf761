import type { Cell, Synapses, Trace } from "../cells.ts";
import type { ShotNoise } from "../shot-noise.ts";
import { exp, log } from "./math.ts";
import { MersenneTwister } from "./mersenne.ts";

/** One step of the neuron: its potential, its adaptation and when it last spiked. */
class Neuron {
  v: number;
  w = 0;
  last = Number.NEGATIVE_INFINITY;
  readonly cell: Cell;
  readonly dt: number;

  constructor(cell: Cell, dt: number) {
    this.cell = cell;
    this.dt = dt;
    this.v = cell.El;
  }

  /** @param inflow the current without leak, exponential and adaptation, as functions of what it is added to */
  step(t: number, next: number, inflow: (current: number, v: number) => number): boolean {
    const { Gl, Cm, Trefrac, El, Vthre, Vreset, delta_v, a, b, tauw } = this.cell;
    this.w += (this.dt / tauw) * (a * (this.v - El) - this.w);
    if (t - this.last > Trefrac) {
      const spiking = delta_v === 0 ? 0 : Gl * delta_v * exp((this.v - Vthre) / delta_v);
      this.v += (this.dt / Cm) * inflow(spiking, this.v);
    } else {
      this.v = El;
    }
    if (!(this.v > Vthre + 5 * delta_v)) return false;
    this.v = Vreset;
    this.w += b;
    this.last = next;
    return true;
  }
}

/** `traceCell` of the kernels. */
export function traceCell(cell: Cell, time: Float64Array, current: Float64Array, dt: number): Trace {
  const neuron = new Neuron(cell, dt);
  const v = new Float64Array(current.length).fill(cell.El);
  const spikeTimes: number[] = [];
  for (let i = 0; i < current.length - 1; i++) {
    const spiked = neuron.step(
      time[i]!,
      time[i + 1]!,
      (spiking, v) => current[i]! + spiking - neuron.w + cell.Gl * (cell.El - v),
    );
    if (spiked) spikeTimes.push(neuron.last);
    v[i + 1] = neuron.v;
  }
  return { v, spikeTimes: Float64Array.from(spikeTimes) };
}

/** Shot noise drawn whole before it is used: event times, then the conductance at every sample. */
function conductance(rate: number, seed: number, Q: number, T: number, n: number, dt: number): Float64Array {
  const f = rate === 0 ? 1e-9 : rate;
  const events = Math.max(Math.trunc(3 * f * ((n - 1) * dt)), 1);
  const generator = new MersenneTwister(seed);
  const times = new Float64Array(events);
  let time = 0;
  for (let k = 0; k < events; k++) {
    time += -log(1 - generator.uniform()) / f;
    times[k] = time;
  }
  const g = new Float64Array(n);
  let next = 0;
  for (let i = 1; i < n; i++) {
    g[i] = g[i - 1]! * exp(-dt / T);
    while (next < events && times[next]! <= i * dt) {
      g[i]! += Q;
      next++;
    }
  }
  return g;
}

/** Spikes of one of the kernels' `ShotNoiseRuns`. */
export function countSpikes(
  cell: Cell,
  synapses: Synapses,
  { fe, fi, seeds }: ShotNoise,
  n: number,
  dt: number,
): number {
  const { Qe, Qi, Te, Ti, Ee, Ei } = synapses;
  const ge = conductance(fe, seeds[0], Qe, Te, n, dt);
  const gi = conductance(fi, seeds[1], Qi, Ti, n, dt);
  const neuron = new Neuron(cell, dt);
  let count = 0;
  for (let i = 0; i < n - 1; i++) {
    const spiked = neuron.step(
      i * dt,
      (i + 1) * dt,
      (spiking, v) => spiking - neuron.w + cell.Gl * (cell.El - v) + ge[i]! * (Ee - v) + gi[i]! * (Ei - v),
    );
    if (spiked) count++;
  }
  return count;
}
