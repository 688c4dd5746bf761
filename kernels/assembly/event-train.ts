// A train of Poisson events: exponential intervals from a Mersenne Twister of its own, drawn a state at a time.

import { all, minus, plus, times } from "./lanes";
import { GENERATOR_BYTES, refill, seed } from "./mersenne";
import { logEach } from "./rows";

// A train in memory.
const NEXT: usize = 0; // time of the next event, s
const RATE: usize = 8; // Hz
const LEFT: usize = 16; // events until the train ends, the next included
const INDEX: usize = 24; // of the next interval
const TWISTER: usize = 32;
const INTERVALS: usize = TWISTER + GENERATOR_BYTES;
const DRAWN: i32 = 312;
/** Adding this leaves the nearest integer in the low bits. */
const ROUND: f64 = 6755399441055744.0;
export const TRAIN_BYTES: usize = INTERVALS + 8 * DRAWN;

/** @param end of the run, s */
export function start(train: usize, rate: f64, seeded: u32, end: f64): void {
  if (rate === 0.0) rate = 1e-9;
  seed(train + TWISTER, seeded);
  draw(train);
  store<f64>(train, -load<f64>(train, INTERVALS) / rate, NEXT);
  store<f64>(train, rate, RATE);
  // The authors draw a fixed number of events; with few of them they may end before the run does.
  store<f64>(train, max(trunc(3.0 * rate * end), 1.0), LEFT);
  store<i32>(train, 1, INDEX);
}

/**
 * Counts the events that arrive at samples `from` … `to` − 1, each at the first sample not before it.
 *
 * @param counts address of the count (f64) of sample `from`, `stride` bytes before that of the next
 */
export function place(train: usize, counts: usize, stride: usize, from: i32, to: i32, dt: f64): void {
  const end = <f64>(to - 1) * dt;
  const perDt = 1.0 / dt;
  const rate = load<f64>(train, RATE);
  let next = load<f64>(train, NEXT);
  if (next > end) return;
  let left = load<f64>(train, LEFT);
  let index = load<i32>(train, INDEX);
  do {
    let sample = <i32>reinterpret<i64>(next * perDt - 0.5 + ROUND);
    while (<f64>sample * dt < next) sample++;
    const count = counts + <usize>(max(sample, from) - from) * stride;
    store<f64>(count, load<f64>(count) + 1.0);
    if (index === DRAWN) {
      draw(train);
      index = 0;
    }
    left -= 1.0;
    next = left > 0.0 ? next - load<f64>(train + ((<usize>index) << 3), INTERVALS) / rate : Infinity;
    index++;
  } while (next <= end);
  store<f64>(train, next, NEXT);
  store<f64>(train, left, LEFT);
  store<i32>(train, index, INDEX);
}

/** Intervals at unit rate, with their sign changed: ln(1 − u). */
function draw(train: usize): void {
  const twister = train + TWISTER;
  refill(twister);
  const intervals = train + INTERVALS;
  const end = intervals + 8 * DRAWN;
  let interval = intervals;
  do {
    const words = temper(v128.load(interval - GENERATOR_BYTES));
    // The 27 high bits of the first word and the 26 of the second, each as a double beside 2^52.
    const high = v128.or(i64x2.shr_u(i64x2.shl(words, 32), 37), i64x2.splat(0x4330000000000000));
    const low = v128.or(i64x2.shr_u(words, 38), i64x2.splat(0x4330000000000000));
    const both = plus(
      times(minus(high, all(4503599627370496.0)), all(67108864.0)),
      minus(low, all(4503599627370496.0)),
    );
    v128.store(interval, minus(all(1.0), times(both, all(1.1102230246251565e-16)))); // 2^-53
    interval += 16;
  } while (interval < end);
  logEach(intervals, end);
}

function temper(y: v128): v128 {
  y = v128.xor(y, i32x4.shr_u(y, 11));
  y = v128.xor(y, v128.and(i32x4.shl(y, 7), i32x4.splat(0x9d2c5680)));
  y = v128.xor(y, v128.and(i32x4.shl(y, 15), i32x4.splat(0xefc60000)));
  return v128.xor(y, i32x4.shr_u(y, 18));
}
