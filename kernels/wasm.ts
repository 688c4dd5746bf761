import { readFileSync } from "node:fs";

// The part of the WebAssembly interface used here; TypeScript has it only among the types of browsers.
declare namespace WebAssembly {
  interface Memory {
    readonly buffer: ArrayBuffer;
    grow(pages: number): number;
  }
  class Module {
    constructor(bytes: Uint8Array<ArrayBuffer>);
  }
  class Instance {
    constructor(module: Module);
    readonly exports: Readonly<Record<string, unknown>>;
  }
}

/** What kernels.wasm exports; addresses are byte offsets into its memory. See kernels/assembly. */
export interface Exports {
  readonly memory: WebAssembly.Memory;
  heapBase(): number;
  exp(x: number): number;
  log(x: number): number;
  erfc(x: number): number;
  erfcinv(p: number): number;
  gaussian(x: number): number;
  expEach(row: number, end: number): void;
  logEach(row: number, end: number): void;
  erfcEach(row: number, end: number): void;
  generator(which: number): number;
  seed(generator: number, value: number): void;
  uniform(generator: number): number;
  adexTrace(
    cell: number,
    n: number,
    dt: number,
    time: number,
    current: number,
    v: number,
    spikes: number,
  ): number;
  shotNoiseBytes(runs: number): number;
  shotNoiseStart(state: number, runs: number, cell: number, inputs: number, n: number, dt: number): void;
  shotNoiseRun(
    state: number,
    runs: number,
    cell: number,
    synapses: number,
    from: number,
    to: number,
    dt: number,
  ): void;
  shotNoiseSpikes(state: number, runs: number, run: number): number;
  meanVoltage(population: number, nuE: number, nuI: number): number;
  rate(population: number, nuE: number, nuI: number, out: number): number;
  rateJets(p: number, q: number, nuE: number, nuEq: number, nuI: number, out: number): void;
  ring(...scalarsAndAddresses: number[]): void;
  connect(
    from: number,
    to: number,
    n: number,
    vacant: number,
    gap: number,
    p: number,
    seed: number,
    rows: number,
    targets: number,
  ): void;
  binomial(n: number, p: number, u: number): number;
  poisson(mean: number, u: number): number;
  advance(network: number, firstStep: number, steps: number): number;
}

/** The compiled kernels; their hash belongs to the key of every stage that calls one. */
export const kernelBytes: Uint8Array<ArrayBuffer> = readFileSync(new URL("./kernels.wasm", import.meta.url));

const module = new WebAssembly.Module(kernelBytes);

/** The kernels with a memory of their own. */
export const instantiate = (): Exports => new WebAssembly.Instance(module).exports as unknown as Exports;

export const wasm = instantiate();

const PAGE = 65_536;
const heap = wasm.heapBase();
// vouched for: every call begins with an empty room, so no call sees what another left.
let top = heap;

/**
 * Scratch space in the kernels' memory for one call. Views are valid until `withScratch` returns: copy what must outlive it.
 * Calls do not nest.
 */
export const scratch = {
  doubles(length: number): Float64Array {
    return new Float64Array(wasm.memory.buffer, reserve(length * 8), length);
  },
  bytes(length: number): Uint8Array {
    return new Uint8Array(wasm.memory.buffer, reserve(length), length);
  },
  integers(length: number): Int32Array {
    return new Int32Array(wasm.memory.buffer, reserve(length * 4), length);
  },
};

/** Makes sure that `bytes` fit, so that no view is detached half-way, and runs `call` with an empty room. */
export function withScratch<T>(bytes: number, call: () => T): T {
  const missing = heap + bytes - wasm.memory.buffer.byteLength;
  if (missing > 0) wasm.memory.grow(Math.ceil(missing / PAGE));
  top = heap;
  return call();
}

function reserve(bytes: number): number {
  const address = top;
  top += Math.ceil(bytes / 16) * 16;
  return address;
}
