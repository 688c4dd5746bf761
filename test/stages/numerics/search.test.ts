import { describe, expect, it } from "vitest";
import { search } from "../../../stages/numerics/search.ts";

const middle = [new Float64Array(4).fill(0.5)];
const options = { starts: middle, evaluations: 1500, population: 9, seed: 1 };

/** As Rosenbrock's valley; minimum 0 at 0.75. */
const valley = (x: Float64Array): Float64Array => {
  const y = x.map((value) => 4 * value - 2);
  return Float64Array.from([0, 1, 2].flatMap((k) => [10 * (y[k + 1]! - y[k]! ** 2), 1 - y[k]!]));
};
/** A bowl around 0.3 in steps of 0.01. */
const staircase = (x: Float64Array) => x.map((value) => Math.round(100 * value) / 100 - 0.3);

describe("the search", () => {
  it("finds the bottom of a curved valley, and says so", async () => {
    const { x, value, converged, trace } = await search(async (x) => valley(x), options);
    expect(value).toBeLessThan(1e-18);
    for (const at of x) expect(at).toBeCloseTo(0.75, 9);
    expect(converged).toBe(true);
    expect(trace.length).toBeLessThan(1500);
    expect(trace.every((value, k) => k === 0 || value <= trace[k - 1]!)).toBe(true);
    expect(trace.at(-1)).toBe(value);
  });

  it("finds the bottom of a staircase", async () => {
    const { x, value } = await search(async (x) => staircase(x), options);
    expect(value).toBeLessThan(1e-20);
    for (const at of x) expect(Math.abs(at - 0.3)).toBeLessThan(0.0051);
  });

  it("stays in the box where the minimum is outside", async () => {
    const { x, converged } = await search(
      async (x) => x.map((value, k) => value - (k < 2 ? 1.5 : 0.4)),
      options,
    );
    expect([...x.subarray(0, 2)]).toEqual([1, 1]);
    for (const at of x.subarray(2)) expect(at).toBeCloseTo(0.4, 4);
    expect(converged).toBe(true);
  });

  it("takes no more evaluations than it may, is never worse than a start, and says that it has not converged", async () => {
    for (const evaluations of [1, 5, 20, 103, 104, 150]) {
      let count = 0;
      const { value, trace, converged } = await search(
        async (x) => {
          count += 1;
          return valley(x);
        },
        { ...options, evaluations },
      );
      expect(count).toBeLessThanOrEqual(evaluations);
      expect(trace).toHaveLength(count);
      expect(value).toBeLessThanOrEqual(valley(middle[0]!).reduce((sum, each) => sum + each * each, 0));
      expect(converged).toBe(false);
    }
  });

  it("goes around where the function is no number", async () => {
    const holed = (x: Float64Array) =>
      x[0]! > 0.51 ? x.map(() => Number.NaN) : x.map((value) => value - 0.4);
    const { x } = await search(async (x) => holed(x), options);
    for (const at of x) expect(at).toBeCloseTo(0.4, 6);
  });
});
