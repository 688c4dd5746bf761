/** Functions on numbers before they are drawn. Only this file says that values which are not finite are missing. */

/** Least and largest of the finite values; undefined if there are none. */
export function extent(...lists: readonly ArrayLike<number>[]): [number, number] | undefined {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const values of lists) {
    for (let i = 0; i < values.length; i++) {
      const value = values[i]!;
      if (!Number.isFinite(value)) continue;
      least = Math.min(least, value);
      most = Math.max(most, value);
    }
  }
  return least <= most ? [least, most] : undefined;
}

/** A domain around values: a twentieth of their range wider at both ends, never empty. */
export function padded([least, most]: readonly [number, number]): [number, number] {
  const margin = least < most ? (most - least) / 20 : Math.max(Math.abs(least) / 20, 0.5);
  return [least - margin, most + margin];
}

export interface Line {
  readonly x: number[];
  readonly y: number[];
}

/**
 * A line that looks like the whole one, for x that rises in even steps: the least and the largest value of each column,
 * in their order.
 */
export function decimated(x: ArrayLike<number>, y: ArrayLike<number>, columns: number): Line {
  const n = Math.min(x.length, y.length);
  if (n <= 2 * columns)
    return { x: Array.from({ length: n }, (_, i) => x[i]!), y: Array.from(y).slice(0, n) };
  const line: Line = { x: [], y: [] };
  for (let column = 0; column < columns; column++) {
    const [from, to] = [Math.floor((column * n) / columns), Math.floor(((column + 1) * n) / columns)];
    let [least, most] = [from, from];
    for (let i = from; i < to; i++) {
      if (y[i]! < y[least]!) least = i;
      if (y[i]! > y[most]!) most = i;
    }
    for (const i of least === most ? [least] : [Math.min(least, most), Math.max(least, most)]) {
      line.x.push(x[i]!);
      line.y.push(y[i]!);
    }
  }
  return line;
}

/** Means over bins of equally many values; a rest at the end is left out. */
export function binMeans(values: ArrayLike<number>, size: number): number[] {
  const means: number[] = [];
  for (let from = 0; from + size <= values.length; from += size) {
    let sum = 0;
    for (let i = from; i < from + size; i++) sum += values[i]!;
    means.push(sum / size);
  }
  return means;
}

/** Steps between ticks. */
const steps = Array.from({ length: 41 }, (_, k) =>
  [1, 2, 5].map((digit) => Number(`${digit}e${k - 20}`)),
).flat();

/** Round numbers within a domain: about `about` of them, at least two, and not too many to read. */
export function ticksOf([low, high]: readonly [number, number], about: number): number[] {
  const span = high - low;
  if (!(span > 0)) return [low];
  const wanted = Math.min(Math.max(about, 2.5), 8);
  const off = (step: number) => Math.abs(span / step - wanted);
  const fitting = steps.filter((each) => span / each >= 2);
  if (fitting.length === 0) return [low]; // far smaller than anything that is measured
  const step = fitting.reduce((best, each) => (off(each) < off(best) ? each : best));
  const ticks: number[] = [];
  for (let k = Math.ceil(low / step - 1e-9); k * step <= high + step * 1e-9; k++) {
    ticks.push(Number((k * step).toPrecision(12)));
  }
  return ticks;
}
