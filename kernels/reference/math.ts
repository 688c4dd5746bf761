/**
 * The functions of kernels/assembly/math.ts in plain TypeScript: the same operations in the same order, so the
 * same bits. An oracle for tests; stages call the kernels.
 */

const view = new DataView(new ArrayBuffer(8));

/** The double with these upper and lower 32 bits. */
function fromBits(high: number, low: number): number {
  view.setUint32(0, high);
  view.setUint32(4, low);
  return view.getFloat64(0);
}

const powerOfTwo = (k: number) => fromBits((k + 1023) << 20, 0);

/** c[0] + c[1]·x + x²·(c[2] + c[3]·x) */
const cubic = (c: readonly number[], x: number) => c[0]! + x * c[1]! + x * x * (c[2]! + x * c[3]!);

const LN2 = { high: 0.6931471803691238, low: 1.9082149292705877e-10 };

export function exp(x: number): number {
  if (Number.isNaN(x)) return x;
  if (x > 709.782712893384) return Number.POSITIVE_INFINITY;
  if (x < -745.1332191019412) return 0;
  const k = x * Math.LOG2E + 6755399441055744 - 6755399441055744;
  const r = x - k * LN2.high - k * LN2.low;
  const [r2, r4] = [r * r, r * r * (r * r)];
  const low = cubic(
    [0.16666666666666666, 0.04166666666665136, 0.008333333333332155, 0.0013888888905881542],
    r,
  );
  const high = cubic(
    [0.0001984126985433861, 2.4801536388690766e-5, 2.755728006701698e-6, 2.761380686153829e-7],
    r,
  );
  const y = 1 + (r + (r2 * 0.5 + r2 * r * (low + r4 * (high + r4 * 2.5095554677111112e-8))));
  const half = Math.floor(k / 2);
  return y * powerOfTwo(half) * powerOfTwo(k - half);
}

export function log(x: number): number {
  if (!(x > 0)) return x === 0 ? Number.NEGATIVE_INFINITY : Number.NaN;
  if (x === Number.POSITIVE_INFINITY) return x;
  const subnormal = x < 2.2250738585072014e-308;
  view.setFloat64(0, subnormal ? x * 18014398509481984 : x);
  const [high, low] = [view.getUint32(0), view.getUint32(4)];
  const above = (high - 0x3fe6a09e) >> 20;
  const k = above - (subnormal ? 54 : 0);
  const f = fromBits(high - (above << 20), low) - 1;
  const s = f / (2 + f);
  const z = s * s;
  const tail = 0.1818289243253687 + z * 0.15331611722055008 + z * z * 0.14617807153417325;
  const series =
    0.666666666666667 +
    z * 0.3999999999989889 +
    z * z * (0.28571428626253836 + z * 0.22222211089379496 + z * z * tail);
  const half = 0.5 * f * f;
  return k * LN2.high - (half - (s * (half + z * series) + k * LN2.low) - f);
}

const scaledErfc = [
  [1.2530080582697296, -0.1356211061245807, -0.047562294353446374, 0.12964515870270552],
  [-0.11927366341552853, 0.06830802734580459, -0.02377051491423367, 0.002529391788270445],
  [0.001888690312003782, -0.0007798320379611115, -0.00010515949033775975, 0.00012509815174864322],
  [4.948147875576539e-6, -2.009663087595395e-5, -7.275875746667183e-7, 3.463997532352904e-6],
  [3.4899197889744293e-7, -6.050048623933503e-7, -1.311166137536459e-7, 9.186243026143847e-8],
];
type Five = [number, number, number, number, number];

export function gaussian(x: number): number {
  const scaled = x * 134217729;
  const high = scaled - (scaled - x);
  const low = x - high;
  const square = x * x;
  const rest = high * high - square + 2 * high * low + low * low;
  const y = exp(-square);
  return y - y * rest;
}

export function erfc(x: number): number {
  if (Number.isNaN(x)) return x;
  const a = Math.abs(x);
  if (a >= 28) return x > 0 ? 0 : 2;
  const [sum, twice] = [a + 3, 1 + 2 * a];
  const inverse = 1 / (sum * twice);
  const t = (a - 3) * (twice * inverse);
  const [t4, t8] = [t * t * (t * t), t * t * (t * t) * (t * t * (t * t))];
  const [p, q, r, s, u] = scaledErfc.map((coefficients) => cubic(coefficients, t)) as Five;
  const last = 3.29163439676632e-8 + t * -8.500119502115306e-9 + t * t * -4.210104975119195e-9;
  const polynomial = p + t4 * q + t8 * (r + t4 * s + t8 * (u + t4 * last));
  const tail = polynomial * (sum * inverse) * gaussian(a);
  return x < 0 ? 2 - tail : tail;
}

export function erfcinv(p: number): number {
  if (p === 0) return Number.POSITIVE_INFINITY;
  if (p === 2) return Number.NEGATIVE_INFINITY;
  if (!(p > 0 && p < 2)) return Number.NaN;
  const q = p < 1 ? p : 2 - p;
  const t = Math.sqrt(-2 * log(0.5 * q));
  let x = (t - (2.30753 + 0.27061 * t) / (1 + t * (0.99229 + t * 0.04481))) * Math.SQRT1_2;
  for (let step = 0; step < 3; step++) {
    const error = (erfc(x) - q) / (1.1283791670955126 * gaussian(x));
    x += error / (1 - x * error);
  }
  return p < 1 ? x : -x;
}
