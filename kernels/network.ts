import { Arena } from "./arena.ts";
import { type Cell, cellValues, type Synapses } from "./cells.ts";

/** A network of two populations of AdEx cells with random synapses. SI units; excitatory cells come first. */
export interface NetworkParameters {
  readonly exc: NetworkPopulation;
  readonly inh: NetworkPopulation;
  readonly synapses: Synapses;
  /** Probability of a synapse from any cell to any other. */
  readonly p: number;
  /** s */
  readonly dt: number;
  /** Of synapses and external events, 0 … 2^32 − 1. */
  readonly seed: number;
  /** Whether a cell may have several external events a step (Poisson), or one at the most (Bernoulli). */
  readonly severalEvents: boolean;
  /** The cells whose potential and conductances are recorded. */
  readonly recorded: readonly number[];
  readonly start: NetworkState;
}

export interface NetworkPopulation {
  readonly cell: Cell;
  readonly size: number;
}

/** Potentials (V) and conductances (S). */
export interface NetworkState {
  readonly V: Float64Array;
  readonly Ge: Float64Array;
  readonly Gi: Float64Array;
}

/** Expected external events of a cell in each step, for the cells of each population. */
export interface ExternalEvents {
  readonly exc: Float64Array;
  readonly inh: Float64Array;
}

/** What some steps brought; the state of recorded cells, [steps, recorded], is as each step began. */
export interface NetworkSlice extends NetworkState {
  /** Spikes of both populations in each step, [steps, 2]. */
  readonly spikeCounts: Int32Array;
  /** The cells that spiked, step after step and in each rising. */
  readonly spikeNeurons: Uint16Array;
}

/** The most cells a network may have: synapses name their targets in 16 bits. */
export const mostCells = 65_000;

/** The most steps of a slice. */
export const longestSlice = 128;

/** Cells whose synapses are drawn in one call. */
const rowsAtOnce = 200;

/** A network that is first connected, then simulated slice by slice (kernels/assembly/network.ts). */
export class Network {
  readonly #arena = new Arena();
  readonly #parameters: NetworkParameters;
  readonly #layout: Layout;
  #connected = 0;
  #step = 0;

  constructor(parameters: NetworkParameters) {
    this.#parameters = parameters;
    this.#layout = this.#lay();
  }

  get #cells(): number {
    return this.#parameters.exc.size + this.#parameters.inh.size;
  }

  /** Places in memory that are left without a cell between the populations. */
  get #gap(): number {
    return wholeLanes(this.#parameters.exc.size) - this.#parameters.exc.size;
  }

  #placeOf(cell: number): number {
    return cell < this.#parameters.exc.size ? cell : cell + this.#gap;
  }

  #cellAt(place: number): number {
    return place < this.#parameters.exc.size ? place : place - this.#gap;
  }

  /** Draws the synapses of the next cells; returns the fraction of cells that have theirs. */
  connect(): number {
    const { exc, p, seed } = this.#parameters;
    const { rows, targets } = this.#layout;
    const N = this.#cells;
    const places = this.#placeOf(N);
    const from = this.#connected;
    const to = p > 0 ? Math.min(from + rowsAtOnce, places) : places;
    if (from < to && p > 0) {
      const drawn = this.#arena.integers(rows, places)[from]!;
      this.#arena.spare(2 * (drawn + (to - from) * N)); // should every pair be connected
      this.#arena.kernels.connect(from, to, N, exc.size, this.#gap, p, seed, rows, targets);
    }
    this.#connected = to;
    return to / places;
  }

  /** Synapses drawn so far. */
  get synapses(): number {
    return this.#arena.integers(this.#layout.rows, this.#connected + 1)[this.#connected]!;
  }

  /** The cells that a cell has synapses on, rising. */
  targets(cell: number): Uint16Array {
    const [from, to] = Array.from(this.#arena.integers(this.#layout.rows + 4 * this.#placeOf(cell), 2)) as [
      number,
      number,
    ];
    return this.#arena.shorts(this.#layout.targets + 2 * from, to - from).map((place) => this.#cellAt(place));
  }

  /** Simulates as many steps as there are numbers of expected events, `longestSlice` at the most. */
  advance(events: ExternalEvents): NetworkSlice {
    const arena = this.#arena;
    const at = this.#layout;
    const steps = events.exc.length;
    const recorded = this.#parameters.recorded.length;
    arena.doubles(at.eventsExc, steps).set(events.exc);
    arena.doubles(at.eventsInh, steps).set(events.inh);
    const spikes = arena.kernels.advance(at.network, this.#step, steps);
    this.#step += steps;
    const plane = (k: number) =>
      arena.doubles(at.traces + 8 * k * steps * recorded, steps * recorded).slice();
    return {
      spikeCounts: arena.integers(at.spikeCounts, 2 * steps).slice(),
      spikeNeurons: arena.shorts(at.spikes, spikes).map((place) => this.#cellAt(place)),
      V: plane(0),
      Ge: plane(1),
      Gi: plane(2),
    };
  }

  /** Lays the network out in memory, in the order of the records of kernels/assembly/network.ts. */
  #lay(): Layout {
    const arena = this.#arena;
    const { exc, inh, synapses, dt, seed, severalEvents, recorded, start } = this.#parameters;
    const N = this.#cells;
    const places = this.#placeOf(N);
    const lanes = wholeLanes(places);
    const doubles = (values: Float64Array, vacant: number) => {
      const placed = new Float64Array(lanes).fill(vacant);
      for (let cell = 0; cell < N; cell++) placed[this.#placeOf(cell)] = values[cell]!;
      return arena.put(placed);
    };
    const until = new Int32Array(lanes).fill(2 ** 31 - 1); // where there is no cell, none ever spikes
    for (let cell = 0; cell < N; cell++) until[this.#placeOf(cell)] = 0;
    const population = ({ cell, size }: NetworkPopulation, first: number, events: number) => {
      const values = arena.put(Float64Array.from(cellValues(cell)));
      // As Brian2 counts steps, with room for rounding.
      const refractory = Math.floor(cell.Trefrac / dt + 1e-3);
      return arena.put(
        Int32Array.of(
          values,
          first,
          size,
          refractory,
          arena.room(2 * size),
          0,
          0,
          events,
          arena.room(8 * 13),
        ),
      );
    };
    const layout = {
      network: arena.room(networkBytes),
      rows: arena.room(4 * (places + 1)),
      eventsExc: arena.room(8 * longestSlice),
      eventsInh: arena.room(8 * longestSlice),
      traces: arena.room(8 * 3 * longestSlice * recorded.length),
      spikes: arena.room(2 * longestSlice * N),
      spikeCounts: arena.room(8 * longestSlice),
    };
    const addresses = [
      population(exc, 0, layout.eventsExc),
      population(inh, this.#placeOf(exc.size), layout.eventsInh),
      doubles(start.V, exc.cell.El),
      arena.room(8 * lanes), // w
      doubles(start.Ge, 0),
      doubles(start.Gi, 0),
      arena.put(until),
      arena.room(4 * lanes), // stamps
      layout.rows,
    ];
    const places32 = Int32Array.from(recorded, (cell) => this.#placeOf(cell));
    const recordedAt = arena.put(places32);
    const targets = arena.spare(0); // last, for they grow
    const { Qe, Qi, Te, Ti, Ee, Ei } = synapses;
    const scalars = [dt, Qe, Qi, Te, Ti, Ee, Ei];
    arena.doubles(layout.network, scalars.length).set(scalars);
    arena
      .integers(layout.network + 8 * scalars.length, 17)
      .set([
        ...addresses,
        targets,
        seed,
        severalEvents ? 1 : 0,
        recordedAt,
        recorded.length,
        layout.traces,
        layout.spikes,
        layout.spikeCounts,
      ]);
    return { ...layout, targets };
  }
}

/** As kernels/assembly/membrane.ts advances cells. */
const LANES = 4;
const wholeLanes = (cells: number): number => Math.ceil(cells / LANES) * LANES;

const networkBytes = 7 * 8 + 17 * 4;

/** Addresses that are needed again. */
interface Layout {
  readonly network: number;
  readonly rows: number;
  readonly targets: number;
  readonly eventsExc: number;
  readonly eventsInh: number;
  readonly traces: number;
  readonly spikes: number;
  readonly spikeCounts: number;
}
