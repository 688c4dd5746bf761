// A network of AdEx cells in the order of Brian2's schedule: record, advance, find spikes, propagate them and external
// events, reset. SI units. Each population begins at a place in memory that is a multiple of LANES.

import { binomial, poisson } from "./counts";
import { advanceCells, LANES, tabulate } from "./membrane";
import { at } from "./memory";
import { EVENT_COUNTS, EVENTS, GAMMA, mix, stream, unit } from "./random";
import { deliver } from "./synapses";

// A cell's layout in memory, as in adex.ts.
const VRESET = 5;
const B = 8;

/** A population: a record of 32-bit fields in memory. */
@unmanaged
class Population {
  /** Address of the cell. */
  cell!: usize;
  /** Place of its first cell. */
  first!: i32;
  size!: i32;
  /** Refractory period, steps. */
  refractory!: i32;
  /** Address of the places of refractory cells, u16, in the order of their spikes: a circular list of `size`. */
  resting!: usize;
  /** Where in the list the oldest is. */
  oldest!: i32;
  /** How many there are. */
  count!: i32;
  /** Address of a cell's expected external events in each step of the slice. */
  events!: usize;
  /** Address of the table of membrane.ts. */
  table!: usize;
}

/** A network: a record in memory. Arrays are over places by default. */
@unmanaged
class Network {
  /** s */
  dt!: f64;
  qe!: f64;
  qi!: f64;
  te!: f64;
  ti!: f64;
  ee!: f64;
  ei!: f64;
  exc!: Population;
  inh!: Population;
  v!: usize;
  w!: usize;
  ge!: usize;
  gi!: usize;
  /** The first step in which a cell is no longer refractory, i32; never for places without a cell. */
  until!: usize;
  /** 1 + the step in which a cell last had an external event, i32. */
  stamps!: usize;
  rows!: usize;
  targets!: usize;
  seed!: u32;
  /** Whether a cell may have several external events a step. */
  several!: i32;
  /** Places of recorded cells, i32. */
  recorded!: usize;
  recordedCount!: i32;
  /** Address for V, Ge and Gi of the recorded cells, [3, steps, recorded]. */
  traces!: usize;
  /** Address for the places of cells that spike, u16, step after step; room for all at every step. */
  spikes!: usize;
  /** Address for the number of spikes of both populations, i32 [steps, 2]. */
  spikeCounts!: usize;
}

/** Advances a network by a slice of steps; returns the number of spikes. */
export function advance(address: usize, firstStep: i32, steps: i32): i32 {
  const network = changetype<Network>(address);
  const exc = network.exc,
    inh = network.inh;
  tabulate(exc.table, exc.cell, network.dt, network.te, network.ti, network.ee, network.ei);
  tabulate(inh.table, inh.cell, network.dt, network.te, network.ti, network.ee, network.ei);
  let spikes = network.spikes;
  for (let i = 0; i < steps; i++) {
    const step = firstStep + i;
    record(network, i, steps);
    const begin = spikes;
    const middle = advancePopulation(network, exc, step, begin);
    spikes = advancePopulation(network, inh, step, middle);
    propagate(network, exc, step, begin, middle, network.ge, network.qe);
    propagate(network, inh, step, middle, spikes, network.gi, network.qi);
    excite(network, exc, 2 * step, at(exc.events, i));
    excite(network, inh, 2 * step + 1, at(inh.events, i));
    store<i32>(network.spikeCounts + (i << 3), <i32>(middle - begin) >> 1);
    store<i32>(network.spikeCounts + (i << 3), <i32>(spikes - middle) >> 1, 4);
  }
  return <i32>(spikes - network.spikes) >> 1;
}

function record(network: Network, i: i32, steps: i32): void {
  const count = network.recordedCount;
  const plane = (<usize>(steps * count)) << 3;
  for (let k = 0; k < count; k++) {
    const place = load<i32>(network.recorded + (k << 2));
    const trace = network.traces + ((<usize>(i * count + k)) << 3);
    store<f64>(trace, at(network.v, place));
    store<f64>(trace + plane, at(network.ge, place));
    store<f64>(trace + 2 * plane, at(network.gi, place));
  }
}

/** A step of all cells of a population; lists those that spike from `spikes` on and returns the list's end. */
function advancePopulation(network: Network, population: Population, step: i32, spikes: usize): usize {
  wake(network, population, step);
  const count = (population.size + LANES - 1) & -LANES;
  const found = advanceCells(
    population.table,
    population.first,
    count,
    network.v,
    network.w,
    network.ge,
    network.gi,
    spikes,
  );
  rest(network, population);
  let end = spikes;
  for (let listed = spikes; listed < found; listed += 2) {
    const place = load<u16>(listed);
    if (load<i32>(network.until + ((<usize>place) << 2)) > step) continue;
    store<u16>(end, place);
    end += 2;
  }
  return end;
}

/** Takes cells whose refractory period is over from the list. */
function wake(network: Network, population: Population, step: i32): void {
  while (population.count > 0) {
    const place = load<u16>(population.resting + (population.oldest << 1));
    if (load<i32>(network.until + ((<usize>place) << 2)) > step) return;
    population.oldest = population.oldest + 1 === population.size ? 0 : population.oldest + 1;
    population.count--;
  }
}

/** Holds refractory cells at their reset. They are few: cheaper than to ask every cell whether it is one. */
function rest(network: Network, population: Population): void {
  const reset = at(population.cell, VRESET);
  let index = population.oldest;
  for (let k = 0; k < population.count; k++) {
    const place = load<u16>(population.resting + (index << 1));
    store<f64>(network.v + ((<usize>place) << 3), reset);
    index = index + 1 === population.size ? 0 : index + 1;
  }
}

/** Spikes reach their targets and reset their cells. */
function propagate(
  network: Network,
  population: Population,
  step: i32,
  begin: usize,
  end: usize,
  conductance: usize,
  quantum: f64,
): void {
  const reset = at(population.cell, VRESET),
    b = at(population.cell, B);
  for (let listed = begin; listed < end; listed += 2) {
    const place = <usize>load<u16>(listed);
    deliver(network.rows + (place << 2), network.targets, conductance, quantum);
    store<f64>(network.v + (place << 3), reset);
    store<f64>(network.w + (place << 3), load<f64>(network.w + (place << 3)) + b);
    store<i32>(network.until + (place << 2), step + population.refractory);
    let index = population.oldest + population.count++;
    if (index >= population.size) index -= population.size;
    store<u16>(population.resting + (index << 1), <u16>place);
  }
}

/**
 * External events of a population in one step: their number, then a cell for each. Where a cell may have but one, a
 * cell that has it already is drawn again. The bias of drawing a cell from 32 bits is below size / 2^32.
 *
 * @param index of the random streams
 */
function excite(network: Network, population: Population, index: u32, perCell: f64): void {
  const chance = unit(mix(stream(network.seed, EVENT_COUNTS, index)));
  const several = network.several !== 0;
  const size = population.size;
  let left = several ? poisson(<f64>size * perCell, chance) : binomial(size, perCell, chance);
  let word = stream(network.seed, EVENTS, index);
  const conductance = network.ge + ((<usize>population.first) << 3),
    stamps = network.stamps + ((<usize>population.first) << 2);
  const quantum = network.qe;
  const stamp = <i32>index + 1;
  while (left > 0) {
    let bits = mix(word);
    word += GAMMA;
    for (let half = 0; half < 2 && left > 0; half++) {
      const cell = <usize>(((bits & 0xffffffff) * <u64>size) >> 32);
      bits >>= 32;
      if (!several && load<i32>(stamps + (cell << 2)) === stamp) continue;
      store<i32>(stamps + (cell << 2), stamp);
      store<f64>(conductance + (cell << 3), load<f64>(conductance + (cell << 3)) + quantum);
      left--;
    }
  }
}
