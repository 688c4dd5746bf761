import {
  type Box,
  boxGaussNewton,
  type DescentOptions,
  inside,
  lowestFirst,
  type Point,
} from "../numerics/optimisation/box-gauss-newton.ts";
import type { EvaluationBudget } from "./evaluation-budget.ts";
import type { Reaches, WholeReaches } from "./objective.ts";

/** The part of the box with given reaches, and the lowest point found there with delays and peak relaxed. */
export interface ReachCell {
  readonly reaches: Reaches;
  readonly box: Box;
  readonly point: Point;
}

/** Limits of the descents that show which cells are low. */
const probe = { tolerance: 3e-2, evaluations: 30, width: 1e-3 };
/** At most this many cells count; each must be hardly higher than the lowest, by this factor. */
const most = 3;
const hardly = 1.05;
/** Shares of whole reaches on the way from a bottom into a cell: at once, or in steps that follow the bottom. */
const atOnce = [1];
const bySteps = [0.33, 0.67, 1];
/** Steps are tried if no cell is below this multiple of the bottom. */
const nearly = 1.5;

/** The lowest cells around a bottom of the relaxed objective, the lowest first. */
export async function reachCellsAround(simulations: EvaluationBudget, bottom: Point): Promise<ReachCell[]> {
  const cells = await exploredFrom(simulations, bottom, atOnce);
  const isLow = cells.length > 0 && cells[0]!.point.value < nearly * bottom.value;
  const all = isLow ? cells : lowest([...cells, ...(await exploredFrom(simulations, bottom, bySteps))]);
  const seen = new Set<string>();
  return all
    .filter(({ reaches, point }) => {
      const isNew = !seen.has(reaches.join());
      seen.add(reaches.join());
      return isNew && point.value < hardly * all[0]!.point.value;
    })
    .slice(0, most);
}

/** Explores the cell of a bottom and its neighbours, then those of the lowest, until it has no lower neighbour. */
async function exploredFrom(
  simulations: EvaluationBudget,
  bottom: Point,
  shares: readonly number[],
): Promise<ReachCell[]> {
  const explored = new Map<string, ReachCell | undefined>();
  let cells: ReachCell[] = [];
  for (let centre = simulations.landscape.reachesAt(bottom.x); ; centre = cells[0]!.reaches) {
    const [exc, inh] = centre;
    for (const [more, further] of neighbours) {
      const reaches = [exc + more, inh + further] as const;
      if (explored.has(reaches.join())) continue;
      // Rooms are like their neighbours.
      const from = shares.length === 1 ? (cells[0]?.point ?? bottom) : bottom;
      explored.set(reaches.join(), await entered(simulations, from.x, reaches, shares));
      cells = lowest([...explored.values()].filter((cell) => cell !== undefined));
    }
    if (cells.length === 0 || cells[0]!.reaches.join() === centre.join()) return cells;
  }
}

/** A cell itself and the eight around it. */
const neighbours = [0, -1, 1].flatMap((exc) => [0, -1, 1].map((inh) => [exc, inh] as const));

/** @returns undefined if there is no such cell, or no simulations are left for it */
async function entered(
  simulations: EvaluationBudget,
  from: Float64Array,
  reaches: Reaches,
  shares: readonly number[],
): Promise<ReachCell | undefined> {
  const box = simulations.landscape.room(reaches);
  if (!box) return undefined;
  let x = from;
  let point: Point | undefined;
  for (const share of shares) {
    if (simulations.left < 2) return undefined;
    const wide = widened(box, 1 - share);
    const { point: start } = await simulations.relaxed(inside(x, wide), { reaches, share });
    point = await relaxedDescent(simulations, start, { ...probe, box: wide }, { reaches, share });
    x = point.x;
  }
  return point && { reaches, box, point };
}

/** A descent in the relaxed objective that leaves at least one simulation. */
export async function relaxedDescent(
  simulations: EvaluationBudget,
  start: Point,
  options: DescentOptions,
  whole?: WholeReaches,
): Promise<Point> {
  const evaluations = Math.min(options.evaluations, simulations.left - 1);
  const differencesAt = async (x: Float64Array) => (await simulations.relaxed(x, whole)).point.differences;
  return (await boxGaussNewton(differencesAt, start, { ...options, evaluations })).point;
}

/** A box, wider by a share of its width on each side. */
const widened = ({ low, high }: Box, part: number): Box => ({
  low: low.map((value, k) => Math.max(value - part * (high[k]! - value), 0)),
  high: high.map((value, k) => Math.min(value + part * (value - low[k]!), 1)),
});

const lowest = (cells: readonly ReachCell[]): ReachCell[] =>
  lowestFirst(cells.map(({ point }) => point)).map((point) => cells.find((cell) => cell.point === point)!);
