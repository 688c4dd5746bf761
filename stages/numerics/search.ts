import { CmaEs } from "./cma-es.ts";
import { descend } from "./descent.ts";
import { type Sampled, Samples } from "./sampled.ts";

export interface SearchOptions {
  /** Points of the unit box to begin at, the most promising first. */
  readonly starts: readonly Float64Array[];
  /** Most evaluations of the function; at least one for each start. */
  readonly evaluations: number;
  /** Points a generation. */
  readonly population: number;
  readonly seed: number;
}

export interface Found {
  readonly x: Float64Array;
  readonly value: number;
  /** Whether a descent ended there because nothing lower was near, rather than for want of evaluations. */
  readonly converged: boolean;
  /** Smallest value after each evaluation. */
  readonly trace: readonly number[];
}

/** SD of a first generation around a start, and around the best point so far. */
const around = { start: 0.3, best: 0.1 };
/** SD of generations below which the rest is left to a descent. */
const narrow = 3e-3;
/** Differences of descents: wide enough to see past the details, and as fine as matters. */
const steps = [0.03, 2e-5] as const;
/** Evaluations that are kept for a descent, which mostly needs no more. */
const forDescent = 100;
/** Where the mean square is less than this, the function is as good as zero, and there is nothing to gain. */
const negligible = 1e-20;

/**
 * The smallest sum of squares in the unit box, of a function that may be a staircase in its details and have many
 * minima. It goes in rounds: a search by covariance matrix adaptation, which jumps over what would stop a descent;
 * then a descent from the lowest point of that, which ends in few steps what the former would take long for. The
 * first round begins at the first start, the second around the best point so far, the third at the second start, and
 * so on, until the evaluations are used up.
 *
 * The same options and function give the same result, which is no worse than any of the starts.
 *
 * @param differencesAt what is squared and summed, at a point of the box
 */
export async function search(
  differencesAt: (x: Float64Array) => Promise<Float64Array>,
  { starts, evaluations, population, seed }: SearchOptions,
): Promise<Found> {
  const samples = new Samples(differencesAt, evaluations);
  for (const start of starts) await samples.at(start);
  const exact = negligible * samples.best.differences.length;
  let settled: Sampled | undefined;
  for (let round = 0; samples.left > 0 && samples.best.value >= exact; round += 1) {
    const isNew = round % 2 === 0;
    const adaptation = new CmaEs({
      start: isNew ? starts[(round / 2) % starts.length]! : samples.best.x,
      step: isNew ? around.start : around.best,
      // The first of a Mersenne Twister's numbers are alike where seeds are neighbours.
      seed: (seed + Math.imul(round, 0x85ebca6b)) >>> 0,
      population,
    });
    const lowest = (await adapted(adaptation, samples)) ?? samples.best;
    const isLast = samples.left <= forDescent + population;
    const from = isLast ? samples.best : lowest;
    const descent = await descend(samples, from, { steps, evaluations: samples.left });
    if (descent.settled) settled = descent.point;
    else if (samples.left <= starts[0]!.length) break;
  }
  const { best, trace } = samples;
  return { x: best.x, value: best.value, converged: settled === best || best.value < exact, trace };
}

/** Runs an adaptation until it is narrow; the lowest of its points. */
async function adapted(adaptation: CmaEs, samples: Samples): Promise<Sampled | undefined> {
  let lowest: Sampled | undefined;
  while (adaptation.spread > narrow) {
    const points = adaptation.ask();
    if (points.length > samples.left - forDescent) break;
    const values: number[] = [];
    for (const x of points) {
      const sampled = await samples.at(x);
      values.push(sampled.value);
      if (!lowest || sampled.value < lowest.value) lowest = sampled;
    }
    adaptation.tell(values);
  }
  return lowest;
}
