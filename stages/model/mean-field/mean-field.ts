import { type Population, type RateJet, rateJets } from "../../../kernels/index.ts";
import { leastSquares } from "../../numerics/linear-algebra/least-squares.ts";

/** Rates (Hz) and their (co)variances (Hz²): ν_e, ν_i, c_ee, c_ei, c_ii. */
export type SecondOrderState = readonly [number, number, number, number, number];
export type Rates = readonly [number, number];

/** External input of both populations, Hz per excitatory synapse. */
export interface Input {
  readonly exc: number;
  readonly inh: number;
}

/** The mean field of a network: two populations and the constants of their master equation. */
export interface MeanField {
  readonly exc: Population;
  readonly inh: Population;
  /** Time constant, s. */
  readonly T: number;
  /** Cells of both populations. */
  readonly Ne: number;
  readonly Ni: number;
}

/** T · d(ν_e, ν_i)/dt at first order, Hz. */
export function firstOrder({ exc, inh }: MeanField, [nuE, nuI]: Rates, input: Input): [number, number] {
  return [exc.rate(nuE + input.exc, nuI) - nuE, inh.rate(nuE + input.inh, nuI) - nuI];
}

/** T · d/dt of rates and covariances at second order (El Boustani & Destexhe 2009; docs/model.md, "Mean field"). */
export function secondOrder(field: MeanField, state: SecondOrderState, input: Input): SecondOrderState {
  const [nuE, nuI, cee, cei, cii] = state;
  const [e, i] = rateJets(field.exc, field.inh, [nuE + input.exc, nuE + input.inh], nuI);
  const [source, correction] = [sources(field, state, e, i), (jet: RateJet) => curvature(jet, state)];
  return [
    e.F - nuE + correction(e),
    i.F - nuI + correction(i),
    source[0] + 2 * (cee * e.e + cei * e.i) - 2 * cee,
    source[1] + cee * i.e + cei * e.e + cei * i.i + cii * e.i - 2 * cei,
    source[2] + 2 * (cei * i.e + cii * i.i) - 2 * cii,
  ];
}

/** ½ Σ c_λη ∂²F/∂ν_λ∂ν_η */
const curvature = ({ ee, ei, ii }: RateJet, [, , cee, cei, cii]: SecondOrderState): number =>
  0.5 * (cee * ee + 2 * cei * ei + cii * ii);

/** The part of dc/dt that does not depend on c: finite-size noise and distance from the transfer function. */
function sources(
  { T, Ne, Ni }: MeanField,
  [nuE, nuI]: SecondOrderState,
  e: RateJet,
  i: RateJet,
): [number, number, number] {
  const [de, di] = [e.F - nuE, i.F - nuI];
  return [(e.F * (1 / T - e.F)) / Ne + de * de, de * di, (i.F * (1 / T - i.F)) / Ni + di * di];
}

/** One forward Euler step, given T · d/dt and the step in units of T. */
export function euler<S extends readonly number[]>(
  state: S,
  derivative: readonly number[],
  dtOverT: number,
): S {
  return state.map((value, k) => value + dtOverT * derivative[k]!) as unknown as S;
}

/** Jacobian of (F_e, F_i) along (ν_e, ν_i): [[∂F_e/∂ν_e, ∂F_e/∂ν_i], [∂F_i/∂ν_e, ∂F_i/∂ν_i]]. */
export function jacobian({ exc, inh }: MeanField, [nuE, nuI]: Rates, input: Input): number[][] {
  const [e, i] = rateJets(exc, inh, [nuE + input.exc, nuE + input.inh], nuI);
  return [
    [e.e, e.i],
    [i.e, i.i],
  ];
}

/** Euler steps that the notebook takes in one time constant: 0.1 ms of 5 ms. */
const stepsPerT = 50;

/** Below this rate, Hz, a network counts as silent: one spike per cell in eleven days. */
const silence = 1e-6;
const silent = ([nuE, nuI]: Rates): boolean => nuE < silence && nuI < silence;

/**
 * The first-order fixed point: the state after 199.9 ms (40 T) from (1, 10) Hz, the notebook's start, then Newton's
 * method to the last digit. Exactly 0 if the network falls silent.
 */
export function firstOrderFixedPoint(field: MeanField, input: Input): Rates {
  let rates: Rates = [1, 10];
  for (let step = 0; step < 1999; step++) {
    rates = euler(rates, firstOrder(field, rates, input), 1 / stepsPerT);
  }
  if (silent(rates)) return [0, 0];
  return newton(rates, (at) => firstOrder(field, at, input), field, input);
}

/**
 * Second order as the notebook has it: 199 Euler steps of 0.1 ms (4 T in all) from the first-order fixed point
 * with all covariances 0.5 Hz². They are not yet converged then.
 */
export function secondOrderAsCoded(field: MeanField, input: Input, start: Rates): SecondOrderState {
  if (silent(start)) return [0, 0, 0, 0, 0];
  let state: SecondOrderState = [...start, 0.5, 0.5, 0.5];
  for (let step = 0; step < 199; step++) {
    state = euler(state, secondOrder(field, state, input), 1 / stepsPerT);
  }
  return state;
}

/**
 * The converged second-order fixed point. At given rates the covariances solve linear equations. NaN if there is no
 * fixed point near the first-order one, for example at rates too low for the expansion.
 */
export function secondOrderFixedPoint(field: MeanField, input: Input, start: Rates): SecondOrderState {
  if (silent(start)) return [0, 0, 0, 0, 0];
  const withCovariances = ([nuE, nuI]: Rates): SecondOrderState => {
    const [e, i] = rateJets(field.exc, field.inh, [nuE + input.exc, nuE + input.inh], nuI);
    const rhs = sources(field, [nuE, nuI, 0, 0, 0], e, i).map((value) => -value);
    const matrix = [
      [2 * e.e - 2, 2 * e.i, 0],
      [i.e, e.e + i.i - 2, e.i],
      [0, 2 * i.e, 2 * i.i - 2],
    ];
    const [cee, cei, cii] = leastSquares(matrix, rhs) as unknown as [number, number, number];
    return [nuE, nuI, cee, cei, cii];
  };
  const rates = newton(
    start,
    (at) => {
      const [de, di] = secondOrder(field, withCovariances(at), input);
      return [de, di];
    },
    field,
    input,
  );
  const state = withCovariances(rates);
  const residue = secondOrder(field, state, input);
  const converged = residue.every((value) => Math.abs(value) <= 1e-9 * Math.max(...state));
  return converged ? state : [NaN, NaN, NaN, NaN, NaN];
}

/**
 * A root of the rates' derivative. The first-order Jacobian also serves second order: the curvature terms are small
 * beside it, so each step converges by a large factor.
 */
function newton(start: Rates, derivative: (at: Rates) => Rates, field: MeanField, input: Input): Rates {
  let rates = start;
  for (let iteration = 0; iteration < 100; iteration++) {
    const [[ee, ei], [ie, ii]] = jacobian(field, rates, input) as [[number, number], [number, number]];
    const [de, di] = derivative(rates);
    const determinant = (ee - 1) * (ii - 1) - ei * ie;
    const next: Rates = [
      rates[0] - ((ii - 1) * de - ei * di) / determinant,
      rates[1] - ((ee - 1) * di - ie * de) / determinant,
    ];
    const moved = Math.max(Math.abs(next[0] - rates[0]), Math.abs(next[1] - rates[1]));
    rates = next;
    if (!(moved > 1e-14 * Math.max(Math.abs(rates[0]), Math.abs(rates[1])))) break;
  }
  return rates;
}

/** Eigenvalues of a real 2×2 matrix: real parts falling, and imaginary parts. */
export function eigenvalues([[a, b], [c, d]]: [[number, number], [number, number]]): {
  real: [number, number];
  imaginary: [number, number];
} {
  const half = (a + d) / 2;
  const discriminant = half * half - (a * d - b * c);
  const root = Math.sqrt(Math.abs(discriminant));
  return discriminant >= 0
    ? { real: [half - root, half + root], imaginary: [0, 0] }
    : { real: [half, half], imaginary: [-root, root] };
}
