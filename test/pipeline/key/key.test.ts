import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Json } from "../../../pipeline/index.ts";
import { fingerprintOfText, hash, keyOf, type PreImage } from "../../../pipeline/inspect.ts";
import { add } from "../../support/harness.ts";

const preImage: PreImage = {
  stage: "ring-trial/baseline",
  code: "c".repeat(64),
  kernels: "d".repeat(64),
  packages: { zod: "4.6.7" },
  params: { v_c: 300, l_exc: 5, drive: [-0, 0.1, 1e21], reading: "as-coded", µ: null },
  inputs: { cell: "a".repeat(64), fit: "b".repeat(64) },
};

test("hash is BLAKE3: the vectors of its authors", () => {
  expect(hash("")).toBe("af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262");
  expect(hash(Uint8Array.from([0, 1, 2]))).toBe(
    "e1be4d7a8ab5560aa4199eea339849ba8e293d55ca0a81006726d184519e647f",
  );
  expect(hash("µ")).toBe(hash(Uint8Array.from([0xc2, 0xb5])));
});

// A change of this literal means that every result ever computed is computed again. Say so in the changelog.
test("the key of a pre-image is what it always was", () => {
  expect(keyOf(preImage)).toBe("5f14a7a9eee85e8cab7d8b17d0cda2016ff51be6a160cac9de5bdba56504f9c8");
});

test("the order of properties does not matter", () => {
  const { params, ...rest } = preImage;
  const reversed = Object.fromEntries(Object.entries(params as object).reverse());
  expect(keyOf({ params: reversed, ...rest })).toBe(keyOf(preImage));
});

test.each<[string, Partial<PreImage>]>([
  ["stage", { stage: "ring-trial/wide-stimulus" }],
  ["code", { code: "e".repeat(64) }],
  ["kernels", { kernels: "e".repeat(64) }],
  ["package", { packages: { zod: "4.6.8" } }],
  ["parameter", { params: { ...(preImage.params as object), v_c: 301 } }],
  ["sign of zero", { params: { ...(preImage.params as object), drive: [0, 0.1, 1e21] } }],
  ["input", { inputs: { ...preImage.inputs, fit: "c".repeat(64) } }],
  ["inputs exchanged", { inputs: { cell: preImage.inputs.fit!, fit: preImage.inputs.cell! } }],
])("another %s makes another key", (_, change) => {
  expect(keyOf({ ...preImage, ...change })).not.toBe(keyOf(preImage));
});

test("the fingerprint of a stage's text changes with its text", () => {
  const other = { ...add, run: async () => ({ arrays: {}, values: { n: 1 } }) };
  expect(fingerprintOfText(add)).toEqual(fingerprintOfText({ ...add, id: "other" }));
  expect(fingerprintOfText(add)).not.toEqual(fingerprintOfText(other));
});

describe("for every pre-image", () => {
  const number = fc.oneof(
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.constantFrom(0, -0, 1, 2 ** 53, Number.MIN_VALUE, Number.MAX_VALUE, 1e21, 1e-7),
  );
  const text = fc.oneof(fc.string({ unit: "binary" }), fc.constantFrom("", "__proto__", "\ud800", "\0"));
  const json = fc.letrec<{ value: Json }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      number,
      text,
      fc.constantFrom(null, true, false),
      fc.array(tie("value"), { maxLength: 4 }),
      fc.dictionary(text, tie("value"), { maxKeys: 4 }),
    ),
  })).value;
  const names = fc.dictionary(text, text, { maxKeys: 3 });
  const preImages = fc.record(
    { stage: text, code: text, kernels: text, packages: names, params: json, inputs: names },
    { requiredKeys: ["stage", "code", "params", "inputs"] },
  ) as fc.Arbitrary<PreImage>;

  const reversed = (value: Json): Json => {
    if (Array.isArray(value)) return value.map(reversed);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(
      Object.entries(value)
        .map(([key, item]) => [key, reversed(item)] as const)
        .reverse(),
    );
  };

  // 64 digits, whatever the names and parameters: no store's limit on keys can be reached.
  test("the key is 64 hexadecimal digits, whatever the order of properties", () => {
    fc.assert(
      fc.property(preImages, (any) => {
        const key = keyOf(any);
        expect(key).toMatch(/^[0-9a-f]{64}$/);
        expect(keyOf(reversed(any as unknown as Json) as unknown as PreImage)).toBe(key);
      }),
      { numRuns: 10_000, seed: 21 },
    );
  });

  test("two have the same key exactly if they are the same, signs of zero included", () => {
    const like = preImages.chain((one) => fc.tuple(fc.constant(one), fc.oneof(preImages, changed(one))));
    fc.assert(
      fc.property(like, ([one, other]) => {
        expect(keyOf(one) === keyOf(other)).toBe(same(one, other));
      }),
      { numRuns: 10_000, seed: 22 },
    );
  });

  test("what JSON cannot carry is refused wherever it stands", () => {
    const strangers = fc.constantFrom<unknown>(
      Number.NaN,
      Number.POSITIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
      undefined,
      1n,
      Symbol("s"),
      new Date(0),
      new Map(),
      () => 0,
      new Float64Array(1),
    );
    const steps = fc.array(fc.oneof(fc.nat({ max: 3 }), fc.constantFrom("a", "b")), { maxLength: 5 });
    fc.assert(
      fc.property(strangers, steps, json, (stranger, path, beside) => {
        const params = path.reduceRight<unknown>(
          (inner, step) =>
            typeof step === "number"
              ? [...new Array(step).fill(beside), inner]
              : { [step]: inner, z: beside },
          stranger,
        );
        const spelt = path.map((step) => (typeof step === "number" ? `[${step}]` : `.${step}`)).join("");
        const refused = () => keyOf({ ...preImage, params: params as Json });
        expect(refused).toThrow(TypeError);
        expect(refused).toThrow(`$.params${spelt} is `);
      }),
      { numRuns: 2_000, seed: 23 },
    );
  });

  /** The same again, or with one leaf of the parameters put in a list or its zero's sign turned. */
  function changed(one: PreImage): fc.Arbitrary<PreImage> {
    const turned = (value: Json): Json => (Object.is(value, 0) ? -0 : Object.is(value, -0) ? 0 : [value]);
    return fc.constantFrom(structuredClone(one), { ...one, params: turned(one.params) });
  }

  function same(one: unknown, other: unknown): boolean {
    if (typeof one !== "object" || typeof other !== "object" || one === null || other === null) {
      return Object.is(one, other);
    }
    const [a, b] = [one, other].map((value) => new Map(Object.entries(value)));
    if (Array.isArray(one) !== Array.isArray(other) || a!.size !== b!.size) return false;
    return [...a!].every(([key, value]) => b!.has(key) && same(value, b!.get(key)));
  }
});
