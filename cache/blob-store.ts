import { promisify } from "node:util";
import { deflateRaw, inflateRaw } from "node:zlib";
import type { StoreIdentity } from "../pipeline/executors.ts";
import { hash } from "../pipeline/inspect.ts";

/** Bytes by their hash, where several machines reach them. Nothing in it is trusted, and it may forget at any time. */
export interface BlobStore {
  /** Which store it is, whoever asks. */
  identity(): Promise<StoreIdentity>;
  /** What is there of these hashes. */
  get(hashes: readonly string[]): Promise<ReadonlyMap<string, Uint8Array>>;
  /** Leaves bytes under hashes; those that are there already need not be sent again. */
  put(blobs: ReadonlyMap<string, Uint8Array>): Promise<void>;
  /** Takes out what turned out to be damaged. */
  drop(hash: string): Promise<void>;
  /** Nothing may be asked of it any more. */
  close(): Promise<void>;
}

const deflate = promisify(deflateRaw);
const inflate = promisify(inflateRaw);
const [PLAIN, DEFLATED] = [0, 1];
/** Fewer bytes than this are not worth a try. */
const LEAST = 256;

/** Bytes as they are left: after one byte that says how, deflated where that makes them fewer. */
export async function pack(bytes: Uint8Array): Promise<Uint8Array> {
  const small = bytes.length < LEAST ? bytes : await deflate(bytes, { level: 1 });
  const [how, body] = small.length < bytes.length ? [DEFLATED, small] : [PLAIN, bytes];
  const packed = new Uint8Array(body.length + 1);
  packed[0] = how;
  packed.set(body, 1);
  return packed;
}

/** The bytes of a hash, in an ArrayBuffer of their own; undefined where what was left is damaged. */
export async function unpack(packed: Uint8Array, expected: string): Promise<Uint8Array | undefined> {
  try {
    const body = packed.subarray(1);
    const bytes = new Uint8Array(packed[0] === DEFLATED ? await inflate(body) : body);
    return hash(bytes) === expected ? bytes : undefined;
  } catch {
    return undefined;
  }
}
