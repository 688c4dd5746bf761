import { gunzipSync } from "node:zlib";
import fc from "fast-check";
import { expect, test } from "vitest";
import { encodeZarr, type ZarrArray } from "../../data/zarr.ts";
import { dtypes, type Numbers } from "../../pipeline/inspect.ts";
import { artifacts, bytesOf } from "../cache/artifacts.ts";

// A reader of its own, written from the specification: https://zarr-specs.readthedocs.io/en/latest/v3/core/index.html

// biome-ignore lint/suspicious/noExplicitAny: whatever the file holds
const metadataIn = (files: ReadonlyMap<string, Uint8Array>, path: string): any =>
  JSON.parse(new TextDecoder("utf8", { fatal: true }).decode(files.get(path)));

function readArray(files: ReadonlyMap<string, Uint8Array>, node: string): ZarrArray {
  const {
    zarr_format,
    node_type,
    shape,
    data_type,
    chunk_grid,
    chunk_key_encoding,
    fill_value,
    codecs,
    ...rest
  } = metadataIn(files, `${node}/zarr.json`);
  expect([zarr_format, node_type, chunk_grid.name]).toEqual([3, "array", "regular"]);
  expect(chunk_key_encoding).toEqual({ name: "default", configuration: { separator: "/" } });
  const type = dtypes[data_type as keyof typeof dtypes];
  const size = shape.reduce((product: number, length: number) => product * length, 1);
  const data: Numbers = new type(size).fill(fill_value === "NaN" ? Number.NaN : fill_value);
  const chunkShape: number[] = chunk_grid.configuration.chunk_shape;
  expect(chunkShape.every((length) => length >= 1)).toBe(true);
  const used = new Set<string>();
  // Element by element: its chunk, and its place there.
  for (let at = 0; at < size; at += 1) {
    let rest = at;
    const index = shape
      .toReversed()
      .map((length: number) => {
        const place = rest % length;
        rest = Math.floor(rest / length);
        return place;
      })
      .reverse();
    const key = [
      "c",
      ...index.map((place: number, axis: number) => Math.floor(place / chunkShape[axis]!)),
    ].join("/");
    used.add(`${node}/${key}`);
    let bytes = files.get(`${node}/${key}`)!;
    expect(bytes, key).toBeDefined();
    for (const { name, configuration } of codecs.toReversed()) {
      if (name === "gzip") bytes = gunzipSync(bytes);
      else expect([name, configuration?.endian ?? "little"]).toEqual(["bytes", "little"]);
    }
    expect(bytes.length).toBe(
      chunkShape.reduce((product, length) => product * length, type.BYTES_PER_ELEMENT),
    );
    const inChunk = index.reduce(
      (sum: number, place: number, axis: number) => sum * chunkShape[axis]! + (place % chunkShape[axis]!),
      0,
    );
    const width = type.BYTES_PER_ELEMENT;
    bytesOf(data).set(bytes.slice(inChunk * width, (inChunk + 1) * width), at * width);
  }
  for (const file of files.keys()) {
    if (file.startsWith(`${node}/c`)) expect(used).toContain(file);
  }
  return { data, shape, dims: rest.dimension_names, units: rest.attributes.units };
}

test("every array comes back bit for bit, with its names and unit, whatever the chunks", () => {
  fc.assert(
    fc.property(artifacts, fc.integer({ min: 1, max: 200 }), fc.boolean(), ({ arrays }, chunkBytes, gzip) => {
      const files = encodeZarr(arrays, { stable: true }, { chunkBytes, gzip });
      const group = metadataIn(files, "zarr.json");
      expect(group).toMatchObject({ zarr_format: 3, node_type: "group", attributes: { stable: true } });
      const { metadata } = group.consolidated_metadata;
      const nodes = Object.keys(metadata);
      expect(nodes).toHaveLength(Object.keys(arrays).length);
      const byName = new Map(nodes.map((node) => [metadata[node].attributes.long_name ?? node, node]));
      for (const [name, array] of Object.entries(arrays)) {
        const node = byName.get(name)!;
        expect(node).toMatch(/^(?!__)(?!\.*$)[^/]+$/s);
        expect(metadata[node]).toEqual(metadataIn(files, `${node}/zarr.json`));
        const read = readArray(files, node);
        expect(bytesOf(read.data).equals(bytesOf(array.data))).toBe(true);
        expect([read.shape, read.dims, read.units]).toEqual([array.shape, array.dims, array.units]);
      }
    }),
    { numRuns: 500, seed: 21 },
  );
});

test("a small array is one chunk, a large one several, cut along its first axis", () => {
  const of = (...shape: number[]): ZarrArray => ({
    data: new Float64Array(shape.reduce((product, length) => product * length, 1)),
    ...{ shape, dims: shape.map((_, axis) => `d${axis}`), units: "mV" },
  });
  const files = encodeZarr({ small: of(10, 3), large: of(5, 500, 500), point: of() });
  expect([...files.keys()]).toEqual([
    ...["zarr.json", "small/zarr.json", "small/c/0/0", "large/zarr.json"],
    ...["large/c/0/0/0", "large/c/1/0/0", "large/c/2/0/0", "point/zarr.json", "point/c"],
  ]);
  expect(metadataIn(files, "large/zarr.json").chunk_grid.configuration.chunk_shape).toEqual([2, 500, 500]);
});

test("equal arrays give equal files", () => {
  const array = { data: Int16Array.of(1, 2), shape: [2], dims: ["x"], units: "1" };
  expect(encodeZarr({ array }, {}, { gzip: true })).toEqual(encodeZarr({ array }, {}, { gzip: true }));
});
