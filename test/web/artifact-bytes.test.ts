import fc from "fast-check";
import { expect, test } from "vitest";
import type { Artifact } from "../../pipeline/index.ts";
import { dtypes } from "../../pipeline/inspect.ts";
import { pack, unpack } from "../../web/artifact-bytes.ts";

const array = fc
  .record({
    dtype: fc.constantFrom(...Object.keys(dtypes)) as fc.Arbitrary<keyof typeof dtypes>,
    shape: fc.array(fc.nat(4), { maxLength: 3 }),
    units: fc.string(),
    seed: fc.nat(),
  })
  .map(({ dtype, shape, units, seed }) => {
    const size = shape.reduce((product, length) => product * length, 1);
    // Bytes of any kind, so also NaN with a payload and -0; from an odd place in a larger buffer.
    const whole = new dtypes[dtype](size + 1);
    new Uint8Array(whole.buffer).forEach((_, at, bytes) => {
      bytes[at] = (seed >>> (at % 24)) + 31 * at;
    });
    return { data: whole.subarray(1), shape, dims: shape.map((_, axis) => `d${axis}`), units };
  });
const artifacts: fc.Arbitrary<Artifact> = fc.record({
  arrays: fc.dictionary(fc.string({ unit: "grapheme" }), array, { noNullPrototype: true }),
  values: fc.dictionary(fc.string(), fc.jsonValue() as fc.Arbitrary<string>, { noNullPrototype: true }),
});

/** With arrays as bytes, which tell apart what numbers do not. */
const plain = ({ arrays, values }: Artifact) => ({
  values: JSON.stringify(values),
  arrays: Object.entries(arrays).map(([name, { data, ...labels }]) => ({
    ...{ name, labels, dtype: data.constructor.name },
    bytes: [...new Uint8Array(data.buffer, data.byteOffset, data.byteLength)],
  })),
});

test("what is packed is unpacked bit by bit", () => {
  fc.assert(
    fc.property(artifacts, (artifact) => {
      expect(plain(unpack(pack(artifact).buffer))).toEqual(plain(artifact));
    }),
  );
});

test("the header and where arrays begin are as the format says", () => {
  const data = Float64Array.of(1);
  const bytes = pack({ arrays: { x: { data, shape: [], dims: [], units: "V" } }, values: {} });
  const length = new DataView(bytes.buffer).getUint32(0, true);
  expect(JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length)))).toEqual({
    values: {},
    arrays: { x: { dtype: "float64", shape: [], dims: [], units: "V", offset: 0 } },
  });
  expect(bytes.length % 8).toBe(0);
  expect([...bytes.subarray(-8)]).toEqual([0, 0, 0, 0, 0, 0, 0xf0, 0x3f]);
});
