import { erfc, erfcinv, exp, log } from "../../../kernels/index.ts";
import { kalmanProposal } from "./kalman-proposal.ts";
import { freedom, type Student, student } from "./multivariate-t.ts";
import { normals } from "./normal.ts";
import { quasiRandomPoints } from "./quasi-random.ts";
import { covarianceOf, effectiveSize, meanOf, normalised } from "./weights.ts";

/** A simulation of one set of parameters beside the data. */
export interface Evaluation {
  /** Differences between data and model; the likelihood falls with their squares. */
  readonly differences: Float64Array;
  readonly squares: number;
}

/** The posterior to sample: parameters between 0 and 1 with a uniform prior. */
export interface Target<E extends Evaluation> {
  readonly dimensions: number;
  /** Undefined if the parameters cannot have made the data. */
  evaluate(parameters: Float64Array): E | undefined;
  /** Log likelihood, given the least sum of squares found anywhere. */
  logLikelihood(evaluation: E, least: number): number;
  /** Variance of one difference at the best parameters, by the same scale. */
  variance(least: number): number;
}

export interface Sample<E extends Evaluation> {
  /** Parameters between 0 and 1, one array a simulation. */
  readonly points: readonly Float64Array[];
  readonly evaluations: readonly (E | undefined)[];
  /** Importance weights, of sum 1. */
  readonly weights: Float64Array;
  /** Of these weights. */
  readonly effectiveSize: number;
  /** The power of the likelihood that leaves `leastEffective` effective points; 1 if the search resolved it. */
  readonly power: number;
  readonly least: number;
}

/** Simulations of the first generation, spread over the prior, and of each further one. */
const [first, further] = [80, 24];
/** Effective points that make a proposal: twice as many as a plane through six dimensions needs. */
const elite = 15;
/** Below this effective size the likelihood is flattened. */
const leastEffective = 40;

/**
 * Samples a posterior with few simulations, by adaptive importance sampling (Cappé et al. 2004). In its coordinates the
 * prior is standard normal, so there are no borders, and undetermined parameters keep the prior's shape. Each
 * generation is drawn from a mixture of two t-distributions: one around the likeliest points so far, one where a plane
 * through their differences (an ensemble Kalman step) puts the posterior. At the end all simulations count, weighted by
 * posterior over the mixture of all proposals (Cornuet et al. 2012), so proposals cause no bias.
 *
 * @param pause awaited after each generation with the fraction that is done
 */
export async function sampleAdaptively<E extends Evaluation>(
  target: Target<E>,
  { simulations, seed }: { readonly simulations: number; readonly seed: number },
  pause: (fraction: number) => Promise<void>,
): Promise<Sample<E>> {
  const d = target.dimensions;
  const pool = new Pool(target);
  const size = Math.min(first, simulations);
  const place = quasiRandomPoints(d, seed);
  const spreadOut = Array.from({ length: size }, (_, i) => place(i).map((u) => fromUnit(Math.max(u, 1e-12))));
  pool.add(spreadOut, logPrior);
  for (let generation = 1; pool.size < simulations; generation += 1) {
    await pause(pool.size / simulations);
    const proposals = pool.proposals();
    const count = Math.min(further, simulations - pool.size);
    const drawn = normals(seed * 4099 + generation, count * (d + freedom));
    const points = Array.from({ length: count }, (_, i) =>
      proposals[i % proposals.length]!.draw(drawn.subarray(i * (d + freedom), (i + 1) * (d + freedom))),
    );
    pool.add(points, mixture(proposals));
  }
  return pool.sample();
}

type LogDensity = (z: Float64Array) => number;

/** All points that were simulated, and where they were drawn from. */
class Pool<E extends Evaluation> {
  readonly #target: Target<E>;
  readonly #points: Float64Array[] = [];
  readonly #evaluations: (E | undefined)[] = [];
  readonly #generations: { readonly count: number; readonly density: LogDensity }[] = [];
  /** Logarithm of Σ count · density over generations, a point. */
  readonly #proposed: number[] = [];
  #least = Number.POSITIVE_INFINITY;

  constructor(target: Target<E>) {
    this.#target = target;
  }

  get size(): number {
    return this.#points.length;
  }

  add(points: readonly Float64Array[], density: LogDensity): void {
    const generation = { count: points.length, density };
    this.#points.forEach((z, i) => {
      this.#proposed[i] = logAdd(this.#proposed[i]!, log(generation.count) + density(z));
    });
    this.#generations.push(generation);
    for (const z of points) {
      const evaluation = this.#target.evaluate(z.map(toUnit));
      this.#points.push(z);
      this.#evaluations.push(evaluation);
      this.#proposed.push(
        this.#generations.reduce(
          (sum, { count, density }) => logAdd(sum, log(count) + density(z)),
          Number.NEGATIVE_INFINITY,
        ),
      );
      this.#least = Math.min(this.#least, evaluation?.squares ?? Number.POSITIVE_INFINITY);
    }
  }

  /** The distributions of the next generation. */
  proposals(): Student[] {
    const { weights } = this.#promising();
    const centre = meanOf(this.#points, weights);
    const scatter = covarianceOf(this.#points, centre, this.#points, centre, weights);
    const around = student(
      centre,
      scatter.map((row, i) => row.map((value, j) => value + (i === j ? 1e-8 : 0))),
    );
    const ahead = kalmanProposal(
      this.#points,
      this.#evaluations.map((evaluation) => evaluation?.differences),
      weights,
      this.#target.variance(this.#least),
    );
    const found = [ahead, around].filter((proposal) => proposal !== undefined);
    if (found.length === 0) throw new Error("no simulation explains any of the data");
    return found;
  }

  sample(): Sample<E> {
    const likelihood = this.#logLikelihoods();
    const { weights, power } = temper((power) => this.#importance(likelihood, power), leastEffective);
    return {
      points: this.#points.map((z) => z.map(toUnit)),
      evaluations: this.#evaluations,
      weights,
      effectiveSize: effectiveSize(weights),
      power,
      least: this.#least,
    };
  }

  /** Weights of points for the next proposal: importance, or likelihood while few points are important. */
  #promising(): { readonly weights: Float64Array } {
    const likelihood = this.#logLikelihoods();
    const important = normalised(this.#importance(likelihood, 1));
    if (effectiveSize(important) >= elite) return { weights: important };
    const prior = Float64Array.from(this.#points, logPrior);
    return temper((power) => likelihood.map((value, i) => tempered(value, power) + prior[i]!), elite);
  }

  #logLikelihoods(): Float64Array {
    return Float64Array.from(this.#evaluations, (evaluation) =>
      evaluation ? this.#target.logLikelihood(evaluation, this.#least) : Number.NEGATIVE_INFINITY,
    );
  }

  #importance(likelihood: Float64Array, power: number): Float64Array {
    return likelihood.map(
      (value, i) => tempered(value, power) + logPrior(this.#points[i]!) - this.#proposed[i]!,
    );
  }
}

/** An impossible point stays impossible at any power, 0 included. */
const tempered = (logLikelihood: number, power: number): number =>
  logLikelihood === Number.NEGATIVE_INFINITY ? logLikelihood : power * logLikelihood;

/** Weights at the highest power of the likelihood that leaves at least `least` effective points. */
function temper(logWeights: (power: number) => Float64Array, least: number) {
  const whole = normalised(logWeights(1));
  if (effectiveSize(whole) >= least) return { weights: whole, power: 1 };
  let [low, high] = [0, 1];
  for (let halving = 0; halving < 40; halving += 1) {
    const middle = (low + high) / 2;
    if (effectiveSize(normalised(logWeights(middle))) < least) high = middle;
    else low = middle;
  }
  return { weights: normalised(logWeights(low)), power: low };
}

const mixture =
  (proposals: readonly Student[]): LogDensity =>
  (z) =>
    proposals.reduce((sum, proposal) => logAdd(sum, proposal.logDensity(z)), Number.NEGATIVE_INFINITY) -
    log(proposals.length);

function logPrior(z: Float64Array): number {
  let squares = 0;
  for (let i = 0; i < z.length; i += 1) squares += z[i]! * z[i]!;
  return -0.5 * (squares + z.length * log(2 * Math.PI));
}

/** log(eᵃ + eᵇ). */
function logAdd(a: number, b: number): number {
  const most = Math.max(a, b);
  return most === Number.NEGATIVE_INFINITY ? most : most + log(1 + exp(Math.min(a, b) - most));
}

/** The probability below a standard normal number, and the number below which a probability lies. */
const toUnit = (z: number): number => 0.5 * erfc(-z * Math.SQRT1_2);
const fromUnit = (u: number): number => -Math.SQRT2 * erfcinv(2 * u);
