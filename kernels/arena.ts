import { instantiate } from "./wasm.ts";

const PAGE = 65_536;

/**
 * An instance of the kernels whose memory is handed out from the heap's beginning on and kept, for computations that
 * live longer than a call.
 */
export class Arena {
  readonly kernels = instantiate();
  #top = this.kernels.heapBase();

  /** The address of fresh memory, all zero. */
  room(bytes: number): number {
    const address = this.#top;
    this.#top += Math.ceil(bytes / 16) * 16;
    this.spare(0);
    return address;
  }

  /** The address of a copy of the values. */
  put(values: Float64Array | Int32Array): number {
    const address = this.room(values.byteLength);
    if (values instanceof Float64Array) this.doubles(address, values.length).set(values);
    else this.integers(address, values.length).set(values);
    return address;
  }

  /** Makes at least `bytes` bytes free behind everything that was handed out; returns their address. */
  spare(bytes: number): number {
    const { memory } = this.kernels;
    const missing = this.#top + bytes - memory.buffer.byteLength;
    if (missing > 0) memory.grow(Math.ceil(missing / PAGE));
    return this.#top;
  }

  // Views are valid until more memory is asked for.

  doubles(address: number, length: number): Float64Array {
    return new Float64Array(this.kernels.memory.buffer, address, length);
  }

  integers(address: number, length: number): Int32Array {
    return new Int32Array(this.kernels.memory.buffer, address, length);
  }

  shorts(address: number, length: number): Uint16Array {
    return new Uint16Array(this.kernels.memory.buffer, address, length);
  }
}
