import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { encode } from "../../cache/codec.ts";
import { diffArtifacts } from "../../cache/index.ts";
import { type ArrayDifference, isEqual } from "../../cache/inspect.ts";
import type { Artifact } from "../../pipeline/index.ts";
import type { Numbers } from "../../pipeline/inspect.ts";
import { artifacts } from "./artifacts.ts";

const of = (data: Numbers): Artifact => ({
  arrays: { x: { data, shape: [data.length], dims: ["x"], units: "mV" } },
  values: {},
});
const between = (a: Numbers, b: Numbers): ArrayDifference => diffArtifacts(of(a), of(b)).arrays.x!;

describe("the difference of two arrays", () => {
  test("is how many elements differ, by how much and by how many steps", () => {
    expect(between(Float64Array.of(1, 2, 4), Float64Array.of(1, 2 + 2 ** -51, 3))).toEqual({
      ...{ kind: "elements", size: 3, differing: 2, nan: 0 },
      ...{ absolute: 1, relative: 0.25, ulp: 2 ** 51 },
    });
    expect(between(Float64Array.of(1), Float64Array.of(1 + Number.EPSILON))).toMatchObject({ ulp: 1 });
    expect(between(Float32Array.of(1), Float32Array.of(1 + 2 ** -23))).toMatchObject({
      ulp: 1,
      differing: 1,
    });
    expect(between(Int16Array.of(-3, 5), Int16Array.of(3, 5))).toEqual({
      ...{ kind: "elements", size: 2, differing: 1, nan: 0, absolute: 6, relative: 2 },
    });
  });

  test("tells zeros of unlike signs apart, zero steps away; steps go across zero", () => {
    expect(between(Float64Array.of(0), Float64Array.of(-0))).toMatchObject({
      ...{ differing: 1, absolute: 0, relative: 0, ulp: 0 },
    });
    const least = Number.MIN_VALUE;
    expect(between(Float64Array.of(least), Float64Array.of(-least))).toMatchObject({ ulp: 2, relative: 2 });
  });

  test("keeps NaN and infinities out of the numbers", () => {
    const nan = Number.NaN;
    expect(between(Float64Array.of(nan, nan, 1), Float64Array.of(nan, 0, 1))).toMatchObject({
      ...{ differing: 1, nan: 1, absolute: 0, ulp: 0 },
    });
    expect(between(Float64Array.of(Number.POSITIVE_INFINITY), Float64Array.of(1))).toMatchObject({
      ...{ absolute: Number.POSITIVE_INFINITY, relative: 1 },
    });
    const most = Number.MAX_VALUE;
    expect(between(Float64Array.of(most), Float64Array.of(-most))).toMatchObject({ relative: 2 });
    const payload = new Float64Array(new BigInt64Array([0x7ff8000000000001n]).buffer);
    expect(between(Float64Array.of(nan), payload)).toMatchObject({ differing: 1, nan: 0 });
  });

  test("is one of layout where dtype, shape, dimensions or unit differ", () => {
    expect(between(Float64Array.of(1), Float32Array.of(1))).toMatchObject({
      ...{ kind: "layout", from: { dtype: "float64", shape: [1] }, to: { dtype: "float32" } },
    });
    expect(between(Float64Array.of(1), Float64Array.of(1, 2)).kind).toBe("layout");
  });
});

test("arrays of one artifact alone and values by path are told", () => {
  const a = { ...of(Int8Array.of(1)), values: { n: 1, fit: { a: [1], b: 2 } } };
  const b = { arrays: { y: of(Int8Array.of(1)).arrays.x! }, values: { n: 1, fit: { a: [2] } } };
  expect(diffArtifacts(a, b)).toEqual({
    arrays: { x: { kind: "removed" }, y: { kind: "added" } },
    values: [
      { path: "fit.a", from: [1], to: [2] },
      { path: "fit.b", from: 2 },
    ],
  });
});

test("two artifacts are equal exactly where their contents are", () => {
  fc.assert(
    fc.property(artifacts, artifacts, (a, b) => {
      expect(isEqual(diffArtifacts(a, a))).toBe(true);
      expect(isEqual(diffArtifacts(a, b))).toBe(encode(a).content === encode(b).content);
    }),
    { numRuns: 1_000, seed: 11 },
  );
});
