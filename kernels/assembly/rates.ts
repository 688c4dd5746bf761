// Firing rates of a row of units, two at a time and in short passes (rows.ts): rate.ts step by step in lanes, so
// the same bits.

import { all, minus, over, plus, times } from "./lanes";
import { CM, EE, EI, EL, GL, KE, KI, P, QE, QI, TE, TI, X } from "./rate";
import { erfcEach, logEach, ROW_BYTES } from "./rows";

const work = memory.data(7 * 8 * 64, 16);
const FE: usize = work; // Hz
const FI: usize = work + ROW_BYTES;
const MU_G: usize = work + 2 * ROW_BYTES; // S
const MU_V: usize = work + 3 * ROW_BYTES; // V
const SIGMA_V: usize = work + 4 * ROW_BYTES; // V
const TAU_V: usize = work + 5 * ROW_BYTES; // s
const LOG: usize = work + 6 * ROW_BYTES; // μ_G/Gl, then its logarithm

/** A value of a population in both lanes. */
function both(p: usize, which: i32): v128 {
  return v128.load64_splat(p + ((<usize>which) << 3));
}

function positive(x: v128): v128 {
  return f64x2.pmax(x, all(0.0));
}

/** Mean potential, V. */
export function meanVoltages(p: usize, nuE: v128, nuI: v128): v128 {
  const ge = times(times(both(p, QE), both(p, TE)), times(positive(nuE), both(p, KE)));
  const gi = times(times(both(p, QI), both(p, TI)), times(positive(nuI), both(p, KI)));
  const gl = both(p, GL);
  const current = plus(plus(times(ge, both(p, EE)), times(gi, both(p, EI))), times(gl, both(p, EL)));
  return over(current, plus(plus(gl, ge), gi));
}

/**
 * Firing rates, Hz.
 *
 * @param p address of the population (rate.ts)
 * @param nuE address of n presynaptic rates, Hz, and so nuI; of one more where n is odd
 * @param out address for as many rates
 * @param n units, at most TILE
 */
export function rates(p: usize, nuE: usize, nuI: usize, out: usize, n: i32): void {
  const bytes = (<usize>(n + 1) >> 1) << 4;
  potentials(p, nuE, nuI, bytes);
  fluctuations(p, bytes);
  logEach(LOG, LOG + bytes);
  distances(p, out, bytes);
  erfcEach(out, out + bytes);
  let at: usize = 0;
  do {
    v128.store(out + at, over(v128.load(out + at), times(all(2.0), v128.load(TAU_V + at))));
    at += 16;
  } while (at < bytes);
}

function potentials(p: usize, nuE: usize, nuI: usize, bytes: usize): void {
  const qte = times(both(p, QE), both(p, TE)),
    qti = times(both(p, QI), both(p, TI)),
    gl = both(p, GL);
  const ke = both(p, KE),
    ki = both(p, KI),
    ee = both(p, EE),
    ei = both(p, EI),
    leak = times(gl, both(p, EL));
  let at: usize = 0;
  do {
    const fe = times(positive(v128.load(nuE + at)), ke),
      fi = times(positive(v128.load(nuI + at)), ki);
    const ge = times(qte, fe),
      gi = times(qti, fi);
    const mu_G = plus(plus(gl, ge), gi);
    v128.store(FE + at, fe);
    v128.store(FI + at, fi);
    v128.store(MU_G + at, mu_G);
    v128.store(LOG + at, over(mu_G, gl));
    v128.store(MU_V + at, over(plus(plus(times(ge, ee), times(gi, ei)), leak), mu_G));
    at += 16;
  } while (at < bytes);
}

function fluctuations(p: usize, bytes: usize): void {
  const qe = both(p, QE),
    qi = both(p, QI),
    te = both(p, TE),
    ti = both(p, TI),
    ee = both(p, EE),
    ei = both(p, EI),
    cm = both(p, CM),
    x = both(p, X);
  let at: usize = 0;
  do {
    const mu_G = v128.load(MU_G + at),
      mu_V = v128.load(MU_V + at),
      fe = v128.load(FE + at),
      fi = v128.load(FI + at);
    const tau_m = over(cm, mu_G);
    const ae = times(over(times(qe, minus(ee, mu_V)), mu_G), te),
      ai = times(over(times(qi, minus(ei, mu_V)), mu_G), x);
    const ae2 = times(ae, ae),
      ai2 = times(ai, ai);
    const se = plus(te, tau_m),
      si = plus(ti, tau_m);
    const shareE = over(times(fe, ae2), times(all(2.0), se)),
      shareI = over(times(fi, ai2), times(all(2.0), si));
    v128.store(SIGMA_V + at, plus(f64x2.sqrt(plus(shareE, shareI)), all(1e-12)));
    const ne = times(plus(fe, all(1e-9)), ae2),
      ni = times(plus(fi, all(1e-9)), ai2);
    v128.store(TAU_V + at, over(plus(ne, ni), plus(over(ne, se), over(ni, si))));
    at += 16;
  } while (at < bytes);
}

/** From threshold, in units of √2 σ_V: the arguments of erfc. */
function distances(p: usize, out: usize, bytes: usize): void {
  const gl = both(p, GL),
    cm = both(p, CM);
  let at: usize = 0;
  do {
    const mu_V = v128.load(MU_V + at),
      sigma_V = v128.load(SIGMA_V + at);
    const x = over(plus(mu_V, all(60e-3)), all(10e-3)),
      y = over(minus(sigma_V, all(4e-3)), all(6e-3)),
      z = minus(over(times(v128.load(TAU_V + at), gl), cm), all(0.5));
    let threshold = plus(both(p, P), times(both(p, P + 1), x));
    threshold = plus(threshold, times(both(p, P + 2), y));
    threshold = plus(threshold, times(both(p, P + 3), z));
    threshold = plus(threshold, times(both(p, P + 4), v128.load(LOG + at)));
    threshold = plus(threshold, times(both(p, P + 5), times(x, x)));
    threshold = plus(threshold, times(both(p, P + 6), times(y, y)));
    threshold = plus(threshold, times(both(p, P + 7), times(z, z)));
    threshold = plus(threshold, times(both(p, P + 8), times(x, y)));
    threshold = plus(threshold, times(both(p, P + 9), times(x, z)));
    threshold = plus(threshold, times(both(p, P + 10), times(y, z)));
    v128.store(out + at, over(minus(threshold, mu_V), times(all(Math.SQRT2), sigma_V)));
    at += 16;
  } while (at < bytes);
}
