// exp, log and a part of erfc of two numbers at once: lane by lane the operations of math.ts, so the same bits.
// Special arguments take the common way as far as it gives what it should, since lanes cannot branch apart.

const LN2_HI: f64 = 0.6931471803691238;
const LN2_LO: f64 = 1.9082149292705877e-10;
const ROUND: f64 = 6755399441055744.0;

export function all(x: f64): v128 {
  return f64x2.splat(x);
}

export function plus(a: v128, b: v128): v128 {
  return f64x2.add(a, b);
}

export function minus(a: v128, b: v128): v128 {
  return f64x2.sub(a, b);
}

export function times(a: v128, b: v128): v128 {
  return f64x2.mul(a, b);
}

export function over(a: v128, b: v128): v128 {
  return f64x2.div(a, b);
}

/** The lanes of `a` where the mask is set, of `b` elsewhere. */
export function choose(mask: v128, a: v128, b: v128): v128 {
  return v128.bitselect(a, b, mask);
}

/** a + x·b */
export function linear(a: f64, b: f64, x: v128): v128 {
  return plus(all(a), times(x, all(b)));
}

/** a + x·b + x²·(c + x·d) */
function cubic(a: f64, b: f64, c: f64, d: f64, x: v128, x2: v128): v128 {
  return plus(linear(a, b, x), times(x2, linear(c, d, x)));
}

/** e^r for |r| ≤ ln(2)/2. */
export function expNearOne(r: v128): v128 {
  const r2 = times(r, r);
  const r4 = times(r2, r2);
  const low = cubic(
    0.16666666666666666,
    0.04166666666665136,
    0.008333333333332155,
    0.0013888888905881542,
    r,
    r2,
  );
  const high = cubic(
    0.0001984126985433861,
    2.4801536388690766e-5,
    2.755728006701698e-6,
    2.761380686153829e-7,
    r,
    r2,
  );
  const polynomial = plus(low, times(r4, plus(high, times(r4, all(2.5095554677111112e-8)))));
  const tail = plus(r, plus(times(r2, all(0.5)), times(times(r2, r), polynomial)));
  return plus(all(1.0), tail);
}

/** x/ln 2 rounded to an integer: the integer stands in the low bits. */
export function nearestPower(x: v128): v128 {
  return plus(times(x, all(Math.LOG2E)), all(ROUND));
}

/** x − k·ln 2, at most ln(2)/2 from 0, for the nearest power k. */
export function expRest(x: v128, power: v128): v128 {
  const k = minus(power, all(ROUND));
  return minus(minus(x, times(k, all(LN2_HI))), times(k, all(LN2_LO)));
}

/** e^x, error below 1 ulp where the result is normal. */
export function exps(x: v128): v128 {
  // Beyond these bounds the result is 0 or Infinity already at them. NaN passes.
  const bounded = f64x2.pmin(f64x2.pmax(x, all(-746.0)), all(710.0));
  const power = nearestPower(bounded);
  // The halves of an integer's two words, for |k| < 2^31, are the half of the whole.
  const exponent = i64x2.sub(power, all(ROUND));
  const half = i32x4.shr_s(exponent, 1);
  const y = expNearOne(expRest(bounded, power));
  return times(times(y, powerOfTwo(half)), powerOfTwo(i64x2.sub(exponent, half)));
}

function powerOfTwo(k: v128): v128 {
  return i64x2.shl(i64x2.add(k, i64x2.splat(1023)), 52);
}

/** Natural logarithm, error below 1 ulp; −Infinity at 0, NaN below. */
export function logs(x: v128): v128 {
  const normal = v128.and(f64x2.ge(x, all(2.2250738585072014e-308)), f64x2.lt(x, all(Infinity)));
  const common = i64x2.all_true(normal);
  let positive = x,
    shift = all(0.0);
  if (!common) {
    const subnormal = f64x2.lt(x, all(2.2250738585072014e-308));
    positive = choose(subnormal, times(x, all(18014398509481984.0)), x); // 2^54
    shift = v128.and(subnormal, all(-54.0));
  }
  const finite = logsNormal(positive, shift);
  if (common) return finite;
  const above = choose(f64x2.eq(x, all(Infinity)), x, choose(f64x2.gt(x, all(0.0)), finite, all(NaN)));
  return choose(f64x2.eq(x, all(0.0)), all(-Infinity), above);
}

/** ln x + shift·ln 2 for x that are normal, finite and positive. */
function logsNormal(x: v128, shift: v128): v128 {
  const above = i64x2.sub(x, i64x2.splat(0x3fe6a09e00000000)); // √½
  // The exponent as a double: put into the low bits of 2^52, from which 2^52 and the bias are taken away.
  const biased = i64x2.shr_u(i64x2.add(above, i64x2.splat(0x3ff0000000000000)), 52);
  const k = plus(minus(v128.or(biased, i64x2.splat(0x4330000000000000)), all(4503599627371519.0)), shift);
  const scaled = i64x2.sub(x, v128.and(above, i64x2.splat(0xfff0000000000000)));
  const f = minus(scaled, all(1.0)); // √½ ≤ 1 + f < √2
  const s = over(f, plus(all(2.0), f));
  const z = times(s, s);
  const z2 = times(z, z);
  const last = plus(linear(0.1818289243253687, 0.15331611722055008, z), times(z2, all(0.14617807153417325)));
  const middle = plus(linear(0.28571428626253836, 0.22222211089379496, z), times(z2, last));
  const series = plus(linear(0.666666666666667, 0.3999999999989889, z), times(z2, middle));
  const half = times(times(all(0.5), f), f);
  const small = plus(times(s, plus(half, times(z, series))), times(k, all(LN2_LO)));
  return minus(times(k, all(LN2_HI)), minus(minus(half, small), f));
}

/** (1 + 2x) · exp(x²) · erfc(x) for x ≥ 0 as a polynomial of t = (x − 3)/(x + 3). */
export function scaledErfc(t: v128): v128 {
  const t2 = times(t, t);
  const t4 = times(t2, t2);
  const t8 = times(t4, t4);
  const a = cubic(1.2530080582697296, -0.1356211061245807, -0.047562294353446374, 0.12964515870270552, t, t2);
  const b = cubic(
    -0.11927366341552853,
    0.06830802734580459,
    -0.02377051491423367,
    0.002529391788270445,
    t,
    t2,
  );
  const c = cubic(
    0.001888690312003782,
    -0.0007798320379611115,
    -0.00010515949033775975,
    0.00012509815174864322,
    t,
    t2,
  );
  const d = cubic(
    4.948147875576539e-6,
    -2.009663087595395e-5,
    -7.275875746667183e-7,
    3.463997532352904e-6,
    t,
    t2,
  );
  const e = cubic(
    3.4899197889744293e-7,
    -6.050048623933503e-7,
    -1.311166137536459e-7,
    9.186243026143847e-8,
    t,
    t2,
  );
  const g = plus(
    linear(3.29163439676632e-8, -8.500119502115306e-9, t),
    times(t2, all(-4.210104975119195e-9)),
  );
  const high = plus(plus(c, times(t4, d)), times(t8, plus(e, times(t4, g))));
  return plus(plus(a, times(t4, b)), times(t8, high));
}
