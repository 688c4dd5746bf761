import type { Moments, PopulationParameters, RateJet } from "../population.ts";
import { erfc, gaussian, log } from "./math.ts";

/**
 * Firing rate and moments (docs/model.md, "Subthreshold moments" and "Transfer function"): the same operations as the
 * kernels', so the same bits.
 */
export function rateAndMoments(
  { cell, synapses, Ke, Ki, X, P }: PopulationParameters,
  nuE: number,
  nuI: number,
): Moments & { rate: number } {
  const { Qe, Qi, Te, Ti, Ee, Ei } = synapses;
  const { Gl, Cm, El } = cell;
  const [fe, fi] = [Math.max(nuE, 0) * Ke, Math.max(nuI, 0) * Ki];
  const [mu_Ge, mu_Gi] = [Qe * Te * fe, Qi * Ti * fi];
  const mu_G = Gl + mu_Ge + mu_Gi;
  const mu_V = (mu_Ge * Ee + mu_Gi * Ei + Gl * El) / mu_G;
  const tau_m = Cm / mu_G;
  const ae = ((Qe * (Ee - mu_V)) / mu_G) * Te;
  const ai = ((Qi * (Ei - mu_V)) / mu_G) * X;
  const variance = (fe * (ae * ae)) / (2 * (Te + tau_m)) + (fi * (ai * ai)) / (2 * (Ti + tau_m));
  const sigma_V = Math.sqrt(variance) + 1e-12;
  const [ne, ni] = [(fe + 1e-9) * (ae * ae), (fi + 1e-9) * (ai * ai)];
  const tau_V = (ne + ni) / (ne / (Te + tau_m) + ni / (Ti + tau_m));

  const [x, y, z] = [(mu_V + 60e-3) / 10e-3, (sigma_V - 4e-3) / 6e-3, (tau_V * Gl) / Cm - 0.5];
  const terms = [1, x, y, z, log(mu_G / Gl), x * x, y * y, z * z, x * y, x * z, y * z];
  let threshold = P[0]!;
  for (let k = 1; k < terms.length; k++) threshold += P[k]! * terms[k]!;
  return {
    mu_V,
    sigma_V,
    tau_V,
    mu_G,
    rate: erfc((threshold - mu_V) / (Math.SQRT2 * sigma_V)) / (2 * tau_V),
  };
}

/** A number with its first and second derivatives along ν_e and ν_i. */
class Jet {
  readonly v: number;
  readonly e: number;
  readonly i: number;
  readonly ee: number;
  readonly ei: number;
  readonly ii: number;

  constructor(v: number, e = 0, i = 0, ee = 0, ei = 0, ii = 0) {
    [this.v, this.e, this.i, this.ee, this.ei, this.ii] = [v, e, i, ee, ei, ii];
  }

  plus(b: Jet | number): Jet {
    if (typeof b === "number") return new Jet(this.v + b, this.e, this.i, this.ee, this.ei, this.ii);
    return new Jet(this.v + b.v, this.e + b.e, this.i + b.i, this.ee + b.ee, this.ei + b.ei, this.ii + b.ii);
  }

  times(b: Jet | number): Jet {
    if (typeof b === "number")
      return new Jet(this.v * b, this.e * b, this.i * b, this.ee * b, this.ei * b, this.ii * b);
    return new Jet(
      this.v * b.v,
      this.e * b.v + this.v * b.e,
      this.i * b.v + this.v * b.i,
      this.ee * b.v + 2 * this.e * b.e + this.v * b.ee,
      this.ei * b.v + this.e * b.i + this.i * b.e + this.v * b.ei,
      this.ii * b.v + 2 * this.i * b.i + this.v * b.ii,
    );
  }

  /** f(this), given f and its first two derivatives here. */
  through(f: number, first: number, second: number): Jet {
    const { e, i, ee, ei, ii } = this;
    return new Jet(
      f,
      first * e,
      first * i,
      first * ee + second * e * e,
      first * ei + second * e * i,
      first * ii + second * i * i,
    );
  }

  over(b: Jet): Jet {
    return this.times(b.through(1 / b.v, -1 / (b.v * b.v), 2 / (b.v * b.v * b.v)));
  }
}

/** F and its derivatives by arithmetic on jets: equal to the kernels' to rounding, not to the bit. */
export function rateJet(parameters: PopulationParameters, nuE: number, nuI: number): RateJet {
  const { cell, synapses, Ke, Ki, X, P } = parameters;
  const { Qe, Qi, Te, Ti, Ee, Ei } = synapses;
  const { Gl, Cm, El } = cell;
  if (rateAndMoments(parameters, nuE, nuI).rate === 0) return { F: 0, e: 0, i: 0, ee: 0, ei: 0, ii: 0 };
  const fe = new Jet(Math.max(nuE, 0), 1, 0).times(Ke);
  const fi = new Jet(Math.max(nuI, 0), 0, 1).times(Ki);
  const [ge, gi] = [fe.times(Qe * Te), fi.times(Qi * Ti)];
  const mu_G = ge.plus(gi).plus(Gl);
  const mu_V = ge
    .times(Ee)
    .plus(gi.times(Ei))
    .plus(Gl * El)
    .over(mu_G);
  const tau_m = new Jet(Cm).over(mu_G);
  const ae = mu_V.times(-1).plus(Ee).times(Qe * Te).over(mu_G); // biome-ignore format: one quantity a line
  const ai = mu_V.times(-1).plus(Ei).times(Qi * X).over(mu_G); // biome-ignore format: one quantity a line
  const [ae2, ai2] = [ae.times(ae), ai.times(ai)];
  const [se, si] = [tau_m.plus(Te), tau_m.plus(Ti)];
  const variance = fe.times(ae2).over(se).plus(fi.times(ai2).over(si)).times(0.5);
  const root = Math.sqrt(variance.v);
  const slopes = root < 1e-12 ? ([0, 0] as const) : ([0.5 / root, -0.25 / (root * variance.v)] as const);
  const sigma_V = variance.through(root + 1e-12, ...slopes);
  const [ne, ni] = [fe.plus(1e-9).times(ae2), fi.plus(1e-9).times(ai2)];
  const tau_V = ne.plus(ni).over(ne.over(se).plus(ni.over(si)));
  const [x, y, z] = [
    mu_V.plus(60e-3).times(100),
    sigma_V.plus(-4e-3).times(1 / 6e-3),
    tau_V.times(Gl / Cm).plus(-0.5),
  ];
  const conductance = mu_G.through(log(mu_G.v / Gl), 1 / mu_G.v, -1 / (mu_G.v * mu_G.v));
  const terms = [
    x,
    y,
    z,
    conductance,
    x.times(x),
    y.times(y),
    z.times(z),
    x.times(y),
    x.times(z),
    y.times(z),
  ];
  const threshold = terms.reduce((sum, term, k) => sum.plus(term.times(P[k + 1]!)), new Jet(P[0]!));
  const u = threshold.plus(mu_V.times(-1)).over(sigma_V).times(Math.SQRT1_2);
  const slope = -1.1283791670955126 * gaussian(u.v);
  const { v: F, e, i, ee, ei, ii } = u.through(erfc(u.v), slope, -2 * u.v * slope).over(tau_V.times(2));
  return { F, e, i, ee, ei, ii };
}
