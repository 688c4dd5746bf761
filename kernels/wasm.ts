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
interface Exports {
  readonly memory: WebAssembly.Memory;
  heapBase(): number;
  exp(x: number): number;
  log(x: number): number;
  erfc(x: number): number;
  erfcinv(p: number): number;
  gaussian(x: number): number;
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
  adexSpikes(
    cell: number,
    synapses: number,
    fe: number,
    fi: number,
    seedE: number,
    seedI: number,
    n: number,
    dt: number,
  ): number;
  meanVoltage(population: number, nuE: number, nuI: number): number;
  rate(population: number, nuE: number, nuI: number, out: number): number;
  rateJet(population: number, nuE: number, nuI: number, out: number): void;
  ring(...scalarsAndAddresses: number[]): void;
}

/** The compiled kernels; their hash belongs to the key of every stage that calls one. */
export const kernelBytes: Uint8Array<ArrayBuffer> = readFileSync(new URL("./kernels.wasm", import.meta.url));

export const wasm = new WebAssembly.Instance(new WebAssembly.Module(kernelBytes))
  .exports as unknown as Exports;

const PAGE = 65_536;
const heap = wasm.heapBase();
let top = heap;

/**
 * Room in the kernels' memory for one call. Views are valid until `use` returns: copy what must outlive it.
 * Calls do not nest.
 */
export const room = {
  doubles(length: number): Float64Array {
    return new Float64Array(wasm.memory.buffer, reserve(length * 8), length);
  },
  integers(length: number): Int32Array {
    return new Int32Array(wasm.memory.buffer, reserve(length * 4), length);
  },
};

/** Makes sure that `bytes` fit, so that no view is detached half-way, and runs `call` with an empty room. */
export function use<T>(bytes: number, call: () => T): T {
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
