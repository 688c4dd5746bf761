import { exp, log } from "../../kernels/index.ts";
import { eigen } from "./eigen.ts";
import { normals } from "./normal.ts";

export interface CmaEsOptions {
  /** Where the search begins, in the unit box. */
  readonly start: ArrayLike<number>;
  /** SD of the first sample along every axis. */
  readonly step: number;
  readonly seed: number;
  /** Points a generation; the tutorial's default is 4 + ⌊3 ln n⌋. */
  readonly population: number;
}

/**
 * Minimisation without derivatives by covariance matrix adaptation, over the unit box (Hansen, The CMA Evolution
 * Strategy: A Tutorial, arXiv:1604.00772; constants of its Table 1, negative weights included). `ask` draws a
 * generation of points, `tell` says what the function is there.
 *
 * Only the order of the values counts, so steps and plateaus of the function do no harm. What is drawn beyond a side
 * of the box is mirrored into it: the function goes on there as its own reflection, which has no other minima.
 */
export class CmaEs {
  readonly #constants: Constants;
  readonly #seed: number;
  readonly #mean: Float64Array;
  /** Covariance, and its square root as principal axes with their SDs. */
  #covariance: Float64Array[];
  #axes: readonly Float64Array[];
  #lengths: Float64Array;
  #step: number;
  readonly #pathOfStep: Float64Array;
  readonly #pathOfCovariance: Float64Array;
  /** (1 − c_σ)^2g: what is left of the start in the path of the step. */
  #remembered = 1;
  #generation = 0;
  /** Steps from the mean to the points of this generation, in units of the step; not mirrored. */
  #steps: readonly Float64Array[] = [];

  constructor({ start, step, seed, population }: CmaEsOptions) {
    const n = start.length;
    this.#constants = constantsOf(n, population);
    this.#seed = seed;
    this.#mean = Float64Array.from(start);
    this.#covariance = identity(n);
    this.#axes = identity(n);
    this.#lengths = new Float64Array(n).fill(1);
    this.#step = step;
    this.#pathOfStep = new Float64Array(n);
    this.#pathOfCovariance = new Float64Array(n);
  }

  /** Largest SD along any coordinate: how far the next points may be from the mean. */
  get spread(): number {
    return this.#step * Math.sqrt(this.#covariance.reduce((most, row, i) => Math.max(most, row[i]!), 0));
  }

  /** The points of a generation, in the unit box. */
  ask(): Float64Array[] {
    const { population } = this.#constants;
    const n = this.#mean.length;
    // A generator of its own for every generation, so that nothing but numbers is kept between them.
    const draws = normals((this.#seed + Math.imul(this.#generation, 0x9e3779b9)) >>> 0, population * n);
    this.#steps = Array.from({ length: population }, (_, k) =>
      this.#stretched(draws.subarray(k * n, (k + 1) * n)),
    );
    return this.#steps.map((step) => step.map((y, i) => intoBox(this.#mean[i]! + this.#step * y)));
  }

  /** Learns from the function's values at the points that were asked for. */
  tell(values: ArrayLike<number>): void {
    const { parents, weights, c_m, c_sigma, d_sigma, mu_eff, c_c, c_1, c_mu, chi } = this.#constants;
    const n = this.#mean.length;
    // Equal values keep their order.
    const ranked = [...this.#steps.keys()]
      .sort((a, b) => (values[a] === values[b] ? 0 : values[a]! - values[b]!))
      .map((k) => this.#steps[k]!);
    const shift = new Float64Array(n);
    for (let k = 0; k < parents; k += 1) add(shift, weights[k]!, ranked[k]!);
    add(this.#mean, c_m * this.#step, shift);

    decay(this.#pathOfStep, 1 - c_sigma);
    add(this.#pathOfStep, Math.sqrt(c_sigma * (2 - c_sigma) * mu_eff), this.#whitened(shift));
    const length = norm(this.#pathOfStep);
    this.#remembered *= (1 - c_sigma) * (1 - c_sigma);
    const stalled = length / Math.sqrt(1 - this.#remembered) >= (1.4 + 2 / (n + 1)) * chi;

    decay(this.#pathOfCovariance, 1 - c_c);
    if (!stalled) add(this.#pathOfCovariance, Math.sqrt(c_c * (2 - c_c) * mu_eff), shift);

    const sum = weights.reduce((total, weight) => total + weight, 0);
    const kept = 1 + (stalled ? c_1 * c_c * (2 - c_c) : 0) - c_1 - c_mu * sum;
    for (const row of this.#covariance) decay(row, kept);
    addSquare(this.#covariance, c_1, this.#pathOfCovariance);
    ranked.forEach((step, k) => {
      const white = norm(this.#whitened(step));
      const share = weights[k]! >= 0 ? 1 : n / (white * white);
      addSquare(this.#covariance, c_mu * weights[k]! * share, step);
    });
    this.#step *= exp(Math.min(1, (c_sigma / d_sigma) * (length / chi - 1)));

    const { values: squares, vectors } = eigen(this.#covariance);
    this.#axes = vectors;
    this.#lengths = squares.map((square) => Math.sqrt(Math.max(square, Number.MIN_VALUE)));
    this.#generation += 1;
  }

  /** C^½ z, for z of unit variance: the axes' sum, each times its length. */
  #stretched(z: Float64Array): Float64Array {
    return Float64Array.from(this.#axes, (row) =>
      row.reduce((sum, axis, k) => sum + axis * this.#lengths[k]! * z[k]!, 0),
    );
  }

  /** C^−½ y. */
  #whitened(y: Float64Array): Float64Array {
    const along = this.#lengths.map(
      (length, k) => this.#axes.reduce((sum, row, i) => sum + row[k]! * y[i]!, 0) / length,
    );
    return Float64Array.from(this.#axes, (row) => row.reduce((sum, axis, k) => sum + axis * along[k]!, 0));
  }
}

type Constants = ReturnType<typeof constantsOf>;

/** Table 1 of the tutorial, for n dimensions and a population of λ. */
function constantsOf(n: number, population: number) {
  const parents = Math.floor(population / 2);
  const raw = Float64Array.from({ length: population }, (_, k) => log((population + 1) / 2) - log(k + 1));
  const [best, worst] = [raw.subarray(0, parents), raw.subarray(parents)];
  const mu_eff = effective(best);
  const c_sigma = (mu_eff + 2) / (n + mu_eff + 5);
  const c_c = (4 + mu_eff / n) / (n + 4 + (2 * mu_eff) / n);
  const c_1 = 2 / ((n + 1.3) * (n + 1.3) + mu_eff);
  const c_mu = Math.min(1 - c_1, (2 * (0.25 + mu_eff + 1 / mu_eff - 2)) / ((n + 2) * (n + 2) + mu_eff));
  // So much that the covariance stays positive whatever the worst points are.
  const against = Math.min(
    1 + c_1 / c_mu,
    1 + (2 * effective(worst)) / (mu_eff + 2),
    (1 - c_1 - c_mu) / (n * c_mu),
  );
  const [gains, losses] = [total(best), -total(worst)];
  return {
    population,
    parents,
    weights: raw.map((weight, k) => (k < parents ? weight / gains : (against * weight) / losses)),
    mu_eff,
    c_m: 1,
    c_sigma,
    d_sigma: 1 + 2 * Math.max(0, Math.sqrt((mu_eff - 1) / (n + 1)) - 1) + c_sigma,
    c_c,
    c_1,
    c_mu,
    /** Mean length of a vector of n standard normal numbers. */
    chi: Math.sqrt(n) * (1 - 1 / (4 * n) + 1 / (21 * n * n)),
  };
}

const total = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0);

/** How many points of equal weight would vary as these. */
const effective = (weights: Float64Array): number =>
  (total(weights) * total(weights)) / weights.reduce((sum, weight) => sum + weight * weight, 0);

/** How far from a side of the box coordinates are bent. */
const MARGIN = 0.05;

/**
 * Maps all numbers onto 0 … 1: as they are in the middle, as a parabola with its top on the side near each of the
 * sides, and mirrored beyond, as pycma's BoxConstraintsLinQuadTransformation does. So a minimum on a side, where the
 * function falls up to it, is a smooth one to the search.
 */
export function intoBox(x: number): number {
  const period = 2 + 4 * MARGIN;
  const shifted = x + MARGIN;
  const beyond = shifted - period * Math.floor(shifted / period);
  const y = Math.min(beyond, period - beyond);
  if (y < 2 * MARGIN) return (y * y) / (4 * MARGIN);
  const rest = period / 2 - y;
  return rest < 2 * MARGIN ? 1 - (rest * rest) / (4 * MARGIN) : y - MARGIN;
}

const identity = (n: number): Float64Array[] =>
  Array.from({ length: n }, (_, i) => Float64Array.from({ length: n }, (_, j) => (i === j ? 1 : 0)));

const norm = (vector: Float64Array): number =>
  Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));

function decay(vector: Float64Array, factor: number): void {
  for (let i = 0; i < vector.length; i += 1) vector[i]! *= factor;
}

function add(vector: Float64Array, factor: number, other: Float64Array): void {
  for (let i = 0; i < vector.length; i += 1) vector[i]! += factor * other[i]!;
}

/** Adds factor · y yᵀ. */
function addSquare(matrix: readonly Float64Array[], factor: number, y: Float64Array): void {
  matrix.forEach((row, i) => {
    add(row, factor * y[i]!, y);
  });
}
