// Convolution over a ring by rotated rows, each as old as its connection's delay. The rows of the recent past stand in
// a circle of `depth` rows, row 0 in slot 0, and each row twice over: a rotated row then is a part of it.

import { all, plus, times } from "./lanes";
import { at } from "./memory";

/** Doubles of a row in the circle: twice the ring, and room for vectors to overshoot. */
function slot(past: usize, pixels: i32, which: i32): usize {
  return past + ((<usize>(which * (2 * pixels + 2))) << 3);
}

/** Puts the row of a step into the circle. */
export function remember(past: usize, depth: i32, step: i32, row: usize, pixels: i32): void {
  const once = slot(past, pixels, step % depth);
  const bytes = (<usize>pixels) << 3;
  copy(once, row, bytes);
  copy(once + bytes, row, bytes);
}

function copy(to: usize, from: usize, bytes: usize): void {
  const end = to + bytes;
  do {
    v128.store(to, v128.load(from));
    to += 16;
    from += 16;
  } while (to < end);
}

/**
 * sums[x] = Σ over connections of weight · row(step − delay)[x + offset], in their order.
 *
 * @param sums address for the sums, and one double more where pixels are odd
 * @param past circle of rows, as deep as the longest delay, but for those no run comes to, and one more
 * @param count an odd number of connections
 * @param offsets address of an i32 for each: pixels to where it comes from
 * @param delays address of an i32 for each: steps
 */
export function convolve(
  sums: usize,
  past: usize,
  depth: i32,
  pixels: i32,
  step: i32,
  count: i32,
  offsets: usize,
  weights: usize,
  delays: usize,
): void {
  const end = sums + ((<usize>pixels) << 3);
  let x = sums;
  do {
    v128.store(x, all(0.0));
    x += 16;
  } while (x < end);
  const now = step % depth;
  // One connection alone, then two in one pass over the sums.
  let source = rotated(past, depth, pixels, step, now, load<i32>(offsets), load<i32>(delays));
  let weight = all(at(weights, 0));
  x = sums;
  do {
    v128.store(x, plus(v128.load(x), times(weight, v128.load(source))));
    x += 16;
    source += 16;
  } while (x < end);
  for (let k = 1; k < count; k += 2) {
    const one = (<usize>k) << 2;
    source = rotated(past, depth, pixels, step, now, load<i32>(offsets + one), load<i32>(delays + one));
    weight = all(at(weights, k));
    let further = rotated(
      past,
      depth,
      pixels,
      step,
      now,
      load<i32>(offsets + one, 4),
      load<i32>(delays + one, 4),
    );
    const furtherWeight = all(at(weights, k + 1));
    x = sums;
    do {
      const sum = plus(v128.load(x), times(weight, v128.load(source)));
      v128.store(x, plus(sum, times(furtherWeight, v128.load(further))));
      x += 16;
      source += 16;
      further += 16;
    } while (x < end);
  }
}

/** The row that set out `delay` steps ago, from the pixel at an offset; before there was one, row 0. */
function rotated(past: usize, depth: i32, pixels: i32, step: i32, now: i32, offset: i32, delay: i32): usize {
  let which = 0;
  if (delay <= step) {
    which = now - delay;
    if (which < 0) which += depth;
  }
  let shift = offset;
  if (shift < -pixels || shift > pixels) shift %= pixels;
  if (shift < 0) shift += pixels;
  return slot(past, pixels, which) + ((<usize>shift) << 3);
}
