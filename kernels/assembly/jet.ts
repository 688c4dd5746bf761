// Second-order jets: a value with its exact first and second derivatives along ν_e and ν_i, as six doubles
// (value, e, i, ee, ei, ii) at an address. The rules of calculus, one function each; a result may overwrite
// none of its operands.

import { at, put } from "./memory";

export const JET_BYTES: i32 = 48;

function set(out: usize, v: f64, e: f64, i: f64, ee: f64, ei: f64, ii: f64): void {
  put(out, 0, v);
  put(out, 1, e);
  put(out, 2, i);
  put(out, 3, ee);
  put(out, 4, ei);
  put(out, 5, ii);
}

/** value + e·ν_e + i·ν_i around the point where it has that value. */
export function affine(out: usize, value: f64, e: f64, i: f64): void {
  set(out, value, e, i, 0.0, 0.0, 0.0);
}

/** scale · a + shift */
export function scaled(out: usize, a: usize, scale: f64, shift: f64): void {
  const v = scale * at(a, 0) + shift;
  set(out, v, scale * at(a, 1), scale * at(a, 2), scale * at(a, 3), scale * at(a, 4), scale * at(a, 5));
}

export function add(out: usize, a: usize, b: usize): void {
  for (let k = 0; k < 6; k++) put(out, k, at(a, k) + at(b, k));
}

export function multiply(out: usize, a: usize, b: usize): void {
  const a0 = at(a, 0),
    ae = at(a, 1),
    ai = at(a, 2);
  const b0 = at(b, 0),
    be = at(b, 1),
    bi = at(b, 2);
  set(
    out,
    a0 * b0,
    ae * b0 + a0 * be,
    ai * b0 + a0 * bi,
    at(a, 3) * b0 + 2.0 * ae * be + a0 * at(b, 3),
    at(a, 4) * b0 + ae * bi + ai * be + a0 * at(b, 4),
    at(a, 5) * b0 + 2.0 * ai * bi + a0 * at(b, 5),
  );
}

/** a / b, from q·b = a. */
export function divide(out: usize, a: usize, b: usize): void {
  const b0 = at(b, 0),
    be = at(b, 1),
    bi = at(b, 2);
  const q = at(a, 0) / b0;
  const qe = (at(a, 1) - q * be) / b0;
  const qi = (at(a, 2) - q * bi) / b0;
  set(
    out,
    q,
    qe,
    qi,
    (at(a, 3) - 2.0 * qe * be - q * at(b, 3)) / b0,
    (at(a, 4) - qe * bi - qi * be - q * at(b, 4)) / b0,
    (at(a, 5) - 2.0 * qi * bi - q * at(b, 5)) / b0,
  );
}

/** f(a) for a function whose value and first two derivatives at a are given. */
export function compose(out: usize, a: usize, f: f64, first: f64, second: f64): void {
  const ae = at(a, 1),
    ai = at(a, 2);
  set(
    out,
    f,
    first * ae,
    first * ai,
    first * at(a, 3) + second * ae * ae,
    first * at(a, 4) + second * ae * ai,
    first * at(a, 5) + second * ai * ai,
  );
}
