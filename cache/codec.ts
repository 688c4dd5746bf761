import { endianness } from "node:os";
import type { Artifact, Json } from "../pipeline/index.ts";
import { canonical, checkArtifact, type Dtype, dtypeOf, dtypes, hash } from "../pipeline/inspect.ts";

if (endianness() !== "LE")
  throw new Error("mesoflow's cache holds little-endian arrays: it needs such a machine");

/** Raised with every change of the manifest or of the arrays' bytes: contents then change, and all keys with them. */
const VERSION = 1;

/** One array as a manifest describes it; `blob` is the hash of its bytes. */
interface Entry {
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  readonly dims: readonly string[];
  readonly units: string;
  readonly blob: string;
}

interface Manifest {
  readonly version: number;
  readonly arrays: Readonly<Record<string, Entry>>;
  readonly values: Readonly<Record<string, Json>>;
}

/** An artifact as it is stored. */
export interface Encoded {
  /** Content hash: BLAKE3 of the manifest. */
  readonly content: string;
  /** Canonical JSON text. */
  readonly manifest: string;
  /** Hash → row-major little-endian bytes, in the artifact's own memory; equal arrays share one blob. */
  readonly blobs: ReadonlyMap<string, Uint8Array>;
}

/**
 * An artifact as manifest and blobs. Nothing is copied, as arrays may be large: who keeps the blobs beyond the
 * present turn of the event loop copies them. Arrays and values are named in canonical order: the order of
 * properties is not part of an artifact.
 *
 * @throws TypeError where shape, dims and data disagree, or a value is not JSON
 */
export function encode(artifact: Artifact): Encoded {
  checkArtifact(artifact);
  const blobs = new Map<string, Uint8Array>();
  const entries = Object.entries(artifact.arrays).map(([name, { data, shape, dims, units }]) => {
    const view = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    // Another thread could write to shared memory between its hash and its storing.
    const bytes = data.buffer instanceof SharedArrayBuffer ? view.slice() : view;
    const blob = hash(bytes);
    blobs.set(blob, bytes);
    const entry: Entry = { dtype: dtypeOf(data), shape, dims, units, blob };
    return [name, entry] as const;
  });
  const whole: Manifest = { version: VERSION, arrays: Object.fromEntries(entries), values: artifact.values };
  const manifest = canonical(whole as unknown as Json);
  return { content: hash(manifest), manifest, blobs };
}

/**
 * The artifact of a manifest. Every byte is checked against its hash.
 *
 * @param blob gives the bytes of a hash, which become the array's if they are alone in their ArrayBuffer
 * @throws Error saying what is missing or does not match
 */
export function decode(
  content: string,
  manifest: string,
  blob: (hash: string) => Uint8Array | undefined,
): Artifact {
  if (hash(manifest) !== content) throw new Error("its manifest does not match its hash");
  const { version, arrays, values } = JSON.parse(manifest) as Manifest;
  if (version !== VERSION) throw new Error(`its manifest is of version ${version}, not ${VERSION}`);
  const decoded = Object.entries(arrays).map(([name, entry]) => {
    const bytes = blob(entry.blob);
    if (!bytes) throw new Error(`the bytes of array ${name} are missing`);
    if (bytes.length !== bytesOf(entry) || hash(bytes) !== entry.blob) {
      throw new Error(`the bytes of array ${name} do not match their hash`);
    }
    const { dtype, shape, dims, units } = entry;
    const { buffer } = bytes.byteLength === bytes.buffer.byteLength ? bytes : new Uint8Array(bytes);
    return [name, { data: new dtypes[dtype](buffer as ArrayBuffer), shape, dims, units }] as const;
  });
  return { arrays: Object.fromEntries(decoded), values };
}

/** What a manifest refers to: blob hash → its length in bytes. */
export function blobsOf(manifest: string): Map<string, number> {
  const { arrays } = JSON.parse(manifest) as Manifest;
  return new Map(Object.values(arrays).map((entry) => [entry.blob, bytesOf(entry)]));
}

const bytesOf = ({ dtype, shape }: Entry): number =>
  shape.reduce((product, length) => product * length, dtypes[dtype].BYTES_PER_ELEMENT);
