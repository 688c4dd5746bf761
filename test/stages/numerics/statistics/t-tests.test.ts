import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Columns, statisticsOf } from "../../../../stages/model/inference/parameter-sets.ts";
import { correlation, pairedTTest, type Test } from "../../../../stages/numerics/statistics/t-tests.ts";
import { golden, relative } from "../../../golden.ts";

type Tested = Extract<Test, { outcome: "tested" }>;
interface Table {
  readonly table: string;
  readonly columns: Record<string, number[]>;
  readonly durations: number[];
  readonly mean: Record<string, number>;
  readonly sd: Record<string, number>;
  readonly tests: Record<keyof ReturnType<typeof statisticsOf>["tests"], Omit<Tested, "outcome" | "count">>;
}

const x = (...values: number[]) => ({ name: "x", values });
const y = (...values: number[]) => ({ name: "y", values });
const tested = (test: Test): Tested => {
  expect(test.outcome).toBe("tested");
  return test as Tested;
};

describe.each(golden("inference") as Table[])("statistics of the table $table", (table) => {
  const recordings = table.durations.map((_, k) => `r${k}`);
  const columns = Object.fromEntries(
    Object.entries(table.columns).map(([name, values]) => [
      name,
      { values: Float64Array.from(values), units: "1" },
    ]),
  ) as Columns;
  const durations = Object.fromEntries(recordings.map((name, k) => [name, table.durations[k]!]));
  const { mean, sd, tests } = statisticsOf(recordings, columns, durations);

  it("has SciPy's means and standard deviations", () => {
    const names = Object.keys(table.columns);
    const listed = (of: Readonly<Record<string, number>>) => names.map((name) => of[name]!);
    expect(relative(listed(mean), listed(table.mean))).toBeLessThan(1e-14);
    expect(relative(listed(sd), listed(table.sd))).toBeLessThan(1e-14);
  });

  it.each(Object.keys(tests) as (keyof typeof tests)[])("has SciPy's test %s", (name) => {
    const { count, statistic, df, p, estimate, interval } = tested(tests[name]);
    const want = table.tests[name];
    expect({ count, df }).toEqual({ count: table.durations.length, df: want.df });
    // What the last digit of r changes in t: a digit of 1 − r².
    const r = name === "l_exc_l_inh" ? 0 : want.estimate;
    const condition = 1 / ((1 - r) * (1 + r));
    expect(relative([estimate], [want.estimate])).toBeLessThan(1e-12);
    expect(relative(interval, want.interval)).toBeLessThan(1e-11);
    expect(relative([statistic], [want.statistic])).toBeLessThan(1e-12 + 1e-15 * condition);
    expect(relative([p], [want.p])).toBeLessThan(1e-11 + 1e-14 * condition);
  });
});

describe("the paired t-test", () => {
  it("has the closed form of two pairs, a Cauchy distribution", () => {
    const { statistic, df, p, estimate } = tested(pairedTTest(x(1, 4), y(0, 1)));
    expect({ statistic, df, estimate }).toEqual({ statistic: 2, df: 1, estimate: 2 });
    expect(p).toBeCloseTo(1 - (2 / Math.PI) * Math.atan(2), 14);
  });

  it("says what is not enough", () => {
    const none = { outcome: "not enough" };
    expect(pairedTTest(x(), y())).toMatchObject({ ...none, count: 0, reason: /at least 2 recordings/ });
    expect(pairedTTest(x(1), y(2))).toMatchObject({ ...none, count: 1, reason: /at least 2 recordings/ });
    const same = { ...none, count: 3, reason: "x − y is the same in all recordings" };
    expect(pairedTTest(x(2, 3, 4), y(1, 2, 3))).toEqual(same);
    expect(pairedTTest(x(0.1, 0.3, 0.6), y(0, 0.2, 0.5))).toEqual(same); // but for rounding
    expect(pairedTTest(x(7, 7, 7), y(7, 7, 7))).toEqual(same);
  });

  it("turns round with its arguments, and does not see their order or a common shift", () => {
    const pairs = fc.array(fc.tuple(fc.integer({ min: -50, max: 50 }), fc.integer({ min: -50, max: 50 })), {
      minLength: 2,
      maxLength: 30,
    });
    fc.assert(
      fc.property(pairs, fc.integer({ min: -9, max: 9 }), (values, shift) => {
        const [a, b] = [values.map(([first]) => first), values.map(([, second]) => second)];
        const test = pairedTTest(x(...a), y(...b));
        fc.pre(test.outcome === "tested");
        const { statistic, p, estimate, interval } = tested(test);
        expect([statistic, p, estimate, ...interval].every(Number.isFinite)).toBe(true);
        expect(p).toBeGreaterThan(0);
        expect(p).toBeLessThanOrEqual(1);
        expect(interval[0]).toBeLessThan(estimate);
        expect(interval[1]).toBeGreaterThan(estimate);
        expect(p < 0.05).toBe(interval[0] > 0 || interval[1] < 0);
        const turned = tested(pairedTTest(x(...b), y(...a)));
        expect([turned.statistic, turned.p]).toEqual([-statistic + 0, p]);
        const moved = pairedTTest(
          x(...a.map((value) => value + shift)),
          y(...b.map((value) => value + shift)),
        );
        expect(moved).toEqual(test);
        const reversed = tested(pairedTTest(x(...a.toReversed()), y(...b.toReversed())));
        expect(reversed.p).toBeCloseTo(p, 12);
      }),
    );
  });
});

describe("Pearson's correlation", () => {
  it("says what is not enough", () => {
    const none = { outcome: "not enough" };
    expect(correlation(x(1, 2), y(2, 1))).toMatchObject({
      ...none,
      count: 2,
      reason: /at least 3 recordings/,
    });
    expect(correlation(x(), y())).toMatchObject({ ...none, count: 0 });
    const constant = (name: string) => ({
      ...none,
      count: 3,
      reason: `${name} is the same in all recordings`,
    });
    expect(correlation(x(5, 5, 5), y(1, 2, 3))).toEqual(constant("x"));
    expect(correlation(x(1, 2, 3), y(0.3, 0.1 + 0.2, 0.3))).toEqual(constant("y"));
    const line = { ...none, reason: "x and y lie on a line" };
    expect(correlation(x(1, 2, 3), y(20, 40, 60))).toEqual({ ...line, count: 3 });
    expect(correlation(x(1, 2, 3, 5), y(-0.1, -0.2, -0.3, -0.5))).toEqual({ ...line, count: 4 });
  });

  it("does not see scale, shift and order, and turns round with one of the two", () => {
    const pairs = fc.array(fc.tuple(fc.integer({ min: -50, max: 50 }), fc.integer({ min: -50, max: 50 })), {
      minLength: 3,
      maxLength: 30,
    });
    fc.assert(
      fc.property(pairs, (values) => {
        const [a, b] = [values.map(([first]) => first), values.map(([, second]) => second)];
        const test = correlation(x(...a), y(...b));
        fc.pre(test.outcome === "tested");
        const { statistic, p, estimate, interval } = tested(test);
        expect([statistic, p, estimate, ...interval].every(Number.isFinite)).toBe(true);
        expect(Math.abs(estimate)).toBeLessThan(1);
        expect(p).toBeGreaterThan(0);
        expect(p).toBeLessThanOrEqual(1 + 1e-15);
        expect(interval[0]).toBeLessThan(estimate);
        expect(interval[1]).toBeGreaterThan(estimate);
        const other = tested(correlation(x(...a.map((value) => 1e6 + 4 * value)), y(...b)));
        expect(other.estimate).toBeCloseTo(estimate, 9);
        const swapped = tested(correlation(x(...b), y(...a)));
        expect(swapped.p).toBeCloseTo(p, 11);
        const turned = tested(correlation(x(...a), y(...b.map((value) => -value))));
        expect(turned.estimate).toBeCloseTo(-estimate, 14);
        expect(turned.p).toBeCloseTo(p, 12);
        expect(turned.interval[0]).toBeCloseTo(-interval[1], 12);
      }),
    );
  });
});
