// Second-order jets of two functions at once, one in each lane: a value with its exact first and second derivatives
// along ν_e and ν_i, as six vectors (value, e, i, ee, ei, ii) at an address. The rules of calculus, one function
// each; a result may overwrite none of its operands.

import { all, minus, over, plus, times } from "./lanes";

export const JET_BYTES: i32 = 96;

function part(jet: usize, which: i32): v128 {
  return v128.load(jet + ((<usize>which) << 4));
}

function set(out: usize, v: v128, e: v128, i: v128, ee: v128, ei: v128, ii: v128): void {
  v128.store(out, v);
  v128.store(out, e, 16);
  v128.store(out, i, 32);
  v128.store(out, ee, 48);
  v128.store(out, ei, 64);
  v128.store(out, ii, 80);
}

/** value + e·ν_e + i·ν_i around the point where it has that value. */
export function affine(out: usize, value: v128, e: v128, i: v128): void {
  set(out, value, e, i, all(0.0), all(0.0), all(0.0));
}

/** scale · a + shift */
export function scaled(out: usize, a: usize, scale: v128, shift: v128): void {
  v128.store(out, plus(times(scale, part(a, 0)), shift));
  for (let k = 1; k < 6; k++) v128.store(out + ((<usize>k) << 4), times(scale, part(a, k)));
}

export function add(out: usize, a: usize, b: usize): void {
  for (let k = 0; k < 6; k++) v128.store(out + ((<usize>k) << 4), plus(part(a, k), part(b, k)));
}

/** sum += weight · a */
export function accumulate(sum: usize, a: usize, weight: v128): void {
  for (let k = 0; k < 6; k++) {
    v128.store(sum + ((<usize>k) << 4), plus(part(sum, k), times(weight, part(a, k))));
  }
}

export function multiply(out: usize, a: usize, b: usize): void {
  const a0 = part(a, 0),
    ae = part(a, 1),
    ai = part(a, 2);
  const b0 = part(b, 0),
    be = part(b, 1),
    bi = part(b, 2);
  const two = all(2.0);
  set(
    out,
    times(a0, b0),
    plus(times(ae, b0), times(a0, be)),
    plus(times(ai, b0), times(a0, bi)),
    plus(plus(times(part(a, 3), b0), times(times(two, ae), be)), times(a0, part(b, 3))),
    plus(plus(plus(times(part(a, 4), b0), times(ae, bi)), times(ai, be)), times(a0, part(b, 4))),
    plus(plus(times(part(a, 5), b0), times(times(two, ai), bi)), times(a0, part(b, 5))),
  );
}

/** a / b, from q·b = a. */
export function divide(out: usize, a: usize, b: usize): void {
  const b0 = part(b, 0),
    be = part(b, 1),
    bi = part(b, 2);
  const two = all(2.0);
  const q = over(part(a, 0), b0);
  const qe = over(minus(part(a, 1), times(q, be)), b0);
  const qi = over(minus(part(a, 2), times(q, bi)), b0);
  set(
    out,
    q,
    qe,
    qi,
    over(minus(minus(part(a, 3), times(times(two, qe), be)), times(q, part(b, 3))), b0),
    over(minus(minus(minus(part(a, 4), times(qe, bi)), times(qi, be)), times(q, part(b, 4))), b0),
    over(minus(minus(part(a, 5), times(times(two, qi), bi)), times(q, part(b, 5))), b0),
  );
}

/** f(a) for functions whose values and first two derivatives at a are given. */
export function compose(out: usize, a: usize, f: v128, first: v128, second: v128): void {
  const ae = part(a, 1),
    ai = part(a, 2);
  set(
    out,
    f,
    times(first, ae),
    times(first, ai),
    plus(times(first, part(a, 3)), times(times(second, ae), ae)),
    plus(times(first, part(a, 4)), times(times(second, ae), ai)),
    plus(times(first, part(a, 5)), times(times(second, ai), ai)),
  );
}
