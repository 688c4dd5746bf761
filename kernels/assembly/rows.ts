// exp, log and erfc of rows of numbers, in place and two at a time; the same bits as those of math.ts. Rows end
// at an even number of doubles. What is long goes in short passes over the row: the processor overlaps the more
// vectors, the fewer operations wait for each other.

import {
  all,
  choose,
  expNearOne,
  expRest,
  exps,
  logs,
  minus,
  nearestPower,
  over,
  plus,
  scaledErfc,
  times,
} from "./lanes";

/** Doubles of a row at most, where there are passes: what lies between them stays in the first-level cache. */
export const TILE: i32 = 64;
export const ROW_BYTES: usize = 8 * 64;

const work = memory.data(6 * 8 * 64, 16);
const BELL: usize = work; // exp(−x²)
const REST: usize = work + ROW_BYTES;
const T: usize = work + 2 * ROW_BYTES;
const FACTOR: usize = work + 3 * ROW_BYTES;
const POWER: usize = work + 4 * ROW_BYTES; // on the way to an exponential
const REMAINDER: usize = work + 5 * ROW_BYTES;

/** Error below 1 ulp where the result is normal. */
export function expEach(row: usize, end: usize): void {
  for (; row < end; row += ROW_BYTES) expTile(row, min(row + ROW_BYTES, end) - row);
}

/** In two short passes where all results are normal. */
function expTile(row: usize, bytes: usize): void {
  let normal = i64x2.splat(-1);
  let at: usize = 0;
  do {
    const x = v128.load(row + at);
    const power = nearestPower(x);
    normal = v128.and(normal, f64x2.lt(f64x2.abs(x), all(708.0)));
    v128.store(POWER + at, power);
    v128.store(REMAINDER + at, expRest(x, power));
    at += 16;
  } while (at < bytes);
  at = 0;
  if (i64x2.all_true(normal)) {
    do {
      const y = expNearOne(v128.load(REMAINDER + at));
      v128.store(row + at, i64x2.add(y, i64x2.shl(v128.load(POWER + at), 52)));
      at += 16;
    } while (at < bytes);
  } else {
    do {
      v128.store(row + at, exps(v128.load(row + at)));
      at += 16;
    } while (at < bytes);
  }
}

/** Error below 1 ulp; −Infinity at 0, NaN below. */
export function logEach(row: usize, end: usize): void {
  do {
    v128.store(row, logs(v128.load(row)));
    row += 16;
  } while (row < end);
}

/** Error below 8 ulp where the result is normal. At most TILE numbers. */
export function erfcEach(row: usize, end: usize): void {
  const bytes = end - row;
  let at: usize = 0;
  do {
    const a = magnitude(v128.load(row + at));
    // exp(−a²) without the error that rounding a² would bring: a² = square + rest exactly (Dekker's product).
    const scaled = times(a, all(134217729.0)); // 2^27 + 1
    const high = minus(scaled, minus(scaled, a));
    const low = minus(a, high);
    const square = times(a, a);
    const cross = times(times(all(2.0), high), low);
    v128.store(BELL + at, f64x2.neg(square));
    v128.store(REST + at, plus(plus(minus(times(high, high), square), cross), times(low, low)));
    const sum = plus(a, all(3.0));
    const twice = plus(all(1.0), times(all(2.0), a));
    const inverse = over(all(1.0), times(sum, twice));
    v128.store(T + at, times(minus(a, all(3.0)), times(twice, inverse)));
    v128.store(FACTOR + at, times(sum, inverse));
    at += 16;
  } while (at < bytes);
  expEach(BELL, BELL + bytes);
  at = 0;
  do {
    const x = v128.load(row + at),
      y = v128.load(BELL + at);
    const bell = minus(y, times(y, v128.load(REST + at)));
    const tail = times(times(scaledErfc(v128.load(T + at)), v128.load(FACTOR + at)), bell);
    v128.store(row + at, choose(f64x2.lt(x, all(0.0)), minus(all(2.0), tail), tail));
    at += 16;
  } while (at < bytes);
}

/** |x|, bounded where erfc is 0 or 2 from there on; NaN passes. */
function magnitude(x: v128): v128 {
  return f64x2.pmin(f64x2.abs(x), all(28.0));
}
