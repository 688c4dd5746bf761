import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { explain, keyOf, type PreImage } from "../../../pipeline/inspect.ts";

const base: PreImage = { stage: "s", code: "c", params: {}, inputs: {} };
const between = (before: Partial<PreImage>, after: Partial<PreImage>) =>
  explain({ ...base, ...before }, { ...base, ...after });

test("equal pre-images do not differ", () => {
  expect(between({ params: { a: [1, { b: 2 }] } }, { params: { a: [1, { b: 2 }] } })).toEqual([]);
});

describe("parameters", () => {
  test("nested objects are told by the path of the leaf", () => {
    expect(
      between({ params: { ring: { v_c: 300, dt: 0.5 } } }, { params: { ring: { v_c: 400, dt: 0.5 } } }),
    ).toEqual([{ kind: "parameter", path: "ring.v_c", from: 300, to: 400 }]);
  });
  test("lists are leaves", () => {
    expect(between({ params: { axis: [1, 2] } }, { params: { axis: [1, 2, 3] } })).toEqual([
      { kind: "parameter", path: "axis", from: [1, 2], to: [1, 2, 3] },
    ]);
  });
  test("what is new has no from, what is gone has no to", () => {
    expect(between({ params: { old: 1 } }, { params: { new: { x: null } } })).toEqual([
      { kind: "parameter", path: "new", to: { x: null } },
      { kind: "parameter", path: "old", from: 1 },
    ]);
  });
  test("a sign of zero counts", () => {
    expect(between({ params: { x: 0 } }, { params: { x: -0 } })).toHaveLength(1);
  });
  test("parameters that are no object have the empty path", () => {
    expect(between({ params: 1 }, { params: 2 })).toEqual([{ kind: "parameter", path: "", from: 1, to: 2 }]);
  });
});

test("inputs, code, kernels and packages each have their reason, in this order", () => {
  const before = { inputs: { fit: "1", cell: "1" }, packages: { zod: "4.0.0", lmdb: "3" }, kernels: "k" };
  const after = { inputs: { fit: "2", cell: "1" }, packages: { zod: "4.1.0", rxjs: "7" }, code: "d" };
  expect(between(before, after)).toEqual([
    { kind: "input", input: "fit", from: "1", to: "2" },
    { kind: "code" },
    { kind: "kernels" },
    { kind: "package", name: "lmdb", from: "3" },
    { kind: "package", name: "rxjs", to: "7" },
    { kind: "package", name: "zod", from: "4.0.0", to: "4.1.0" },
  ]);
});

// "Should it run" asks the key, "why" asks here: they must never disagree.
test("pre-images of one node differ exactly where their keys do", () => {
  const json = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      fc.constantFrom(0, -0, 1, "", "a", null, true),
      tie("list"),
      tie("object"),
    ),
    list: fc.array(tie("value"), { maxLength: 2 }),
    object: fc.dictionary(fc.constantFrom("a", "b", "a.b", ""), tie("value"), { maxKeys: 3 }),
  })).value;
  const names = fc.dictionary(fc.constantFrom("x", "y"), fc.constantFrom("1", "2"));
  const preImage = fc.record(
    {
      stage: fc.constant("s"),
      code: fc.constantFrom("c", "d"),
      kernels: fc.constantFrom("k", "l"),
      packages: names,
      params: json,
      inputs: names,
    },
    { requiredKeys: ["stage", "code", "params", "inputs"] },
  ) as fc.Arbitrary<PreImage>;
  fc.assert(
    fc.property(preImage, preImage, (before, after) => {
      // No packages and an empty list of packages are the same to whoever asks why.
      fc.pre(
        before.packages !== undefined ||
          after.packages === undefined ||
          Object.keys(after.packages).length > 0,
      );
      fc.pre(
        after.packages !== undefined ||
          before.packages === undefined ||
          Object.keys(before.packages).length > 0,
      );
      expect(explain(before, after).length === 0).toBe(keyOf(before) === keyOf(after));
      expect(explain(before, before)).toEqual([]);
    }),
    { numRuns: 3_000, seed: 3 },
  );
});
