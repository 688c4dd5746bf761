import { parameters } from "../model/parameters/parameters.ts";
import { sumOfSquares } from "../numerics/linear-algebra/vectors.ts";
import { type Box, boxGaussNewton, inside, type Point } from "../numerics/optimisation/box-gauss-newton.ts";
import type { EvaluationBudget, Simulated } from "./evaluation-budget.ts";
import { type LinearModel, linearModel } from "./linear-model.ts";
import type { Objective } from "./objective.ts";
import type { ReachCell } from "./reach-cells.ts";

const velocity = parameters.indexOf("v_c");
/** The most plateaus evaluated, steps from the most promising of them, and descents from the lowest then. */
const most = { plateaus: 60, steps: 24, descents: 4 };
/** The largest distance of the peak from a trial's own, samples. */
const farthest = 50;
/** Limits of the descents; derivatives are differences of their width. */
const down = { tolerance: 1e-4, evaluations: 200, width: 1e-4 };

/**
 * From a low point of a cell to the lowest unrelaxed trials nearby. On a plateau of the velocity all delays are the
 * same; with the peak at a given sample the residual is smooth there. Nearby plateaus are evaluated once each, at the
 * point where the other parameters make up for the plateau's velocity. Derivatives at the low point predict what a
 * descent from there would reach. The lowest predictions take a step, and the lowest points after it a descent.
 *
 * @returns points that descents settled at
 */
export async function trialsAround(simulations: EvaluationBudget, cell: ReachCell): Promise<Float64Array[]> {
  if (simulations.left < parameters.length + 3) return [];
  const near = await surroundings(simulations, cell);
  if (!near) return [];
  const { landscape: objective } = simulations;
  const candidates: Candidate[] = [];
  for (const x of plateausAround(objective, cell.box, near)) {
    if (!simulations.canGoOn) break;
    candidates.push(...withPeaks(await simulations.trial(x), objective.sample, near.staying.foretold));
  }
  const stepped: Candidate[] = [];
  for (const { point, peak } of mostPromising(candidates, most.steps)) {
    if (!simulations.canGoOn) break;
    const step = near.staying.step(point.differences);
    const x = point.x.map((value, k) => value + step[k]!);
    const { at } = await simulations.trial(inside(x, withVelocityOf(cell.box, point.x)));
    stepped.push({ point: at(peak), peak, foretold: near.staying.foretold(at(peak).differences) });
  }
  const settled: Float64Array[] = [];
  for (const { point: start, peak } of mostPromising(stepped, most.descents)) {
    if (!simulations.canGoOn) break;
    const end = await boxGaussNewton(async (x) => (await simulations.trial(x)).at(peak).differences, start, {
      ...down,
      evaluations: Math.min(down.evaluations, simulations.left),
      box: withVelocityOf(cell.box, start.x),
    });
    if (end.settled) settled.push(end.point.x);
  }
  return settled;
}

/** A point of a cell, with everything but the reaches relaxed, and linear models around it. */
interface Surroundings {
  readonly point: Point;
  /** The peak moves with the parameters: what a change of the velocity costs. */
  readonly moving: LinearModel;
  /** The peak stays, as in a descent: what that would reach. */
  readonly staying: LinearModel;
  /** Sum of squares of what the jumps of delays and peak change here. */
  readonly roughness: number;
}

/** @returns undefined if the derivatives determine nothing */
async function surroundings(
  simulations: EvaluationBudget,
  { point: { x }, box, reaches }: ReachCell,
): Promise<Surroundings | undefined> {
  const whole = { reaches, share: 1 };
  const { point, peak } = await simulations.relaxed(x, whole);
  const { point: trial } = await simulations.trial(x);
  const change = trial.differences.map((value, i) => value - point.differences[i]!);
  const roughness = sumOfSquares(change);
  const columns: { readonly moving: Float64Array; readonly staying: Float64Array }[] = [];
  for (const [k, at] of x.entries()) {
    // Inwards if a side of the cell is near.
    const [left, right] = [at - box.low[k]!, box.high[k]! - at];
    const width = right >= left ? Math.min(right, down.width) : -Math.min(left, down.width);
    const beside = x.slice();
    beside[k] = at + width;
    const simulated = await simulations.relaxed(beside, whole);
    // A cell without width has no derivative.
    const slope = ({ differences }: Point) =>
      differences.map((value, i) => (width === 0 ? 0 : (value - point.differences[i]!) / width));
    columns.push({ moving: slope(simulated.point), staying: slope(simulated.at(peak)) });
  }
  const [moving, staying] = (["moving", "staying"] as const).map((which) =>
    linearModel(
      columns.map((column) => column[which]),
      velocity,
      roughness,
    ),
  );
  return moving && staying && { point, moving, staying, roughness };
}

interface Candidate {
  readonly point: Point;
  /** ms. */
  readonly peak: number;
  readonly foretold: number;
}

const mostPromising = (candidates: readonly Candidate[], count: number): Candidate[] =>
  [...candidates].sort((a, b) => rank(a) - rank(b)).slice(0, count);

/** Predictions that are not numbers come last. */
const rank = ({ foretold }: Candidate): number => (foretold < Number.MAX_VALUE ? foretold : Number.MAX_VALUE);

/** The peak near the trial's own with the lowest prediction, and the samples beside it. */
function withPeaks(
  { peak: own, at }: Simulated,
  sample: number,
  foretold: (differences: Float64Array) => number,
): Candidate[] {
  const candidate = (samples: number): Candidate & { samples: number } => {
    const peak = own + samples * sample;
    const point = at(peak);
    return { samples, point, peak, foretold: foretold(point.differences) };
  };
  let best = candidate(0);
  for (const step of [-1, 1]) {
    while (Math.abs(best.samples) < farthest) {
      const next = candidate(best.samples + step);
      if (!(next.foretold < best.foretold)) break;
      best = next;
    }
  }
  return [candidate(best.samples - 1), best, candidate(best.samples + 1)];
}

/**
 * Points in the middle of plateaus, where the other parameters make up for the velocity. They go as far as that costs
 * no more than the jumps may gain, and over at least three plateaus on each side. Of many plateaus an even selection is
 * taken.
 */
function plateausAround(
  objective: Objective,
  box: Box,
  { point: { x }, moving: { compensation, curvature }, roughness }: Surroundings,
): Float64Array[] {
  const here = x[velocity]!;
  const plateauAt = (at: number) => objective.plateau(x.map((value, k) => (k === velocity ? at : value)));
  const [lower, upper] = plateauAt(here);
  const far = Math.max(curvature > 0 ? Math.sqrt((4 * roughness) / curvature) : 0, 3 * (upper - lower));
  const [low, high] = [Math.max(here - far, 0), Math.min(here + far, 1)];
  const middles: number[] = [];
  for (let at = low; ; ) {
    const [from, to] = plateauAt(at);
    middles.push((from + to) / 2);
    if (to >= high) break;
    at = Math.max(to + beyond, at + (high - low) / many);
  }
  const count = Math.min(middles.length, most.plateaus);
  return Array.from({ length: count }, (_, n) => {
    const there = middles[Math.floor(((n + 0.5) / count) * middles.length)]!;
    const to = x.map((value, k) => (k === velocity ? there : value + (there - here) * compensation[k]!));
    return inside(to, box);
  });
}

/** If there are more plateaus than this, some are left out. */
const many = 1000;
/** This far beyond the end of a plateau is certainly on the next one. */
const beyond = 1e-7;

/** A box in which the velocity is fixed. */
const withVelocityOf = ({ low, high }: Box, x: Float64Array): Box => ({
  low: low.map((value, k) => (k === velocity ? x[k]! : value)),
  high: high.map((value, k) => (k === velocity ? x[k]! : value)),
});
