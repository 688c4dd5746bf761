import { parameters } from "../model/parameters/parameters.ts";
import {
  type Box,
  boxGaussNewton,
  isZero,
  lowestFirst,
  type Point,
} from "../numerics/optimisation/box-gauss-newton.ts";
import { quasiRandomPoints } from "../numerics/statistics/quasi-random.ts";
import { trialsAround } from "./delay-plateaus.ts";
import { EvaluationBudget } from "./evaluation-budget.ts";
import type { Objective } from "./objective.ts";
import { reachCellsAround, relaxedDescent } from "./reach-cells.ts";

export interface SearchOptions {
  /** Points of the unit box to begin at. */
  readonly starts: readonly Float64Array[];
  /** Most simulations; at least one for each start. */
  readonly evaluations: number;
  readonly seed: number;
  /** Called before each simulation with the number of earlier ones. */
  readonly progress: (simulations: number) => Promise<void>;
}

export interface Found {
  readonly x: Float64Array;
  readonly value: number;
  /** Whether the search found nothing lower, rather than running out of simulations. */
  readonly converged: boolean;
  /** Smallest residual after each simulation. */
  readonly trace: readonly number[];
}

const box: Box = {
  low: new Float64Array(parameters.length),
  high: new Float64Array(parameters.length).fill(1),
};
/** Simulations of a whole round; with fewer, every part is smaller. */
const whole = 800;
/** Points of a round, descents from the lowest of them, and their least distance in the box. */
const round = { points: 150, descents: 8, apart: 0.2 };
/** Limits of these descents, and of the one that goes on from the lowest. */
const brief = { box, tolerance: 1e-2, evaluations: 50, width: 1e-3 };
const deep = { box, tolerance: 1e-3, evaluations: 150, width: 1e-3 };
/** The last descents, from the best trial, cross the jumps by wide differences. */
const last = { box, tolerance: 1e-3, widths: [0.03, 0.01, 0.003, 0.001] };
/** The share and the least number of simulations that are kept for the last descents. */
const kept = { part: 1 / 12, atLeast: 60 };
/** Bottoms closer than this in the box are the same. */
const same = 0.02;
/** Rooms higher than the lowest by this factor are left out. */
const hopeless = 2;
/** The search ends after this many rounds without gain. */
const vain = 5;

/**
 * Finds the smallest residual in the box (docs/refinement.md). The relaxed objective is smooth, and descents from
 * points all over the box lead to few bottoms. From the lowest the search goes on to the cells around it, and in the
 * lowest cells to unrelaxed trials. Rounds end when simulations are used up, the residual is practically 0, or rounds
 * gain nothing. Last come descents from the best trial.
 *
 * The same options and objective give the same result, which is no worse than any of the starts.
 */
export async function search(objective: Objective, options: SearchOptions): Promise<Found> {
  const { starts, evaluations, seed, progress } = options;
  const simulations = new EvaluationBudget(objective, evaluations, progress);
  for (const x of starts) await simulations.trial(x);
  simulations.kept = Math.max(Math.min(evaluations, kept.atLeast), Math.floor(kept.part * evaluations));
  const part = Math.min(1, evaluations / whole);
  const place = quasiRandomPoints(parameters.length, seed);
  let places = 0;
  let looked = await lookedAt(simulations, starts);
  const bottoms: Float64Array[] = [];
  const found: Trials = { settled: [], lowestRoom: Number.POSITIVE_INFINITY };
  let gainless = 0;
  while (gainless < vain && simulations.canGoOn) {
    const before = simulations.best.value;
    // At most a quarter of what is left, so that simulations remain for descents.
    const count = Math.min(Math.ceil(part * round.points), simulations.left >> 2);
    if (count === 0) break;
    looked.push(
      ...(await lookedAt(
        simulations,
        Array.from({ length: count }, (_, k) => place(places + k)),
      )),
    );
    places += count;
    const ends: Point[] = [];
    for (const point of lowestApart(looked, Math.ceil(part * round.descents))) {
      ends.push(await relaxedDescent(simulations, point, partOf(brief, part)));
    }
    looked = [];
    const bottom = await newBottom(simulations, ends, bottoms, part);
    if (bottom) {
      bottoms.push(bottom.x);
      await tryTrials(simulations, bottom, found);
    }
    const isWhole = simulations.canGoOn;
    gainless = simulations.best.value < 0.999 * before ? 0 : gainless + (isWhole ? 1 : 0);
  }
  simulations.kept = 0;
  found.settled.push(...(await polish(simulations)));
  const { best, trace } = simulations;
  const isAt = (x: Float64Array) => x.every((value, k) => value === best.x[k]);
  const converged = isZero(best) || found.settled.some(isAt) || gainless === vain;
  return { x: best.x, value: best.value, converged, trace };
}

/** Limits of a descent in a part of a round; a few steps are always allowed. */
const partOf = <T extends { evaluations: number }>(options: T, part: number): T => ({
  ...options,
  evaluations: Math.max(Math.round(part * options.evaluations), 2 * parameters.length + 6),
});

/**
 * Descends from the best trial as if there were no jumps, which hardly disturb wide differences.
 *
 * @returns points where it settled
 */
async function polish(simulations: EvaluationBudget): Promise<Float64Array[]> {
  const settled: Float64Array[] = [];
  for (const width of last.widths) {
    if (!simulations.canGoOn) break;
    const differencesAt = async (x: Float64Array) => (await simulations.trial(x)).point.differences;
    const options = { ...last, width, evaluations: simulations.left };
    const end = await boxGaussNewton(differencesAt, simulations.best, options);
    // A point beside the end may have been lower, and no descent has ended there yet.
    if (end.settled) settled.push(end.point.x);
  }
  return settled;
}

interface Trials {
  /** Where descents among trials settled. */
  readonly settled: Float64Array[];
  /** The bottom of the lowest cell. */
  lowestRoom: number;
}

/** From a bottom of the relaxed objective to unrelaxed trials in the cells around it. */
async function tryTrials(simulations: EvaluationBudget, bottom: Point, found: Trials): Promise<void> {
  const cells = await reachCellsAround(simulations, bottom);
  // If nothing is left for cells, the bottom itself may be a good trial.
  if (cells.length === 0 && simulations.canGoOn) await simulations.trial(bottom.x);
  for (const cell of cells) {
    const { reaches, box } = cell;
    const point = await relaxedDescent(simulations, cell.point, { ...deep, box }, { reaches, share: 1 });
    found.lowestRoom = Math.min(found.lowestRoom, point.value);
    if (simulations.canGoOn) await simulations.trial(point.x);
    if (point.value > hopeless * found.lowestRoom) continue;
    // At a lower trial of this cell derivatives are more accurate.
    let centre: Point | undefined = point;
    while (centre && simulations.canGoOn) {
      const before: Point = simulations.best;
      found.settled.push(...(await trialsAround(simulations, { ...cell, point: centre })));
      centre = simulations.best.value < 0.9 * before.value ? simulations.best : undefined;
    }
  }
}

/** The relaxed objective at the points, as far as simulations are left. */
async function lookedAt(simulations: EvaluationBudget, points: readonly Float64Array[]): Promise<Point[]> {
  const looked: Point[] = [];
  for (const x of points) if (simulations.canGoOn) looked.push((await simulations.relaxed(x)).point);
  return looked;
}

/** Descends from the lowest points on until a bottom is new. */
async function newBottom(
  simulations: EvaluationBudget,
  points: readonly Point[],
  known: readonly Float64Array[],
  part: number,
): Promise<Point | undefined> {
  const isKnown = ({ x }: Point) => known.some((bottom) => distance(x, bottom) < same);
  for (const point of lowestFirst(points)) {
    if (!simulations.canGoOn) return undefined;
    if (isKnown(point)) continue;
    const bottom = await relaxedDescent(simulations, point, partOf(deep, part));
    if (!isKnown(bottom)) return bottom;
  }
  return undefined;
}

/** The lowest points, none near one that is lower. */
function lowestApart(points: readonly Point[], count: number): Point[] {
  const chosen: Point[] = [];
  for (const point of lowestFirst(points)) {
    if (chosen.length === count) break;
    if (chosen.every(({ x }) => distance(x, point.x) > round.apart)) chosen.push(point);
  }
  return chosen;
}

const distance = (a: Float64Array, b: Float64Array): number =>
  Math.sqrt(a.reduce((sum, value, k) => sum + (value - b[k]!) * (value - b[k]!), 0));
