import fc from "fast-check";
import { expect, test } from "vitest";
import type { Json } from "../../../pipeline/index.ts";
import { canonical } from "../../../pipeline/inspect.ts";

test("keys are sorted by code unit and nothing is between the tokens", () => {
  expect(canonical({ b: [1, "x", null], a: { Z: true, "": 0.1 } })).toBe(
    '{"a":{"":0.1,"Z":true},"b":[1,"x",null]}',
  );
  expect(canonical({ "\u{10000}": 1, "\uffff": 2 })).toBe('{"\u{10000}":1,"\uffff":2}');
});

test("minus zero is kept apart from zero, and read back", () => {
  expect(canonical([-0, 0])).toBe("[-0,0]");
  expect(Object.is((JSON.parse(canonical([-0])) as number[])[0], -0)).toBe(true);
});

test.each([
  ["$.a.b", { a: { b: Number.NaN } }],
  ["$[1]", [0, Number.POSITIVE_INFINITY]],
  ["$.a", { a: undefined }],
  ["$.when", { when: new Date(0) }],
  ["$.f", { f: () => 1 }],
  ["$.map", { map: new Map() }],
  ["$.big", { big: 1n }],
  ["$.data", { data: new Float64Array(1) }],
])("what JSON cannot carry is refused with its path: %s", (path, value) => {
  expect(() => canonical(value as unknown as Json)).toThrow(TypeError);
  expect(() => canonical(value as unknown as Json)).toThrow(path);
});

test("a list with a hole is refused", () => {
  const list = [1, 2, 3];
  delete list[1];
  expect(() => canonical(list)).toThrow("$[1] is undefined");
});

test("it is JSON of the same value, whatever the order of properties", () => {
  const shuffled = (value: Json): Json => {
    if (Array.isArray(value)) return value.map(shuffled);
    if (typeof value !== "object" || value === null) return value;
    const entries = Object.entries(value).map(([key, item]) => [key, shuffled(item)] as const);
    return Object.fromEntries(entries.reverse());
  };
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const text = canonical(value as Json);
      expect(JSON.parse(text)).toEqual(value);
      expect(canonical(shuffled(value as Json))).toBe(text);
    }),
    { numRuns: 2_000, seed: 1 },
  );
});

test("different values have different texts", () => {
  const text = (value: unknown) => canonical(value as Json);
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
      const same = text(a) === text(b);
      if (same) expect(a).toStrictEqual(b);
    }),
    { numRuns: 2_000, seed: 2 },
  );
});
