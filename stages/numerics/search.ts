import { type Descent, descend, widthsOf } from "./descent.ts";
import { eigen } from "./eigen.ts";
import { normals } from "./normal.ts";
import { type Sampled, Samples } from "./sampled.ts";
import { spread } from "./spread.ts";

export interface SearchOptions {
  /** Points of the unit box to begin at. */
  readonly starts: readonly Float64Array[];
  /** Most evaluations of the function; at least one for each start. */
  readonly evaluations: number;
  readonly seed: number;
  /** Points just beyond the walls around a point, where the function jumps, as far as walls are known. */
  readonly beyondWalls?: (x: Float64Array) => readonly Float64Array[];
}

export interface Found {
  readonly x: Float64Array;
  readonly value: number;
  /** Whether a descent ended there because nothing lower was near, rather than for want of evaluations. */
  readonly converged: boolean;
  /** Smallest value after each evaluation. */
  readonly trace: readonly number[];
}

/** Points that a round looks at, and descents from the lowest of them that lie so far apart in the box. */
const round = { points: 150, descents: 8, apart: 0.2 };
/** How far these go. */
const brief = { tolerance: 1e-2, evaluations: 50 };
/** So many of them are followed to the bottom. */
const followed = 2;
const deep = { tolerance: 1e-4, evaluations: 300 };
/** Width of their first differences: nothing is known yet. */
const unknown = 0.03;
/** Leaps before another descent. */
const leaps = 10;
/** How high leaps go, in shares of the value; when all have gained nothing, there are no more. */
const heights = [1, 0.1, 10, 0.01, 1, 0.1];
/** Most that a leap goes along any axis. */
const farthest = 0.3;
/** How far descents from where they land go. */
const short = { tolerance: 1e-3, evaluations: 80 };
/** So many rounds without gain are the last ones. */
const vain = 3;

/**
 * The smallest sum of squares in the unit box, of a function that may be a staircase in its details and have many
 * minima. It goes in rounds. Each looks at points spread over the box (in the first round the starts are among them),
 * descends briefly from the lowest, and to the bottom from the lowest ends. From a bottom it goes on beyond the walls
 * that it is told of, and by leaps: points are drawn around it, far away where the function is flat and near where it is
 * steep, and the lowest of them begins another descent, as long as that gains. Rounds end when the evaluations are used
 * up, the value is as good as zero, or nothing is gained any more.
 *
 * The same options and function give the same result, which is no worse than any of the starts.
 *
 * @param differencesAt what is squared and summed, at a point of the box
 */
export async function search(
  differencesAt: (x: Float64Array) => Promise<Float64Array>,
  { starts, evaluations, seed, beyondWalls = () => [] }: SearchOptions,
): Promise<Found> {
  const samples = new Samples(differencesAt, evaluations);
  const dimensions = starts[0]!.length;
  const wide = new Float64Array(dimensions).fill(unknown);
  const place = spread(dimensions, seed);
  let places = 0;
  let looked = await sampledAt(samples, starts);
  const ends = new Set<Sampled>();
  for (let gainless = 0; gainless < vain && canGoOn(samples); ) {
    const before = samples.best.value;
    // A quarter of what is left, so that something is left for descents.
    const count = Math.min(round.points, samples.left >> 2);
    const points = Array.from({ length: count }, (_, k) => place(places + k));
    places += count;
    looked.push(...(await sampledAt(samples, points)));
    const tried: Sampled[] = [];
    for (const point of lowestApart(looked)) {
      if (canGoOn(samples)) tried.push((await descend(samples, point, { ...brief, widths: wide })).point);
    }
    for (const point of lowestFirst(tried).slice(0, followed)) {
      if (!canGoOn(samples)) break;
      const bottom = await descend(samples, point, { ...deep, widths: wide });
      const end = await wentOn(samples, bottom, beyondWalls, seed);
      if (end.settled) ends.add(end.point);
    }
    gainless = samples.best.value < 0.999 * before ? 0 : gainless + 1;
    looked = [];
  }
  const { best, trace, isExact } = samples;
  return { x: best.x, value: best.value, converged: isExact || ends.has(best), trace };
}

const canGoOn = (samples: Samples): boolean => samples.left > 0 && !samples.isExact;

const lowestFirst = (points: readonly Sampled[]): Sampled[] =>
  [...points].sort((a, b) => (a.value === b.value ? 0 : a.value - b.value));

/** The lowest points, none near one that is lower. */
function lowestApart(points: readonly Sampled[]): Sampled[] {
  const chosen: Sampled[] = [];
  for (const point of lowestFirst(points)) {
    if (chosen.length === round.descents) break;
    if (chosen.every(({ x }) => distance(x, point.x) > round.apart)) chosen.push(point);
  }
  return chosen;
}

/** The function at as many of the points as may be evaluated. */
async function sampledAt(samples: Samples, points: readonly Float64Array[]): Promise<Sampled[]> {
  const sampled: Sampled[] = [];
  for (const x of points.slice(0, samples.left)) sampled.push(await samples.at(x));
  return sampled;
}

/** Goes on from a bottom to lower ones, beyond the walls around it and by leaps, until none is found. */
async function wentOn(
  samples: Samples,
  from: Descent,
  beyondWalls: (x: Float64Array) => readonly Float64Array[],
  seed: number,
): Promise<Descent> {
  let here = from;
  for (let failures = 0; failures <= heights.length && here.curvature && canGoOn(samples); failures += 1) {
    const { point, curvature } = here;
    const beyond =
      failures === 0
        ? await sampledAt(samples, beyondWalls(point.x))
        : lowestFirst(
            await sampledAt(samples, leapsFrom(here, heights[failures - 1]!, seed + samples.trace.length)),
          ).slice(0, 1);
    for (const next of beyond) {
      const widths = widthsOf(curvature, Math.abs(next.value - point.value));
      const descent = await descend(samples, next, { ...short, widths });
      if (descent.point.value < here.point.value) here = descent;
    }
    if (here.point.value < 0.9 * point.value) failures = -1;
  }
  return here;
}

/** Points around a bottom, from a Gaussian whose mean rise of the value is this share of it, if the curvature is right. */
function leapsFrom(
  { point: { x, value }, curvature }: Descent,
  height: number,
  seed: number,
): Float64Array[] {
  const n = x.length;
  const { values, vectors } = eigen(curvature!);
  const lengths = values.map((each) =>
    Math.min(Math.sqrt((height * value) / Math.max(each, Number.MIN_VALUE) / n), farthest),
  );
  // The first of a Mersenne Twister's numbers are alike where seeds are neighbours.
  const drawn = normals(Math.imul(seed, 0x9e3779b9) >>> 0, leaps * n);
  return Array.from({ length: leaps }, (_, leap) =>
    x.map((at, k) => {
      const to = lengths.reduce(
        (sum, length, m) => sum + length * drawn[leap * n + m]! * vectors[k]![m]!,
        at,
      );
      return Math.min(Math.max(to, 0), 1);
    }),
  );
}

const distance = (a: Float64Array, b: Float64Array): number =>
  Math.sqrt(a.reduce((sum, value, k) => sum + (value - b[k]!) * (value - b[k]!), 0));
