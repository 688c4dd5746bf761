import pearson from "@stdlib/stats-pcorrtest";
import student from "@stdlib/stats-ttest";
import { mean } from "./range.ts";

/** Values, and their name in sentences. */
export interface Sample {
  readonly name: string;
  readonly values: ArrayLike<number>;
}

/** The outcome of a two-sided test of `count` pairs, or why there is none. */
export type Test =
  | {
      readonly outcome: "tested";
      readonly count: number;
      /** Student's t, and its degrees of freedom. */
      readonly statistic: number;
      readonly df: number;
      readonly p: number;
      /** The mean difference, or Pearson's r, and its 95% confidence interval. */
      readonly estimate: number;
      readonly interval: readonly [number, number];
    }
  | { readonly outcome: "not enough"; readonly count: number; readonly reason: string };

/** A smaller spread, relative to the values, is rounding. */
const rounding = 1e-12;

/** Student's t-test of paired samples: whether the mean of x − y is 0. */
export function pairedTTest(x: Sample, y: Sample): Test {
  const differences = Float64Array.from(x.values, (value, k) => value - y.values[k]!);
  const count = differences.length;
  if (count < 2) return notEnough(count, "the test takes at least 2 recordings");
  if (spread(differences) <= rounding * (magnitude(x.values) + magnitude(y.values))) {
    return notEnough(count, `${x.name} − ${y.name} is the same in all recordings`);
  }
  const { statistic, df, pValue: p, mean: estimate, ci } = student(differences);
  return { outcome: "tested", count, statistic, df, p, estimate, interval: [ci[0]!, ci[1]!] };
}

/**
 * Pearson's correlation, and the t-test against no correlation. The interval is Fisher's, which for three pairs is
 * everything that r can be.
 */
export function correlation(x: Sample, y: Sample): Test {
  const count = x.values.length;
  if (count < 3) return notEnough(count, "the test takes at least 3 recordings");
  for (const { name, values } of [x, y]) {
    if (spread(values) <= rounding * magnitude(values)) {
      return notEnough(count, `${name} is the same in all recordings`);
    }
  }
  const [a, b] = [centred(x.values), centred(y.values)];
  const r = product(a, b) / Math.sqrt(product(a, a) * product(b, b));
  if (1 - Math.abs(r) <= rounding) return notEnough(count, `${x.name} and ${y.name} lie on a line`);
  const df = count - 2;
  const statistic = (r * Math.sqrt(df)) / Math.sqrt(1 - r * r);
  const { p, interval } = count === 3 ? ofThree(statistic) : ofMore(a, b, r);
  return { outcome: "tested", count, statistic, df, p, estimate: r, interval };
}

type Significance = { readonly p: number; readonly interval: readonly [number, number] };

function ofMore(a: Float64Array, b: Float64Array, r: number): Significance {
  const { ci } = pearson(a, b);
  // The library's p has all its digits in the lower tail; in the upper one it is a difference from 1.
  const lower = r < 0 ? b : b.map((value) => -value);
  return { p: pearson(a, lower).pValue, interval: [ci[0]!, ci[1]!] };
}

/** The library's correlation needs four pairs. A t of one degree of freedom is also that of the sample t − 1, t + 1. */
function ofThree(t: number): Significance {
  return { p: student([t - 1, t + 1]).pValue, interval: [-1, 1] };
}

const notEnough = (count: number, reason: string): Test => ({ outcome: "not enough", count, reason });

const spread = (values: ArrayLike<number>): number =>
  Math.max(...Array.from(values)) - Math.min(...Array.from(values));

const magnitude = (values: ArrayLike<number>): number => Math.max(...Array.from(values, Math.abs));

/** Centred values: the library's r is a difference of large sums if means are far from 0. */
function centred(values: ArrayLike<number>): Float64Array {
  const middle = mean(values);
  return Float64Array.from(values, (value) => value - middle);
}

const product = (a: Float64Array, b: Float64Array): number =>
  a.reduce((sum, value, k) => sum + value * b[k]!, 0);
