import { expect, test } from "vitest";
import { fingerprintOfText, hash, keyOf, type PreImage } from "../../pipeline/index.ts";
import { add } from "./harness.ts";

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
