import type { ExternalEvents, NetworkParameters } from "../network.ts";
import { binomial, poisson } from "./counts.ts";
import { exp, log } from "./math.ts";
import { unit, words } from "./random.ts";

/** A whole run: the state of recorded cells at the beginning of each step, and who spikes in it. */
export interface NetworkRun {
  readonly V: number[];
  readonly Ge: number[];
  readonly Gi: number[];
  readonly spikes: number[][];
}

/** The targets of a cell, as `Network.targets` of the kernels. */
export function targets(cell: number, N: number, p: number, seed: number): number[] {
  const found: number[] = [];
  if (p === 0) return found;
  const perLog = 1 / log(1 - p);
  let other = -1;
  for (const word of words(seed, "synapses", cell)) {
    other += 1 + Math.floor(log(1 - unit(word)) * perLog);
    if (other > N - 2) break;
    found.push(other >= cell ? other + 1 : other);
  }
  return found;
}

/** The cells of a population that have external events in a step, as often as they have. */
function eventsOf(size: number, perCell: number, several: boolean, seed: number, index: number): number[] {
  const chance = unit(words(seed, "eventCounts", index).next().value);
  const count = several ? poisson(size * perCell, chance) : binomial(size, perCell, chance);
  const drawn: number[] = [];
  for (const word of words(seed, "events", index)) {
    for (const bits of [word & 0xffffffffn, word >> 32n]) {
      if (drawn.length === count) return drawn;
      const cell = Number((bits * BigInt(size)) >> 32n);
      if (several || !drawn.includes(cell)) drawn.push(cell);
    }
  }
  return drawn;
}

/** `Network` of the kernels, cell by cell, synapse by synapse. */
export function simulateNetwork(parameters: NetworkParameters, events: ExternalEvents): NetworkRun {
  const { exc, inh, synapses, p, dt, seed, severalEvents, recorded, start } = parameters;
  const N = exc.size + inh.size;
  const cells = Array.from({ length: N }, (_, i) => ({
    ...(i < exc.size ? exc : inh).cell,
    V: start.V[i]!,
    Ge: start.Ge[i]!,
    Gi: start.Gi[i]!,
    w: 0,
    until: 0,
    targets: targets(i, N, p, seed),
  }));
  const run: NetworkRun = { V: [], Ge: [], Gi: [], spikes: [] };
  for (let step = 0; step < events.exc.length; step++) {
    for (const k of recorded) for (const name of ["V", "Ge", "Gi"] as const) run[name].push(cells[k]![name]);

    const spiking: number[] = [];
    for (const [i, cell] of cells.entries()) {
      const { V, Ge, Gi, w, Gl, El, delta_v } = cell;
      const x = delta_v === 0 ? 0 : (V - cell.Vthre) * (1 / delta_v);
      const intrinsic = Gl * delta_v * exp(Math.max(x, -700)) - Gl * (V - El) - w;
      const synaptic = Ge * (synapses.Ee - V) + Gi * (synapses.Ei - V);
      const next = V + (dt / cell.Cm) * (intrinsic + synaptic);
      cell.V = step < cell.until ? cell.Vreset : next;
      cell.w = w + (dt / cell.tauw) * (cell.a * (V - El) - w);
      cell.Ge = Ge * (1 - dt / synapses.Te);
      cell.Gi = Gi * (1 - dt / synapses.Ti);
      if (cell.V > cell.Vthre + 5 * delta_v) spiking.push(i);
    }
    run.spikes.push(spiking);

    for (const i of spiking) {
      for (const target of cells[i]!.targets) {
        if (i < exc.size) cells[target]!.Ge += synapses.Qe;
        else cells[target]!.Gi += synapses.Qi;
      }
    }
    for (const i of eventsOf(exc.size, events.exc[step]!, severalEvents, seed, 2 * step)) {
      cells[i]!.Ge += synapses.Qe;
    }
    for (const i of eventsOf(inh.size, events.inh[step]!, severalEvents, seed, 2 * step + 1)) {
      cells[exc.size + i]!.Ge += synapses.Qe;
    }
    for (const i of spiking) {
      const cell = cells[i]!;
      cell.V = cell.Vreset;
      cell.w += cell.b;
      cell.until = step + Math.floor(cell.Trefrac / dt + 1e-3);
    }
  }
  return run;
}
