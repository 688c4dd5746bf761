import { describe, expect, it } from "vitest";
import { quasiRandomPoints } from "../../../../stages/numerics/statistics/quasi-random.ts";

describe("points spread over the box", () => {
  const points = Array.from({ length: 240 }, (_, k) => quasiRandomPoints(6, 3)(k));

  it("lie in it, and the same number and seed are the same point", () => {
    for (const x of points) for (const at of x) expect(at >= 0 && at < 1).toBe(true);
    expect(quasiRandomPoints(6, 3)(7)).toEqual(points[7]);
    expect(quasiRandomPoints(6, 4)(7)).not.toEqual(points[7]);
  });

  it.each([30, 240])("are more even than chance, the first %i of them", (count) => {
    let squares = 0;
    for (let k = 0; k < 6; k += 1) {
      const tenths = new Array<number>(10).fill(0);
      for (const x of points.slice(0, count)) tenths[Math.floor(10 * x[k]!)]! += 1;
      for (const held of tenths) squares += (held - count / 10) ** 2;
    }
    // Of 60 binomial numbers.
    expect(squares).toBeLessThan(0.5 * 60 * count * 0.1 * 0.9);
  });
});
