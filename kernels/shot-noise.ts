import { type Cell, placeCell, type Synapses } from "./cells.ts";
import { scratch, wasm, withScratch } from "./wasm.ts";

/** The input of a cell: events at total rates `fe` and `fi` (Hz), each making its conductance jump. */
export interface ShotNoise {
  readonly fe: number;
  readonly fi: number;
  /** Seeds of the excitatory and the inhibitory event times; equal in the authors' code. */
  readonly seeds: readonly [number, number];
}

/** Runs that keep both the vector units and the cache busy: more of them gain little. */
export const runsAtOnce = 16;

/** Steps, over all runs, of one call of the kernel: a few milliseconds. */
const stepsPerCall = 2 ** 18;

/** Simulations of one cell from rest under shot noise, `n` samples of `dt` seconds each, side by side. */
export class ShotNoiseRuns {
  readonly #cell: Cell;
  readonly #synapses: Synapses;
  readonly #steps: number;
  readonly #dt: number;
  readonly #runs: number;
  /** Runs fill vectors of two. */
  readonly #lanes: number;
  readonly #state: Uint8Array;
  #step = 0;

  constructor(cell: Cell, synapses: Synapses, inputs: readonly ShotNoise[], n: number, dt: number) {
    [this.#cell, this.#synapses, this.#dt] = [cell, synapses, dt];
    [this.#steps, this.#runs] = [n - 1, inputs.length];
    this.#lanes = inputs.length + (inputs.length % 2);
    this.#state = new Uint8Array(wasm.shotNoiseBytes(this.#lanes));
    this.#inRoom((state) => {
      const packed = scratch.doubles(4 * this.#lanes);
      packed.fill(0);
      for (const [run, { fe, fi, seeds }] of inputs.entries()) packed.set([fe, fi, ...seeds], 4 * run);
      wasm.shotNoiseStart(state, this.#lanes, placeCell(cell), packed.byteOffset, n, dt);
    });
  }

  /** The share of all steps that are taken. */
  get done(): number {
    return this.#step / this.#steps;
  }

  /** Takes steps for a few milliseconds. */
  advance(): void {
    const { Qe, Qi, Te, Ti, Ee, Ei } = this.#synapses;
    const to = Math.min(this.#steps, this.#step + Math.ceil(stepsPerCall / this.#lanes));
    this.#inRoom((state) => {
      const packed = scratch.doubles(6);
      packed.set([Qe, Qi, Te, Ti, Ee, Ei]);
      const [cell, synapses] = [placeCell(this.#cell), packed.byteOffset];
      wasm.shotNoiseRun(state, this.#lanes, cell, synapses, this.#step, to, this.#dt);
    });
    this.#step = to;
  }

  /** How often each run has spiked. */
  get spikes(): number[] {
    return this.#inRoom((state) =>
      Array.from({ length: this.#runs }, (_, run) => wasm.shotNoiseSpikes(state, this.#lanes, run)),
    );
  }

  /** Calls a kernel on the state, which between calls stays outside the kernels' memory. */
  #inRoom<T>(call: (state: number) => T): T {
    return withScratch(this.#state.length + 32 * this.#lanes + 1024, () => {
      const placed = scratch.bytes(this.#state.length);
      placed.set(this.#state);
      const result = call(placed.byteOffset);
      this.#state.set(placed);
      return result;
    });
  }
}
