// The firing rates of rate.ts of two populations at once, with their exact first and second derivatives, step by
// step the same formula.

import { accumulate, add, affine, compose, divide, JET_BYTES, multiply, scaled } from "./jet";
import { all, choose, over, plus, times } from "./lanes";
import { gaussian } from "./math";
import { at } from "./memory";
import { CM, EE, EI, EL, GL, KE, KI, P, QE, QI, rate, TE, TI, X } from "./rate";
import { erfcEach, logEach } from "./rows";

const SQRT2: f64 = Math.SQRT2;
const TWO_OVER_SQRT_PI: f64 = 1.1283791670955126;

const jets = memory.data(38 * 96, 16);
function jet(index: i32): usize {
  return jets + index * JET_BYTES;
}
const row = memory.data(16, 16);

/** A number in each lane. */
function pair(first: f64, second: f64): v128 {
  return f64x2.replace_lane(all(first), 1, second);
}

/**
 * @param p address of a population; its rates are nuE and nuI, Hz
 * @param q of another; its rates are nuEq and nuI
 * @param out address for two times F, ∂F/∂ν_e, ∂F/∂ν_i, ∂²F/∂ν_e², ∂²F/∂ν_e∂ν_i, ∂²F/∂ν_i²; those of p and q in turn
 * Where F is 0 to the last bit (a quiescent network) so are all derivatives, though σ_V has none there.
 */
export function rateJets(p: usize, q: usize, nuE: f64, nuEq: f64, nuI: f64, out: usize): void {
  const ke = each(p, q, KE),
    ki = each(p, q, KI),
    qe = each(p, q, QE),
    qi = each(p, q, QI),
    te = each(p, q, TE),
    ti = each(p, q, TI),
    ee = each(p, q, EE),
    ei = each(p, q, EI);
  const gl = each(p, q, GL),
    cm = each(p, q, CM);
  const zero = all(0.0);
  const se = times(times(qe, te), ke),
    si = times(times(qi, ti), ki); // conductance per Hz
  const e = pair(max(nuE, 0.0), max(nuEq, 0.0)),
    i = all(max(nuI, 0.0));

  const one = jet(0),
    fe = jet(1),
    fi = jet(2),
    mu_G = jet(3),
    current = jet(4),
    mu_V = jet(5),
    tau_m = jet(6);
  affine(one, all(1.0), zero, zero);
  affine(fe, times(ke, e), ke, zero);
  affine(fi, times(ki, i), zero, ki);
  affine(mu_G, plus(plus(gl, times(se, e)), times(si, i)), se, si);
  const synaptic = plus(times(times(se, e), ee), times(times(si, i), ei));
  affine(current, plus(synaptic, times(gl, each(p, q, EL))), times(se, ee), times(si, ei));
  divide(mu_V, current, mu_G);
  const inverseG = jet(7);
  divide(inverseG, one, mu_G);
  scaled(tau_m, inverseG, cm, zero);

  const ae2 = jet(8),
    ai2 = jet(9);
  squaredAmplitude(ae2, mu_V, inverseG, times(qe, te), ee);
  squaredAmplitude(ai2, mu_V, inverseG, times(qi, each(p, q, X)), ei);

  // σ_V, then τ_V with 1e-9 Hz added to both rates
  const sumE = jet(10),
    sumI = jet(11),
    ne = jet(12),
    ni = jet(13),
    shareE = jet(14),
    shareI = jet(15);
  scaled(sumE, tau_m, all(1.0), te);
  scaled(sumI, tau_m, all(1.0), ti);
  multiply(ne, fe, ae2);
  multiply(ni, fi, ai2);
  divide(shareE, ne, sumE);
  divide(shareI, ni, sumI);
  const twice = jet(16),
    variance = jet(17),
    sigma_V = jet(18);
  add(twice, shareE, shareI);
  scaled(variance, twice, all(0.5), zero);
  const root = f64x2.sqrt(v128.load(variance));
  // Next to silence σ_V is the 1e-12 V added to it, and its slope along the rates would be infinite.
  const flat = f64x2.lt(root, all(1e-12));
  const first = choose(flat, zero, over(all(0.5), root));
  const second = choose(flat, zero, over(all(-0.25), times(root, v128.load(variance))));
  compose(sigma_V, variance, plus(root, all(1e-12)), first, second);

  const feMore = jet(19),
    fiMore = jet(20),
    total = jet(21),
    weighted = jet(22),
    tau_V = jet(23);
  scaled(feMore, fe, all(1.0), all(1e-9));
  scaled(fiMore, fi, all(1.0), all(1e-9));
  multiply(ne, feMore, ae2);
  multiply(ni, fiMore, ai2);
  divide(shareE, ne, sumE);
  divide(shareI, ni, sumI);
  add(total, ne, ni);
  add(weighted, shareE, shareI);
  divide(tau_V, total, weighted);

  const x = jet(24),
    y = jet(25),
    z = jet(26),
    conductance = jet(27);
  scaled(x, mu_V, all(100.0), all(6.0));
  scaled(y, sigma_V, all(1.0 / 6e-3), all(-4e-3 / 6e-3));
  scaled(z, tau_V, over(gl, cm), all(-0.5));
  const g0 = v128.load(mu_G);
  v128.store(row, over(g0, gl));
  logEach(row, row + 16);
  compose(conductance, mu_G, v128.load(row), over(all(1.0), g0), over(all(-1.0), times(g0, g0)));

  // V_eff − μ_V, term by term
  const distance = jet(28),
    term = jet(29);
  scaled(distance, mu_V, all(-1.0), each(p, q, P));
  accumulate(distance, x, each(p, q, P + 1));
  accumulate(distance, y, each(p, q, P + 2));
  accumulate(distance, z, each(p, q, P + 3));
  accumulate(distance, conductance, each(p, q, P + 4));
  accumulate(distance, product(term, x, x), each(p, q, P + 5));
  accumulate(distance, product(term, y, y), each(p, q, P + 6));
  accumulate(distance, product(term, z, z), each(p, q, P + 7));
  accumulate(distance, product(term, x, y), each(p, q, P + 8));
  accumulate(distance, product(term, x, z), each(p, q, P + 9));
  accumulate(distance, product(term, y, z), each(p, q, P + 10));

  const argument = jet(30),
    ratio = jet(31),
    tail = jet(32),
    tau2 = jet(33),
    result = jet(36);
  divide(ratio, distance, sigma_V);
  scaled(argument, ratio, all(1.0 / SQRT2), zero);
  const u = v128.load(argument);
  const bell = pair(gaussian(f64x2.extract_lane(u, 0)), gaussian(f64x2.extract_lane(u, 1)));
  const slope = times(all(-TWO_OVER_SQRT_PI), bell);
  v128.store(row, u);
  erfcEach(row, row + 16);
  compose(tail, argument, v128.load(row), slope, times(times(all(-2.0), u), slope));
  scaled(tau2, tau_V, all(2.0), zero);
  divide(result, tail, tau2);
  const quiet = f64x2.eq(pair(rate(p, nuE, nuI, 0), rate(q, nuEq, nuI, 0)), zero);
  for (let k: usize = 0; k < 96; k += 16) v128.store(out + k, choose(quiet, zero, v128.load(result + k)));
}

/** A value of both populations. */
function each(p: usize, q: usize, which: i32): v128 {
  return pair(at(p, which), at(q, which));
}

/** (charge · (reversal − μ_V) / μ_G)² */
function squaredAmplitude(out: usize, mu_V: usize, inverseG: usize, charge: v128, reversal: v128): void {
  const force = jet(34),
    amplitude = jet(35);
  scaled(force, mu_V, f64x2.neg(charge), times(charge, reversal));
  multiply(amplitude, force, inverseG);
  multiply(out, amplitude, amplitude);
}

function product(out: usize, a: usize, b: usize): usize {
  multiply(out, a, b);
  return out;
}
