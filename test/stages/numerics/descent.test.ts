import { describe, expect, it } from "vitest";
import { descend, widthsOf } from "../../../stages/numerics/descent.ts";
import { Samples } from "../../../stages/numerics/sampled.ts";

const widths = new Float64Array(3).fill(0.03);
const options = { widths, tolerance: 1e-6, evaluations: 300 };

/** The end of a descent from a corner's neighbourhood, and how many evaluations it took. */
async function descended(differencesAt: (x: Float64Array) => Float64Array, settings: object = {}) {
  const samples = new Samples(async (x) => differencesAt(x), 300);
  const start = await samples.at(Float64Array.of(0.9, 0.8, 0.85));
  const descent = await descend(samples, start, { ...options, ...settings });
  return { ...descent, x: descent.point.x, taken: 300 - samples.left };
}

describe("a descent", () => {
  it("takes one step to the bottom of a bowl, and knows its curvature", async () => {
    const { x, settled, curvature, taken } = await descended((x) =>
      Float64Array.of(x[0]! + x[1]! - 1, 2 * (x[1]! - 0.4), 3 * (x[2]! - 0.5)),
    );
    for (const [k, at] of [0.6, 0.4, 0.5].entries()) expect(x[k]).toBeCloseTo(at, 3);
    expect(settled).toBe(true);
    expect(taken).toBeLessThan(40);
    const want = [
      [1, 1, 0],
      [1, 5, 0],
      [0, 0, 9],
    ];
    want.forEach((row, i) => {
      row.forEach((value, j) => {
        expect(curvature![i]![j]).toBeCloseTo(value, 6);
      });
    });
  });

  it("goes down a staircase whose steps are as wide as its first differences", async () => {
    const stairs = (x: Float64Array) => x.map((value) => Math.round(value / 0.03) * 0.03 - 0.3);
    const { point } = await descended(stairs);
    expect(point.value).toBeLessThan(1e-20);
  });

  it("looks far away in a coordinate that hardly counts", async () => {
    const flat = (x: Float64Array) =>
      Float64Array.of(x[0]! - 0.4, x[1]! - 0.4, x[2]! > 0.93 ? 0 : 1e-3, x[1]! * x[0]! - 0.16);
    const { x } = await descended(flat);
    expect(x[2]).toBeGreaterThan(0.9);
  });

  it("stays on the side of the box that the function falls towards", async () => {
    const { x, settled } = await descended((x) => Float64Array.of(x[0]! - 2, x[1]! - 0.3, x[2]! - 0.3));
    expect(x[0]).toBe(1);
    expect(x[1]).toBeCloseTo(0.3, 3);
    expect(settled).toBe(true);
  });

  it("keeps to its evaluations, and says that it has not settled", async () => {
    const bent = (x: Float64Array) => Float64Array.of(10 * (x[1]! - x[0]! ** 2), 1 - x[0]!, x[2]!);
    for (const evaluations of [0, 3, 4, 11]) {
      const { settled, curvature, taken } = await descended(bent, { evaluations });
      expect(taken).toBeLessThanOrEqual(1 + evaluations);
      expect(settled).toBe(false);
      expect(curvature === undefined).toBe(evaluations < 4);
    }
  });

  it("has differences as wide as a rise would come from, no wider than a tenth of the box", () => {
    const curvature = [Float64Array.of(100, 0), Float64Array.of(0, 0)];
    expect([...widthsOf(curvature, 0.04)]).toEqual([0.02, 0.1]);
    expect([...widthsOf(curvature, 4)]).toEqual([0.1, 0.1]);
    expect([...widthsOf(curvature, 0)]).toEqual([1e-6, 0.1]);
  });
});
