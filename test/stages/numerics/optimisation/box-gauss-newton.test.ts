import { describe, expect, it } from "vitest";
import {
  boxGaussNewton,
  isZero,
  pointAt,
} from "../../../../stages/numerics/optimisation/box-gauss-newton.ts";

const box = { low: new Float64Array(3), high: new Float64Array(3).fill(1) };
const options = { box, tolerance: 1e-6, evaluations: 300, width: 1e-4 };
const from = Float64Array.of(0.9, 0.8, 0.85);

/** The end of a descent, and how many evaluations it took. */
async function descended(differencesAt: (x: Float64Array) => Float64Array, settings: object = {}) {
  let taken = 0;
  const descent = await boxGaussNewton(
    async (x) => {
      taken += 1;
      return differencesAt(x);
    },
    pointAt(from, differencesAt(from)),
    { ...options, ...settings },
  );
  return { ...descent, x: descent.point.x, taken };
}

describe("a descent", () => {
  it("comes to the bottom of a bowl with one linearisation", async () => {
    const { x, settled, point, taken } = await descended((x) =>
      Float64Array.of(x[0]! + x[1]! - 1, 2 * (x[1]! - 0.4), 3 * (x[2]! - 0.5)),
    );
    for (const [k, at] of [0.6, 0.4, 0.5].entries()) expect(x[k]).toBeCloseTo(at, 8);
    expect(settled).toBe(true);
    expect(isZero(point)).toBe(true);
    expect(taken).toBeLessThan(12);
  });

  it("follows a curved valley to its end", async () => {
    // Rosenbrock's (1960), its bottom at 3/4.
    const bent = (x: Float64Array) => {
      const [y, z] = [4 * x[0]! - 2, 4 * x[1]! - 2];
      return Float64Array.of(10 * (z - y * y), 1 - y, x[2]! - 0.5);
    };
    const { x, settled, point, taken } = await descended(bent, { tolerance: 1e-10 });
    expect(point.value).toBeLessThan(1e-15);
    for (const [k, at] of [0.75, 0.75, 0.5].entries()) expect(x[k]).toBeCloseTo(at, 6);
    expect(settled).toBe(true);
    expect(taken).toBeLessThan(150);
  });

  it("stays on the side of the box that the function falls towards", async () => {
    const { x, settled } = await descended((x) => Float64Array.of(x[0]! - 2, x[1]! - 0.3, x[2]! - 0.3));
    expect(x[0]).toBe(1);
    expect(x[1]).toBeCloseTo(0.3, 6);
    expect(settled).toBe(true);
  });

  it("does not move where the box has no room", async () => {
    const low = Float64Array.of(0, 0.8, 0);
    const high = Float64Array.of(1, 0.8, 1);
    const { x } = await descended((x) => x.map((value) => value - 0.3), { box: { low, high } });
    expect(x[1]).toBe(0.8);
    expect(x[0]).toBeCloseTo(0.3, 8);
  });

  it("goes around where the function is no number", async () => {
    const { x } = await descended((x) =>
      x[0]! > 0.9 ? x.map(() => Number.NaN) : x.map((value) => value - 0.4),
    );
    for (const at of x) expect(at).toBeCloseTo(0.4, 6);
  });

  it("keeps to its evaluations, and says that it has not settled", async () => {
    const bent = (x: Float64Array) => Float64Array.of(10 * (x[1]! - x[0]! ** 2), 1 - x[0]!, x[2]!);
    const alone = (x: Float64Array) =>
      x.map((value) => (x.every((at, k) => at === from[k]) ? value : Number.NaN));
    for (const function_ of [bent, alone]) {
      for (const evaluations of [0, 3, 4, 5, 11]) {
        const { settled, taken, point } = await descended(function_, { evaluations });
        expect(taken).toBeLessThanOrEqual(evaluations);
        if (function_ === bent) expect(settled).toBe(false);
        expect(point.value).toBeLessThanOrEqual(pointAt(from, function_(from)).value);
      }
    }
  });

  it("does not go on where it is held on all sides, and has not settled where there is no number", async () => {
    const outwards = (x: Float64Array) => x.map((value) => value - 3);
    const corner = { low: new Float64Array(3), high: from };
    expect(await descended(outwards, { box: corner })).toMatchObject({ settled: true, taken: 3 });
    const nowhere = (x: Float64Array) => x.map(() => Number.NaN);
    expect(await descended(nowhere)).toMatchObject({ settled: false, taken: 0 });
  });
});
