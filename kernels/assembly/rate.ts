// Subthreshold moments and firing rate of a cell in a network (docs/model.md, "Subthreshold moments" and "Transfer
// function"). SI units; rates in Hz per presynaptic neuron; negative rates count as 0.

import { erfc, log } from "./math";
import { at, put } from "./memory";

// A population's layout in memory: what its cells are and receive, then the eleven coefficients, V.
export const KE = 0;
export const KI = 1;
export const QE = 2;
export const QI = 3;
export const TE = 4;
export const TI = 5;
export const EE = 6;
export const EI = 7;
export const GL = 8;
export const CM = 9;
export const EL = 10;
/** What multiplies the inhibitory driving force in σ_V and τ_V: Ti as published, Qi as coded. */
export const X = 11;
export const P = 12;

const SQRT2: f64 = Math.SQRT2;

/** Mean potential, V. */
export function meanVoltage(p: usize, nuE: f64, nuI: f64): f64 {
  const ge = at(p, QE) * at(p, TE) * (max(nuE, 0.0) * at(p, KE));
  const gi = at(p, QI) * at(p, TI) * (max(nuI, 0.0) * at(p, KI));
  const gl = at(p, GL);
  return (ge * at(p, EE) + gi * at(p, EI) + gl * at(p, EL)) / (gl + ge + gi);
}

/** Firing rate F, Hz; where `out` is not 0, stores μ_V (V), σ_V (V), τ_V (s) and μ_G (S) there. */
export function rate(p: usize, nuE: f64, nuI: f64, out: usize): f64 {
  const fe = max(nuE, 0.0) * at(p, KE),
    fi = max(nuI, 0.0) * at(p, KI);
  const qe = at(p, QE),
    qi = at(p, QI),
    te = at(p, TE),
    ti = at(p, TI),
    gl = at(p, GL);
  const ge = qe * te * fe,
    gi = qi * ti * fi;
  const mu_G = gl + ge + gi;
  const mu_V = (ge * at(p, EE) + gi * at(p, EI) + gl * at(p, EL)) / mu_G;
  const tau_m = at(p, CM) / mu_G;
  const ae = ((qe * (at(p, EE) - mu_V)) / mu_G) * te,
    ai = ((qi * (at(p, EI) - mu_V)) / mu_G) * at(p, X);
  const ae2 = ae * ae,
    ai2 = ai * ai;
  const se = te + tau_m,
    si = ti + tau_m;
  const sigma_V = sqrt((fe * ae2) / (2.0 * se) + (fi * ai2) / (2.0 * si)) + 1e-12;
  const ne = (fe + 1e-9) * ae2,
    ni = (fi + 1e-9) * ai2;
  const tau_V = (ne + ni) / (ne / se + ni / si);
  if (out !== 0) {
    put(out, 0, mu_V);
    put(out, 1, sigma_V);
    put(out, 2, tau_V);
    put(out, 3, mu_G);
  }
  const x = (mu_V + 60e-3) / 10e-3,
    y = (sigma_V - 4e-3) / 6e-3,
    z = (tau_V * gl) / at(p, CM) - 0.5;
  const threshold =
    at(p, P) +
    at(p, P + 1) * x +
    at(p, P + 2) * y +
    at(p, P + 3) * z +
    at(p, P + 4) * log(mu_G / gl) +
    at(p, P + 5) * (x * x) +
    at(p, P + 6) * (y * y) +
    at(p, P + 7) * (z * z) +
    at(p, P + 8) * (x * y) +
    at(p, P + 9) * (x * z) +
    at(p, P + 10) * (y * z);
  return erfc((threshold - mu_V) / (SQRT2 * sigma_V)) / (2.0 * tau_V);
}
