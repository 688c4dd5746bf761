// The firing rate of rate.ts with its exact first and second derivatives, step by step the same formula.

import { add, affine, compose, divide, JET_BYTES, multiply, scaled } from "./jet";
import { erfc, gaussian, log } from "./math";
import { at, put } from "./memory";
import { CM, EE, EI, EL, GL, KE, KI, P, QE, QI, rate, TE, TI, X } from "./rate";

const SQRT2: f64 = Math.SQRT2;
const TWO_OVER_SQRT_PI: f64 = 1.1283791670955126;

const jets = memory.data(40 * JET_BYTES, 16);
function jet(index: i32): usize {
  return jets + index * JET_BYTES;
}

/**
 * @param out address for F, ∂F/∂ν_e, ∂F/∂ν_i, ∂²F/∂ν_e², ∂²F/∂ν_e∂ν_i, ∂²F/∂ν_i²
 * Where F is 0 to the last bit (a quiescent network) so are all derivatives, though σ_V has none there.
 */
export function rateJet(p: usize, nuE: f64, nuI: f64, out: usize): void {
  if (rate(p, nuE, nuI, 0) === 0.0) {
    for (let k = 0; k < 6; k++) put(out, k, 0.0);
    return;
  }
  const ke = at(p, KE),
    ki = at(p, KI),
    qe = at(p, QE),
    qi = at(p, QI),
    te = at(p, TE),
    ti = at(p, TI);
  const gl = at(p, GL);
  const se = qe * te * ke,
    si = qi * ti * ki; // conductance per Hz
  const e = max(nuE, 0.0),
    i = max(nuI, 0.0);

  const one = jet(0),
    fe = jet(1),
    fi = jet(2),
    g = jet(3),
    current = jet(4),
    mu = jet(5),
    taum = jet(6);
  affine(one, 1.0, 0.0, 0.0);
  affine(fe, ke * e, ke, 0.0);
  affine(fi, ki * i, 0.0, ki);
  affine(g, gl + se * e + si * i, se, si);
  affine(current, se * e * at(p, EE) + si * i * at(p, EI) + gl * at(p, EL), se * at(p, EE), si * at(p, EI));
  divide(mu, current, g);
  const inverseG = jet(7);
  divide(inverseG, one, g);
  scaled(taum, inverseG, at(p, CM), 0.0);

  const ae2 = jet(8),
    ai2 = jet(9);
  squaredAmplitude(ae2, mu, inverseG, qe * te, at(p, EE));
  squaredAmplitude(ai2, mu, inverseG, qi * at(p, X), at(p, EI));

  // σ_V, then τ_V with 1e-9 Hz added to both rates
  const sumE = jet(10),
    sumI = jet(11),
    ne = jet(12),
    ni = jet(13),
    shareE = jet(14),
    shareI = jet(15);
  scaled(sumE, taum, 1.0, te);
  scaled(sumI, taum, 1.0, ti);
  multiply(ne, fe, ae2);
  multiply(ni, fi, ai2);
  divide(shareE, ne, sumE);
  divide(shareI, ni, sumI);
  const twice = jet(16),
    variance = jet(17),
    sigma = jet(18);
  add(twice, shareE, shareI);
  scaled(variance, twice, 0.5, 0.0);
  const root = sqrt(at(variance, 0));
  // Next to silence σ_V is the 1e-12 V added to it, and its slope along the rates would be infinite.
  const first = root < 1e-12 ? 0.0 : 0.5 / root;
  const second = root < 1e-12 ? 0.0 : -0.25 / (root * at(variance, 0));
  compose(sigma, variance, root + 1e-12, first, second);

  const feMore = jet(19),
    fiMore = jet(20),
    total = jet(21),
    weighted = jet(22),
    tau = jet(23);
  scaled(feMore, fe, 1.0, 1e-9);
  scaled(fiMore, fi, 1.0, 1e-9);
  multiply(ne, feMore, ae2);
  multiply(ni, fiMore, ai2);
  divide(shareE, ne, sumE);
  divide(shareI, ni, sumI);
  add(total, ne, ni);
  add(weighted, shareE, shareI);
  divide(tau, total, weighted);

  const x = jet(24),
    y = jet(25),
    z = jet(26),
    conductance = jet(27);
  scaled(x, mu, 100.0, 6.0);
  scaled(y, sigma, 1.0 / 6e-3, -4e-3 / 6e-3);
  scaled(z, tau, gl / at(p, CM), -0.5);
  const g0 = at(g, 0);
  compose(conductance, g, log(g0 / gl), 1.0 / g0, -1.0 / (g0 * g0));

  // V_eff − μ_V, term by term
  const distance = jet(28),
    term = jet(29);
  scaled(distance, mu, -1.0, at(p, P));
  accumulate(distance, x, at(p, P + 1));
  accumulate(distance, y, at(p, P + 2));
  accumulate(distance, z, at(p, P + 3));
  accumulate(distance, conductance, at(p, P + 4));
  accumulate(distance, product(term, x, x), at(p, P + 5));
  accumulate(distance, product(term, y, y), at(p, P + 6));
  accumulate(distance, product(term, z, z), at(p, P + 7));
  accumulate(distance, product(term, x, y), at(p, P + 8));
  accumulate(distance, product(term, x, z), at(p, P + 9));
  accumulate(distance, product(term, y, z), at(p, P + 10));

  const argument = jet(30),
    ratio = jet(31),
    tail = jet(32),
    tau2 = jet(33);
  divide(ratio, distance, sigma);
  scaled(argument, ratio, 1.0 / SQRT2, 0.0);
  const u = at(argument, 0);
  const slope = -TWO_OVER_SQRT_PI * gaussian(u);
  compose(tail, argument, erfc(u), slope, -2.0 * u * slope);
  scaled(tau2, tau, 2.0, 0.0);
  divide(out, tail, tau2);
}

/** (charge · (reversal − μ_V) / μ_G)² */
function squaredAmplitude(out: usize, mu: usize, inverseG: usize, charge: f64, reversal: f64): void {
  const force = jet(34),
    amplitude = jet(35);
  scaled(force, mu, -charge, charge * reversal);
  multiply(amplitude, force, inverseG);
  multiply(out, amplitude, amplitude);
}

function product(out: usize, a: usize, b: usize): usize {
  multiply(out, a, b);
  return out;
}

/** sum += weight · a */
function accumulate(sum: usize, a: usize, weight: f64): void {
  for (let k = 0; k < 6; k++) put(sum, k, at(sum, k) + weight * at(a, k));
}
