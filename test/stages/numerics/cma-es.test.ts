import { describe, expect, it } from "vitest";
import { CmaEs, intoBox } from "../../../stages/numerics/cma-es.ts";
import { eigen } from "../../../stages/numerics/eigen.ts";
import { normals } from "../../../stages/numerics/normal.ts";

type Objective = (x: Float64Array) => number;
const sum = (x: Float64Array, term: (value: number, k: number) => number): number =>
  x.reduce((total, value, k) => total + term(value, k), 0);

/** Six dimensions; minimum 0 at 0.37 in all of them, scaled to a box ten long. */
const sphere: Objective = (x) => sum(x, (value) => (10 * (value - 0.37)) ** 2);
const ellipsoid: Objective = (x) => sum(x, (value, k) => 10 ** (6 * (k / 5)) * (10 * (value - 0.37)) ** 2);
/** Minimum 0 at 0.75, which is 1 in a box from −2 to 2. */
const rosenbrock: Objective = (x) => {
  const y = x.map((value) => 4 * value - 2);
  return sum(y.subarray(1), (next, k) => 100 * (next - y[k]! ** 2) ** 2 + (1 - y[k]!) ** 2);
};
/** Falls towards a corner at very different slopes. */
const corner: Objective = (x) => sum(x, (value, k) => 10 ** k * value);
/** Minimum beyond three sides: in the box it is on their edge, at 0.75. */
const edge: Objective = (x) => sum(x, (value, k) => (value - (k < 3 ? -0.5 : 0.3)) ** 2) - 0.75;

function minimised(objective: Objective, seed: number, most: number) {
  const search = new CmaEs({ start: new Array(6).fill(0.5), step: 0.3, population: 9, seed });
  let best: { x: Float64Array; value: number } = { x: new Float64Array(6), value: Number.POSITIVE_INFINITY };
  let evaluations = 0;
  for (; evaluations < most && best.value > 1e-10; evaluations += 9) {
    const points = search.ask();
    for (const x of points) expect(x.every((value) => value >= 0 && value <= 1)).toBe(true);
    const values = points.map(objective);
    points.forEach((x, k) => {
      if (values[k]! < best.value) best = { x, value: values[k]! };
    });
    search.tell(values);
  }
  return { ...best, evaluations };
}

describe("the search finds minima that are known", () => {
  // About a third more evaluations than this needs over some seeds; an update that is wrong takes many times that.
  it.each([
    ["sphere", sphere, new Array(6).fill(0.37), 1e-6, 1500],
    ["ellipsoid of condition 1e6", ellipsoid, new Array(6).fill(0.37), 1e-5, 3000],
    ["Rosenbrock's valley", rosenbrock, new Array(6).fill(0.75), 1e-4, 3900],
    ["a corner", corner, new Array(6).fill(0), 1e-9, 3100],
    ["an edge", edge, [0, 0, 0, 0.3, 0.3, 0.3], 1e-4, 1500],
  ] as const)("%s", (_, objective, at, tolerance, most) => {
    for (const seed of [1, 2, 3]) {
      const { x, value, evaluations } = minimised(objective as Objective, seed, most);
      expect(value, `seed ${seed}`).toBeLessThanOrEqual(1e-10);
      expect(evaluations).toBeLessThan(most);
      at.forEach((want: number, k: number) => {
        expect(Math.abs(x[k]! - want)).toBeLessThan(tolerance);
      });
    }
  });

  it("the same for the same seed, another way for another", () => {
    expect(minimised(rosenbrock, 4, 500)).toEqual(minimised(rosenbrock, 4, 500));
    expect(minimised(rosenbrock, 4, 500)).not.toEqual(minimised(rosenbrock, 5, 500));
  });

  it("whatever rises with the function is the same function to it", () => {
    const { x } = minimised((x) => Math.atan(rosenbrock(x)), 1, 900);
    const same = minimised(rosenbrock, 1, 900);
    expect([...x]).toEqual([...same.x]);
  });
});

it("coordinates are bent at the sides of the box without a step", () => {
  for (const [x, want] of [
    [-0.05, 0],
    [0.05, 0.05],
    [0.5, 0.5],
    [0.95, 0.95],
    [1.05, 1],
  ] as const) {
    expect(intoBox(x)).toBeCloseTo(want, 14);
  }
  for (let x = -7; x < 7; x += 0.013) {
    expect(Math.abs(intoBox(x + 1e-6) - intoBox(x))).toBeLessThan(1.01e-6);
    expect(intoBox(-0.1 - x)).toBeCloseTo(intoBox(x), 12);
    expect(intoBox(x + 2.2)).toBeCloseTo(intoBox(x), 12);
  }
});

describe("eigenvalues", () => {
  it("of a matrix whose own are known", () => {
    // Second differences: 2 − 2 cos(kπ/7).
    const matrix = Array.from({ length: 6 }, (_, i) =>
      Float64Array.from({ length: 6 }, (_, j) => (i === j ? 2 : Math.abs(i - j) === 1 ? -1 : 0)),
    );
    const values = [...eigen(matrix).values].sort((a, b) => a - b);
    values.forEach((value, k) => {
      expect(value).toBeCloseTo(2 - 2 * Math.cos(((k + 1) * Math.PI) / 7), 14);
    });
  });

  it("and vectors give the matrix back, also where it is nearly singular", () => {
    const draws = normals(3, 36);
    const root = Array.from({ length: 6 }, (_, i) =>
      Array.from(draws.subarray(6 * i, 6 * i + 6), (value) => value * 10 ** -i),
    );
    const matrix = root.map((a) =>
      Float64Array.from(root, (b) => a.reduce((s, value, k) => s + value * b[k]!, 0)),
    );
    const { values, vectors } = eigen(matrix);
    expect(Math.min(...values)).toBeGreaterThan(0);
    matrix.forEach((row, i) => {
      row.forEach((want, j) => {
        const got = values.reduce((s, value, k) => s + value * vectors[i]![k]! * vectors[j]![k]!, 0);
        expect(Math.abs(got - want)).toBeLessThan(1e-14 * Math.sqrt(matrix[i]![i]! * matrix[j]![j]!) * 1e3);
        const unit = vectors[i]!.reduce((s, value, k) => s + value * vectors[j]![k]!, 0);
        expect(unit).toBeCloseTo(i === j ? 1 : 0, 13);
      });
    });
  });
});
