// Random synapses by rows: for every presynaptic cell the rising list of its targets, in 16 bits each.

import { log } from "./math";
import { GAMMA, mix, SYNAPSES, stream, unit } from "./random";

/**
 * Draws the targets of the cells at the places `from` ≤ place < `to`: each other cell is one with probability p. Not
 * every pair is asked: the gaps between targets are geometric.
 *
 * @param n cells
 * @param vacant first of the places without a cell between the populations (network.ts)
 * @param gap how many there are
 * @param p above 0
 * @param rows address of offsets into targets, u32, one more than places; that of row `from` is there already
 * @param targets address for the places of targets, u16; up to n − 1 of them a row
 */
export function connect(
  from: i32,
  to: i32,
  n: i32,
  vacant: i32,
  gap: i32,
  p: f64,
  seed: u32,
  rows: usize,
  targets: usize,
): void {
  const perLog = 1.0 / log(1.0 - p);
  const last = <f64>(n - 2); // of the cells other than the presynaptic one, numbered from 0
  let end = targets + ((<usize>load<u32>(rows + ((<usize>from) << 2))) << 1);
  for (let place = from; place < to; place++) {
    if (place < vacant || place >= vacant + gap) {
      const cell = place < vacant ? place : place - gap;
      let word = stream(seed, SYNAPSES, cell);
      let other = -1.0;
      while (true) {
        other += 1.0 + floor(log(1.0 - unit(mix(word))) * perLog);
        if (!(other <= last)) break;
        word += GAMMA;
        const target = <i32>other + i32(<i32>other >= cell);
        store<u16>(end, target < vacant ? target : target + gap);
        end += 2;
      }
    }
    store<u32>(rows + ((<usize>place) << 2), <u32>((end - targets) >> 1), 4);
  }
}

/** Adds a quantal conductance to all targets of a cell. */
export function deliver(row: usize, targets: usize, conductance: usize, quantum: f64): void {
  const end = targets + ((<usize>load<u32>(row, 4)) << 1);
  for (let target = targets + ((<usize>load<u32>(row)) << 1); target < end; target += 2) {
    const address = conductance + ((<usize>load<u16>(target)) << 3);
    store<f64>(address, load<f64>(address) + quantum);
  }
}
