import stdlibErfc from "@stdlib/math-base-special-erfc";
import stdlibExp from "@stdlib/math-base-special-exp";
import stdlibLn from "@stdlib/math-base-special-ln";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { erfc, erfcinv, erfcs, exp, exps, gaussian, log, logs } from "../../kernels/index.ts";
import * as plain from "../../kernels/reference/math.ts";

const kernels = { exp, log, erfc, erfcinv, gaussian };
const lanes = { exp: exps, log: logs, erfc: erfcs };
const twin = { ...plain };

const view = new DataView(new ArrayBuffer(8));

/** Place of a double among all doubles, so that neighbours differ by one. */
function place(x: number): bigint {
  view.setFloat64(0, x);
  const bits = view.getBigInt64(0);
  return bits < 0n ? -(bits & 0x7fffffffffffffffn) : bits;
}

const ulps = (a: number, b: number): number => {
  const distance = place(a) - place(b);
  return Number(distance < 0n ? -distance : distance);
};

const one = (f: (x: number) => number) => (xs: Float64Array) => xs.map(f);

const normal = 2.2250738585072014e-308;

/** Largest distance in ulp from an oracle over a fine, evenly spaced set of arguments. */
function worst(
  f: (xs: Float64Array) => Float64Array,
  oracle: (x: number) => number,
  low: number,
  high: number,
  n = 200_000,
) {
  const xs = Float64Array.from({ length: n + 1 }, (_, k) => low + ((high - low) * k) / n);
  const got = f(xs);
  let largest = { ulps: 0, x: low };
  for (const [k, x] of xs.entries()) {
    const want = oracle(x);
    if (Math.abs(want) < normal) continue;
    const distance = ulps(got[k]!, want);
    if (distance > largest.ulps) largest = { ulps: distance, x };
  }
  return largest;
}

describe.each([
  ["one at a time", { exp: one(exp), log: one(log), erfc: one(erfc) }],
  ["in lanes", lanes],
] as const)("against @stdlib, %s", (_, kernels) => {
  it.each([
    [-708.4, 709.7],
    [-1, 1],
    [-1e-8, 1e-8],
    [-40, 2],
  ])("exp is within 2 ulp on [%d, %d]", (low, high) => {
    expect(worst(kernels.exp, stdlibExp, low, high).ulps).toBeLessThanOrEqual(2);
  });

  it.each([
    [5e-324, 1e-310],
    [1e-300, 1e-290],
    [1e-3, 0.7],
    [0.7, 1.45],
    [1.45, 1e6],
    [1e300, 1.797e308],
  ])("log is within 2 ulp on [%d, %d]", (low, high) => {
    expect(worst(kernels.log, stdlibLn, low, high).ulps).toBeLessThanOrEqual(2);
  });

  it("log is within 2 ulp in every binade", () => {
    const powers = Float64Array.from({ length: 200_000 }, (_, k) => exp(-744 + (1453 * k) / 200_000));
    const got = kernels.log(powers);
    const distances = powers.map((x, k) => ulps(got[k]!, stdlibLn(x)));
    expect(distances.reduce((a, b) => Math.max(a, b))).toBeLessThanOrEqual(2);
  });

  it.each([
    [-6, 0],
    [-1e-6, 1e-6],
    [0, 1],
    [1, 6],
    [6, 26.5],
  ])("erfc is within 8 ulp on [%d, %d]", (low, high) => {
    expect(worst(kernels.erfc, stdlibErfc, low, high).ulps).toBeLessThanOrEqual(8);
  });
});

// By mpmath at 40 digits; @stdlib's erfcinv is off by 2e-12 at 1e-300.
describe("against mpmath", () => {
  it.each([
    [1e-300, 26.209469960516124],
    [1e-100, 15.065574702592645],
    [1e-20, 6.601580622355143],
    [1e-5, 3.123413274340875],
    [0.01, 1.8213863677184496],
    [0.3, 0.7328690779592169],
    [0.9, 0.08885599049425767],
    [0.999, 0.0008862271574665529],
    [1.001, -0.0008862271574664545],
    [1.5, -0.4769362762044699],
    [1.99, -1.8213863677184494],
    [1.9999999, -3.7665625814958155],
  ])("erfcinv(%d) is %d to 4e-16, absolute near p = 1 and relative elsewhere", (p, want) => {
    expect(Math.abs(kernels.erfcinv(p) - want)).toBeLessThanOrEqual(4e-16 * Math.max(1, Math.abs(want)));
  });
});

describe("at the edges", () => {
  it.each([
    ["exp", 0, 1],
    ["exp", 710, Number.POSITIVE_INFINITY],
    ["exp", -746, 0],
    ["exp", -745, 5e-324],
    ["exp", Number.NaN, Number.NaN],
    ["exp", Number.NEGATIVE_INFINITY, 0],
    ["log", 1, 0],
    ["log", 0, Number.NEGATIVE_INFINITY],
    ["log", -1, Number.NaN],
    ["log", 5e-324, -744.4400719213812],
    ["log", Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY],
    ["erfc", Number.POSITIVE_INFINITY, 0],
    ["erfc", Number.NEGATIVE_INFINITY, 2],
    ["erfc", 30, 0],
    ["erfc", Number.NaN, Number.NaN],
    ["erfcinv", 0, Number.POSITIVE_INFINITY],
    ["erfcinv", 2, Number.NEGATIVE_INFINITY],
    ["erfcinv", -0.1, Number.NaN],
  ] as const)("%s(%d) is %d", (name, x, want) => {
    expect(kernels[name](x)).toBe(want);
  });
});

const anywhere = fc.oneof(
  fc.double(),
  fc.double({ min: -30, max: 30, noNaN: true }),
  fc.double({ min: -750, max: 720, noNaN: true }),
  fc.double({ min: 0, max: 2, noNaN: true }),
);

describe("bit for bit like the twin", () => {
  it.each(["exp", "log", "erfc", "erfcinv", "gaussian"] as const)("%s", (name) => {
    fc.assert(
      fc.property(anywhere, (x) => Object.is(kernels[name](x), twin[name](x))),
      { numRuns: 20_000 },
    );
  });
});

describe("in lanes, bit for bit like one at a time", () => {
  const thresholds = [0, -0, 5e-324, normal, Infinity, -Infinity, NaN, 28, -28, 2 ** -54, 1, -1, 708, -708];
  const limits = [
    709.782712893384, 709.7827128933841, -745.1332191019412, -745.1332191019413, -708.3964185322641,
  ];
  const special = fc.constantFrom(...thresholds, ...limits, Number.MAX_VALUE, -Number.MAX_VALUE, 710, -746);
  // Any length: what shares a vector with what must not matter.
  const row = fc.array(fc.oneof(anywhere, special), { maxLength: 150 }).map((xs) => Float64Array.from(xs));
  it.each(["exp", "log", "erfc"] as const)("%s", (name) => {
    fc.assert(
      fc.property(row, (xs) => {
        expect(lanes[name](xs)).toEqual(xs.map(kernels[name]));
      }),
      { numRuns: 2000 },
    );
  });
});
