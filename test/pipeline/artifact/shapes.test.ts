import fc from "fast-check";
import { expect, test } from "vitest";
import type { Artifact } from "../../../pipeline/index.ts";
import { checkArtifact, type Dtype, dtypeOf, dtypes } from "../../../pipeline/inspect.ts";

const lengths = fc.oneof(
  fc.nat({ max: 4 }),
  fc.constantFrom(2 ** 16, 2 ** 26, 2 ** 27, 2 ** 32, 2 ** 52, Number.MAX_SAFE_INTEGER),
);
const odd = fc.constantFrom(-1, 0.5, -0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53);

const arrayOf = (shape: readonly number[], elements: number, dtype: Dtype): Artifact => ({
  arrays: {
    x: {
      data: new dtypes[dtype](elements),
      shape,
      dims: shape.map((_, axis) => `axis ${axis}`),
      units: "1",
    },
  },
  values: {},
});

// Counted in BigInt, which cannot overflow.
test("a shape is accepted exactly where it can be counted and its elements are there", () => {
  fc.assert(
    fc.property(
      fc.array(lengths, { maxLength: 24 }),
      fc.nat({ max: 70 }),
      fc.boolean(),
      fc.constantFrom(...(Object.keys(dtypes) as Dtype[])),
      (shape, other, fits, dtype) => {
        const product = (of: readonly number[]) => of.reduce((result, length) => result * BigInt(length), 1n);
        const size = product(shape);
        const elements = fits && size < 1_000n ? Number(size) : other;
        const countable = product(shape.filter((length) => length > 0)) <= BigInt(Number.MAX_SAFE_INTEGER);
        const check = () => checkArtifact(arrayOf(shape, elements, dtype));
        if (countable && size === BigInt(elements)) expect(check).not.toThrow();
        else expect(check).toThrow(countable ? /needs \d+ elements, it has \d+/ : "more than can be counted");
      },
    ),
    { numRuns: 10_000, seed: 11 },
  );
});

test("lengths are whole numbers from 0 on", () => {
  fc.assert(
    fc.property(fc.array(lengths, { maxLength: 3 }), odd, fc.nat(), (shape, length, at) => {
      const wrong = shape.toSpliced(at % (shape.length + 1), 0, length);
      expect(() => checkArtifact(arrayOf(wrong, 0, "int8"))).toThrow("lengths are whole numbers from 0 on");
    }),
    { numRuns: 1_000, seed: 12 },
  );
});

test("every dtype is known by its name, and nothing else is one", () => {
  for (const [name, type] of Object.entries(dtypes)) expect(dtypeOf(new type(1))).toBe(name);
  for (const other of [
    new BigInt64Array(1),
    new Uint8ClampedArray(1),
    new DataView(new ArrayBuffer(1)),
    [1],
  ]) {
    expect(() => dtypeOf(other as never)).toThrow("has no dtype");
  }
});
