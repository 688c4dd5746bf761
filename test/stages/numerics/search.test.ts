import { describe, expect, it } from "vitest";
import { search } from "../../../stages/numerics/search.ts";

const middle = [new Float64Array(4).fill(0.5)];
const options = { starts: middle, evaluations: 1500, seed: 1 };

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

  it("finds the lowest of many minima", async () => {
    // As Rastrigin's function.
    const waves = (x: Float64Array) =>
      Float64Array.from([...x].flatMap((value) => [4 * value - 2.2, 2 * Math.sin(10 * (value - 0.55))]));
    const { x, value } = await search(async (x) => waves(x), options);
    expect(value).toBeLessThan(1e-18);
    for (const at of x) expect(at).toBeCloseTo(0.55, 8);
  });

  it("leaps over walls to the bottom of a narrow valley", async () => {
    // Flat along (1, 1, 1, 1) but for a bowl in steps, each of which a descent ends at.
    const walled = (x: Float64Array) => {
      const along = x.reduce((sum, value) => sum + value, 0) / 4;
      const across = x.map((value) => 30 * (value - along));
      const step = Math.round(20 * along) / 20;
      return Float64Array.of(...across, step - 0.2, 0.3 * (along - step));
    };
    const { value, x } = await search(async (x) => walled(x), options);
    expect(value).toBeLessThan(1e-18);
    for (const at of x) expect(at).toBeCloseTo(0.2, 8);
  });

  it("looks beyond walls that it is told of", async () => {
    // A bowl of value 1 at its bottom, and of 0 between two walls that are too close for anything else to hit.
    const isBetween = (x: Float64Array) => Math.abs(x[0]! - 0.39) < 1e-9;
    const bowl = async (x: Float64Array) =>
      Float64Array.from([...x, 1.35], (at, k) => (isBetween(x) && k % 4 === 0 ? 0 : at - 0.35));
    const beyondWalls = (x: Float64Array) => [x.map((at, k) => (k === 0 ? 0.39 : at))];
    expect((await search(bowl, { ...options, beyondWalls })).value).toBeLessThan(1e-18);
    expect((await search(bowl, options)).value).toBeGreaterThanOrEqual(1);
  });

  it("ends when rounds gain nothing any more", async () => {
    const { trace, value, converged } = await search(
      async (x) => Float64Array.of(...x.map((each) => each - 0.3), 1),
      { ...options, evaluations: 100_000 },
    );
    expect(value).toBeCloseTo(1, 9);
    expect(converged).toBe(true);
    expect(trace.length).toBeLessThan(10_000);
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
    for (const evaluations of [1, 5, 20, 30, 50]) {
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
