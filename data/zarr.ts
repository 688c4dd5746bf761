import { gzipSync } from "fflate";
import type { Numbers } from "./numbers.ts";

/** An array with names for its axes. */
export interface ZarrArray {
  /** Row-major. */
  readonly data: Numbers;
  readonly shape: readonly number[];
  readonly dims: readonly string[];
  readonly units: string;
}

export interface ZarrOptions {
  /** Chunks are compressed with gzip; not unless given. */
  readonly gzip?: boolean;
  /** Bytes of a chunk before compression, at most where that is possible; 4 MiB unless given. */
  readonly chunkBytes?: number;
}

type Attributes = Readonly<Record<string, unknown>>;

/**
 * Arrays as a group of Zarr version 3 (https://zarr-specs.readthedocs.io/en/latest/v3/core/index.html): path →
 * bytes of the files in its folder. Axes have their names, units stand in attributes, and a one-dimensional array
 * named like its axis is that axis' coordinate: xarray and zarr-python open it with all of them. The group's
 * metadata holds a copy of the arrays', as both look for it first.
 *
 * @param attributes plain values that go with the arrays
 */
export function encodeZarr(
  arrays: Readonly<Record<string, ZarrArray>>,
  attributes: Attributes = {},
  { gzip = false, chunkBytes = 4 * 2 ** 20 }: ZarrOptions = {},
): Map<string, Uint8Array> {
  const files = new Map<string, Uint8Array>();
  const metadata: Record<string, object> = {};
  for (const [name, array] of Object.entries(arrays)) {
    const node = freeName(name, metadata);
    const chunkShape = chunkShapeOf(array, chunkBytes);
    metadata[node] = describe(array, chunkShape, gzip, node === name ? {} : { long_name: name });
    files.set(`${node}/zarr.json`, json(metadata[node]));
    for (const [key, bytes] of chunksOf(array, chunkShape)) {
      // No time of day in the header: equal arrays give equal files.
      files.set(`${node}/${key}`, gzip ? gzipSync(bytes, { mtime: 0 }) : bytes);
    }
  }
  const consolidated = { kind: "inline", must_understand: false, metadata };
  const group = { zarr_format: 3, node_type: "group", attributes, consolidated_metadata: consolidated };
  return new Map([["zarr.json", json(group)], ...files]);
}

function describe(
  { data, shape, dims, units }: ZarrArray,
  chunkShape: readonly number[],
  gzip: boolean,
  attributes: Attributes,
): object {
  const isFloat = data instanceof Float64Array || data instanceof Float32Array;
  return {
    zarr_format: 3,
    node_type: "array",
    shape,
    data_type: data.constructor.name.replace("Array", "").toLowerCase(),
    chunk_grid: { name: "regular", configuration: { chunk_shape: chunkShape } },
    chunk_key_encoding: { name: "default", configuration: { separator: "/" } },
    fill_value: isFloat ? "NaN" : 0,
    codecs: [
      { name: "bytes", ...(data.BYTES_PER_ELEMENT > 1 && { configuration: { endian: "little" } }) },
      ...(gzip ? [{ name: "gzip", configuration: { level: 6 } }] : []),
    ],
    attributes: { units, ...attributes },
    dimension_names: dims,
  };
}

/** Whole along the last axes, so that a chunk's elements stand side by side in the array. */
function chunkShapeOf({ data, shape }: ZarrArray, chunkBytes: number): number[] {
  let room = Math.max(Math.floor(chunkBytes / data.BYTES_PER_ELEMENT), 1);
  const lengths = shape.map((length) => Math.max(length, 1)); // a chunk is never empty, even of an empty array
  return lengths
    .reverse()
    .map((length) => {
      const taken = Math.min(length, room);
      room = taken < length ? 1 : Math.floor(room / length);
      return taken;
    })
    .reverse();
}

/** The chunks of an array by their keys. All are of one size: what is beyond the array's end is fill. */
function* chunksOf(
  { data, shape }: ZarrArray,
  chunkShape: readonly number[],
): Generator<[string, Uint8Array]> {
  const grid = shape.map((length, axis) => Math.ceil(length / chunkShape[axis]!));
  const count = grid.reduce((product, each) => product * each, 1);
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((product, each) => product * each, 1));
  const size = chunkShape.reduce((product, each) => product * each, 1);
  // The axis along which chunks are cut: before it they are one element thick, after it whole.
  const cut = chunkShape.findIndex((length) => length > 1);
  for (let number = 0; number < count; number++) {
    const index = indexOf(number, grid);
    const begin = index.reduce((sum, place, axis) => sum + place * chunkShape[axis]! * strides[axis]!, 0);
    const inside =
      cut < 0 ? 1 : Math.min(chunkShape[cut]!, shape[cut]! - index[cut]! * chunkShape[cut]!) * strides[cut]!;
    const chunk = new (data.constructor as new (length: number) => Numbers)(size);
    if (data instanceof Float64Array || data instanceof Float32Array) chunk.fill(Number.NaN, inside);
    chunk.set(data.subarray(begin, begin + inside));
    yield [["c", ...index].join("/"), new Uint8Array(chunk.buffer)];
  }
}

/** The place of a chunk in the grid, from its number in row-major order. */
function indexOf(number: number, grid: readonly number[]): number[] {
  const index: number[] = [];
  let rest = number;
  for (const length of grid.toReversed()) {
    index.unshift(rest % length);
    rest = Math.floor(rest / length);
  }
  return index;
}

/** A name that the format allows and no other array has: the array's own wherever that may be. */
function freeName(name: string, taken: Readonly<Record<string, unknown>>): string {
  let free = name
    .replaceAll("/", "_")
    .replace(/^__/, "_")
    .replace(/^(zarr\.json|\.*)$/, "_$1");
  while (Object.hasOwn(taken, free)) free += "_";
  return free;
}

const json = (value: unknown): Uint8Array => new TextEncoder().encode(`${JSON.stringify(value, null, 2)}\n`);
