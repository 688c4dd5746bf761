import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { blobsOf, decode, encode } from "../../cache/codec.ts";
import type { Artifact } from "../../pipeline/index.ts";
import { hash } from "../../pipeline/inspect.ts";
import { artifacts, spelt } from "./artifacts.ts";
import { vector } from "./samples.ts";

const roundTrip = (artifact: Artifact) => {
  const { content, manifest, blobs } = encode(artifact);
  return decode(content, manifest, (blob) => blobs.get(blob));
};

describe("for every artifact", () => {
  test("encoding and decoding gives all bits and labels back, each array alone in its memory", () => {
    fc.assert(
      fc.property(artifacts, (artifact) => {
        const decoded = roundTrip(artifact);
        expect(spelt(decoded)).toStrictEqual(spelt(artifact));
        for (const { data } of Object.values(decoded.arrays)) {
          expect([data.byteOffset, data.buffer.byteLength]).toEqual([0, data.byteLength]);
        }
      }),
      { numRuns: 5_000, seed: 1 },
    );
  });

  test("the content does not depend on the order of properties or on where the bytes lie", () => {
    const reversed = <T>(object: Readonly<Record<string, T>>): Record<string, T> =>
      Object.fromEntries(Object.entries(object).reverse());
    fc.assert(
      fc.property(artifacts, (artifact) => {
        const arrays = Object.entries(artifact.arrays).map(([name, array]) => {
          return [name, reversed({ ...array, data: array.data.slice() })] as const;
        });
        const other = { values: reversed(artifact.values), arrays: reversed(Object.fromEntries(arrays)) };
        expect(encode(other as unknown as Artifact)).toStrictEqual(encode(artifact));
      }),
      { numRuns: 3_000, seed: 2 },
    );
  });

  test("the content differs where a single bit or label does", () => {
    fc.assert(
      fc.property(artifacts, fc.nat(), (artifact, at) => {
        const { content } = encode(artifact);
        for (const [name, array] of Object.entries(artifact.arrays)) {
          const others = [{ ...array, units: `${array.units}/s` }];
          if (array.data.length > 0) {
            const data = array.data.slice();
            new Uint8Array(data.buffer)[at % data.byteLength]! ^= 1 << (at % 8);
            others.push({ ...array, data });
          }
          for (const other of others) {
            const arrays = Object.fromEntries([...Object.entries(artifact.arrays), [name, other]]);
            expect(encode({ ...artifact, arrays }).content).not.toBe(content);
          }
        }
        expect(encode({ ...artifact, values: { ...artifact.values, extra: 1 } }).content).not.toBe(content);
      }),
      { numRuns: 2_000, seed: 3 },
    );
  });

  test("a flipped bit of manifest or blob is never decoded", () => {
    fc.assert(
      fc.property(artifacts, fc.nat(), (artifact, at) => {
        const { content, manifest, blobs } = encode(artifact);
        const flipped = (bytes: Uint8Array) =>
          bytes.map((byte, index) => (index === at % bytes.length ? byte ^ 1 : byte));
        const text = Buffer.from(flipped(Buffer.from(manifest))).toString();
        expect(() => decode(content, text, (blob) => blobs.get(blob))).toThrow("its manifest does not match");
        if ([...blobs.values()].every(({ length }) => length === 0)) return;
        expect(() => decode(content, manifest, (blob) => flipped(blobs.get(blob)!))).toThrow(
          "do not match their hash",
        );
      }),
      { numRuns: 2_000, seed: 4 },
    );
  });

  test("a manifest tells hash and length of all its blobs", () => {
    fc.assert(
      fc.property(artifacts, (artifact) => {
        const { manifest, blobs } = encode(artifact);
        expect(blobsOf(manifest)).toEqual(new Map([...blobs].map(([blob, { length }]) => [blob, length])));
      }),
      { numRuns: 1_000, seed: 5 },
    );
  });
});

// A change of these literals means that every artifact has another content: all keys behind it change with it.
test("an artifact's manifest and content are what they always were", () => {
  const artifact: Artifact = {
    arrays: {
      time: { data: Float64Array.of(0, 0.5), shape: [2], dims: ["time"], units: "ms" },
      count: { data: Uint16Array.of(1, 256, 65_535, 0), shape: [2, 2], dims: ["time", "cell"], units: "1" },
      rate: { data: Float32Array.of(-0), shape: [], dims: [], units: "Hz" },
    },
    values: { reading: "as-coded", zero: -0, rest: [0.1, null, true] },
  };
  const { content, manifest } = encode(artifact);
  expect(manifest).toBe(
    '{"arrays":{' +
      '"count":{"blob":"1643a3322dffcd3b3fd002bc5b7ebf22bb5f32eb1b328c320d7c66d5263a737b",' +
      '"dims":["time","cell"],"dtype":"uint16","shape":[2,2],"units":"1"},' +
      '"rate":{"blob":"cf2495c57caf3fe3203bf6f744b5ddfc88adf65ce6c10588ed7b25cc8daa7aeb",' +
      '"dims":[],"dtype":"float32","shape":[],"units":"Hz"},' +
      '"time":{"blob":"09e79565cae47464e5f50aeb29497112e0b0683d7da5f8838171709562c7bc39",' +
      '"dims":["time"],"dtype":"float64","shape":[2],"units":"ms"}},' +
      '"values":{"reading":"as-coded","rest":[0.1,null,true],"zero":-0},"version":1}',
  );
  expect(content).toBe("97a44fbbe44960dc34504ac57cb383a5075eed90a9df9b698dd028c57f79c96f");
  expect(content).toBe(hash(manifest));
});

test("arrays of equal bytes share a blob whatever their dtype", () => {
  const zeros = (data: Float64Array | Int32Array) => ({
    data,
    shape: [data.length],
    dims: [`${data.length}`],
    units: "1",
  });
  const { blobs } = encode({
    arrays: { a: zeros(new Float64Array(1)), b: zeros(new Int32Array(2)) },
    values: {},
  });
  expect(blobs.size).toBe(1);
});

describe("what is no artifact", () => {
  test.each<[string, Artifact]>([
    ["needs 3 elements", { arrays: { x: { ...vector(1, 2).arrays.x!, shape: [3] } }, values: {} }],
    ["$.values.x is NaN", { arrays: {}, values: { x: Number.NaN } }],
  ])("%s", (message, artifact) => {
    expect(() => encode(artifact)).toThrow(message);
  });
});

describe("decoding refuses", () => {
  const { content, manifest, blobs } = encode(vector(1, 2, 3));
  test("a blob that is missing or of another length", () => {
    expect(() => decode(content, manifest, () => undefined)).toThrow("the bytes of array x are missing");
    const longer = (blob: string) => Uint8Array.from([...blobs.get(blob)!, 0]);
    expect(() => decode(content, manifest, longer)).toThrow("the bytes of array x do not match");
  });
  test("a manifest of another version", () => {
    const newer = manifest.replace('"version":1', '"version":2');
    expect(() => decode(hash(newer), newer, () => undefined)).toThrow("version 2");
  });
});
