// exp, log, erfc and erfcinv from operations that IEEE 754 fixes, so that every machine gives the same bits.
// Polynomials are Chebyshev interpolants rounded to doubles; nothing branches on the argument's size before
// the polynomial, so that the same operations can run in SIMD lanes.

const LOG2E: f64 = Math.LOG2E;
// ln 2 in two parts: the high one has 20 trailing zero bits, so that k · LN2_HI is exact for |k| < 2^20.
const LN2_HI: f64 = 0.6931471803691238;
const LN2_LO: f64 = 1.9082149292705877e-10;
// Adding and subtracting this rounds to the nearest integer, ties to even.
const ROUND: f64 = 6755399441055744.0;

function powerOfTwo(k: i64): f64 {
  return reinterpret<f64>((k + 1023) << 52);
}

/** e^x, error below 1 ulp where the result is normal. */
export function exp(x: f64): f64 {
  if (!(x <= 709.782712893384)) return isNaN(x) ? x : Infinity;
  if (x < -745.1332191019412) return 0.0;
  const rounded = x * LOG2E + ROUND;
  const k = rounded - ROUND;
  const r = x - k * LN2_HI - k * LN2_LO; // |r| ≤ ln(2)/2
  const r2 = r * r;
  const r4 = r2 * r2;
  const low =
    0.16666666666666666 + r * 0.04166666666665136 + r2 * (0.008333333333332155 + r * 0.0013888888905881542);
  const high =
    0.0001984126985433861 +
    r * 2.4801536388690766e-5 +
    r2 * (2.755728006701698e-6 + r * 2.761380686153829e-7);
  const cubic = low + r4 * (high + r4 * 2.5095554677111112e-8);
  const y = 1.0 + (r + (r2 * 0.5 + r2 * r * cubic));
  const exponent = <i64>k;
  const half = exponent >> 1; // in two steps, so that 2^k may be subnormal or 2^1024
  return y * powerOfTwo(half) * powerOfTwo(exponent - half);
}

/** Natural logarithm, error below 1 ulp; −Infinity at 0, NaN below. */
export function log(x: f64): f64 {
  if (!(x > 0.0)) return x === 0.0 ? -Infinity : NaN;
  if (x === Infinity) return x;
  let shift: i64 = 0;
  if (x < 2.2250738585072014e-308) {
    x *= 18014398509481984.0; // 2^54
    shift = -54;
  }
  const bits = reinterpret<i64>(x);
  const above = bits - 0x3fe6a09e00000000; // √½
  const k = <f64>((above >> 52) + shift);
  const f = reinterpret<f64>(bits - (above & ((<i64>0xfff) << 52))) - 1.0; // √½ ≤ 1 + f < √2
  // log(1+f) = 2 atanh(s) = f − (f²/2 − s(f²/2 + R(s²)))
  const s = f / (2.0 + f);
  const z = s * s;
  const z2 = z * z;
  const series =
    0.666666666666667 +
    z * 0.3999999999989889 +
    z2 *
      (0.28571428626253836 +
        z * 0.22222211089379496 +
        z2 * (0.1818289243253687 + z * 0.15331611722055008 + z2 * 0.14617807153417325));
  const half = 0.5 * f * f;
  return k * LN2_HI - (half - (s * (half + z * series) + k * LN2_LO) - f);
}

/** (1 + 2x) · exp(x²) · erfc(x) for x ≥ 0 as a polynomial of t = (x − 3)/(x + 3). */
function scaledErfc(t: f64): f64 {
  const t2 = t * t;
  const t4 = t2 * t2;
  const t8 = t4 * t4;
  const a =
    1.2530080582697296 + t * -0.1356211061245807 + t2 * (-0.047562294353446374 + t * 0.12964515870270552);
  const b =
    -0.11927366341552853 + t * 0.06830802734580459 + t2 * (-0.02377051491423367 + t * 0.002529391788270445);
  const c =
    0.001888690312003782 +
    t * -0.0007798320379611115 +
    t2 * (-0.00010515949033775975 + t * 0.00012509815174864322);
  const d =
    4.948147875576539e-6 +
    t * -2.009663087595395e-5 +
    t2 * (-7.275875746667183e-7 + t * 3.463997532352904e-6);
  const e =
    3.4899197889744293e-7 +
    t * -6.050048623933503e-7 +
    t2 * (-1.311166137536459e-7 + t * 9.186243026143847e-8);
  const g = 3.29163439676632e-8 + t * -8.500119502115306e-9 + t2 * -4.210104975119195e-9;
  return a + t4 * b + t8 * (c + t4 * d + t8 * (e + t4 * g));
}

/** exp(−x²) without the error that rounding x² would bring: x² = square + rest exactly (Dekker's product). */
export function gaussian(x: f64): f64 {
  const scaled = x * 134217729.0; // 2^27 + 1
  const high = scaled - (scaled - x);
  const low = x - high;
  const square = x * x;
  const rest = high * high - square + 2.0 * high * low + low * low;
  const y = exp(-square);
  return y - y * rest;
}

/** Complementary error function, error below 8 ulp where the result is normal. */
export function erfc(x: f64): f64 {
  const a = abs(x);
  if (!(a < 28.0)) return isNaN(x) ? x : x > 0.0 ? 0.0 : 2.0;
  const sum = a + 3.0;
  const twice = 1.0 + 2.0 * a;
  const inverse = 1.0 / (sum * twice);
  const tail = scaledErfc((a - 3.0) * (twice * inverse)) * (sum * inverse) * gaussian(a);
  return x < 0.0 ? 2.0 - tail : tail;
}

/**
 * Inverse of erfc: Abramowitz & Stegun 26.2.23 as the start, three steps of Halley.
 * Absolute error a few 1e-16 around p = 1, relative elsewhere. Infinity at 0, −Infinity at 2, NaN outside.
 */
export function erfcinv(p: f64): f64 {
  if (!(p > 0.0 && p < 2.0)) return p === 0.0 ? Infinity : p === 2.0 ? -Infinity : NaN;
  const q = p < 1.0 ? p : 2.0 - p;
  const t = sqrt(-2.0 * log(0.5 * q));
  let x = (t - (2.30753 + 0.27061 * t) / (1.0 + t * (0.99229 + t * 0.04481))) * Math.SQRT1_2;
  for (let step = 0; step < 3; step++) {
    const error = (erfc(x) - q) / (1.1283791670955126 * gaussian(x)); // 2/√π
    x += error / (1.0 - x * error);
  }
  return p < 1.0 ? x : -x;
}
