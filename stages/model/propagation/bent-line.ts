import { mean } from "../../numerics/statistics/range.ts";

/** Points of an early-response line: where, mm, rising, and when, ms. */
export interface BentLine {
  readonly x: Float64Array;
  readonly t: Float64Array;
}

/** The points of a line whose rows are in order, without those that have no time. */
export function fitBentLine(space: Float64Array, times: Float64Array): BentLine {
  const isKnown = (_: number, k: number) => !Number.isNaN(times[k]!);
  return { x: space.filter(isKnown), t: times.filter(isKnown) };
}

/** The fewest points of a flank, without the apex. */
const fewest = 3;

/**
 * Where a front starts that runs outwards: the point where the two straight lines meet that fit the whole line best
 * (least squares). The left line falls or is level, the right one rises or is level. If the whole line runs one way,
 * the apex is an end. Undefined without points.
 */
export function bendOf({ x, t }: BentLine): number | undefined {
  const level = mean(t);
  const whole: Sums = { n: 0, x: 0, xx: 0, t: 0, xt: 0 };
  const left = { ...whole };
  x.forEach((place, k) => {
    add(whole, place, t[k]! - level);
  });
  let [apex, most] = [undefined as number | undefined, Number.NEGATIVE_INFINITY];
  x.forEach((place, k) => {
    const isEnd = k === 0 || k === x.length - 1;
    if (isEnd || (k >= fewest && k < x.length - fewest)) {
      const explained = bentLine(around(place, left), around(place, minus(whole, left)));
      if (explained > most) [apex, most] = [place, explained];
    }
    add(left, place, t[k]! - level);
  });
  return apex;
}

/** Over points: their number, Σx, Σx², Σt, Σxt. */
interface Sums {
  n: number;
  x: number;
  xx: number;
  t: number;
  xt: number;
}

function add(sums: Sums, x: number, t: number): void {
  sums.n += 1;
  sums.x += x;
  sums.xx += x * x;
  sums.t += t;
  sums.xt += x * t;
}

const minus = (a: Sums, b: Sums): Sums => ({
  n: a.n - b.n,
  x: a.x - b.x,
  xx: a.xx - b.xx,
  t: a.t - b.t,
  xt: a.xt - b.xt,
});

/** The same sums with x counted from a place. */
const around = (place: number, { n, x, xx, t, xt }: Sums): Sums => ({
  n,
  x: x - n * place,
  xx: xx - 2 * place * x + n * place * place,
  t,
  xt: xt - place * t,
});

/**
 * How much of Σt² the best line explains that bends at x = 0: t = a + b x on the left, a + c x on the right. −∞ if it
 * does not rise on both sides.
 */
function bentLine(left: Sums, right: Sums): number {
  const share = ({ n, x, xx, t, xt }: Sums) =>
    n > 1 ? { n: n - (x * x) / xx, t: t - (x * xt) / xx } : { n, t };
  const slope = ({ n, x, xx, xt }: Sums, a: number) => (n > 1 ? (xt - a * x) / xx : 0);
  const [l, r] = [share(left), share(right)];
  const a = (l.t + r.t) / (l.n + r.n);
  const [b, c] = [slope(left, a), slope(right, a)];
  return b <= 0 && c >= 0 ? a * (left.t + right.t) + b * left.xt + c * right.xt : Number.NEGATIVE_INFINITY;
}
