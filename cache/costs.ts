import type { Node, Store } from "../pipeline/index.ts";
import { baseOf, coverageOf, isGrid, mayRun, type Plan } from "../pipeline/inspect.ts";
import type { Result } from "../pipeline/testing.ts";

/** How many of a stage's last results tell how long it takes: older ones were of other code and parameters. */
const window = 5;

/**
 * The median of the seconds that each node's last results took, by node name; of a grid, of the seconds that its
 * last chunks took for each point.
 */
export function secondsByStage(
  results: Iterable<Pick<Result, "preImage" | "seconds" | "at">>,
): Map<string, number> {
  const known = new Map<string, { at: string; seconds: number }[]>();
  for (const { preImage, seconds, at } of results) {
    if (preImage.axes) continue; // how many points it lacked is not known any more: its chunks tell
    const last = known.get(preImage.stage) ?? [];
    known.set(preImage.stage, last);
    last.push({ at, seconds: seconds / (preImage.points?.rows.length ?? 1) });
    if (last.length > 4 * window) keepLast(last);
  }
  return new Map([...known].map(([stage, last]) => [stage, medianOf(keepLast(last))]));
}

/** Seconds of computing behind results. A grid took what its chunks took, where these are described. */
export function secondsOfComputing(
  results: readonly Pick<Result, "preImage" | "seconds" | "partOf">[],
): number {
  const bases = new Set(results.map(({ partOf }) => partOf));
  const counted = results.filter(({ preImage }) => !(preImage.axes && bases.has(baseOf(preImage))));
  return counted.reduce((sum, { seconds }) => sum + seconds, 0);
}

/** What a run of a plan would cost. */
export interface Cost {
  /** One stage after the other; those of which no time is known are not in it. */
  readonly seconds: number;
  /** Stages that have to run or may have to, and have no known time. */
  readonly unknown: readonly string[];
}

/**
 * The cost of all stages among the plan's, or some, that have to run, or may have to once their inputs are known:
 * of a grid, of the points that it lacks.
 *
 * @param seconds by `secondsByStage`
 */
export function costOf(
  plan: Plan,
  store: Store,
  seconds: ReadonlyMap<string, number>,
  nodes: readonly Node[] = plan.nodes,
): Cost {
  const toRun = nodes
    .filter((node) => node.kind === "stage")
    .filter((node) => mayRun(plan.states.get(node)!));
  const lacking = (node: Node): number => {
    if (!isGrid(node)) return 1;
    const { points, known = 0 } = coverageOf(node, plan, store);
    return points - known;
  };
  const timed = toRun.filter(({ name }) => seconds.has(name));
  return {
    seconds: timed.reduce((sum, node) => sum + seconds.get(node.name)! * lacking(node), 0),
    unknown: toRun.map(({ name }) => name).filter((name) => !seconds.has(name)),
  };
}

function keepLast(results: { at: string; seconds: number }[]): { seconds: number }[] {
  results.sort((a, b) => (a.at < b.at ? 1 : -1));
  results.length = Math.min(results.length, window);
  return results;
}

function medianOf(results: readonly { seconds: number }[]): number {
  const sorted = results.map(({ seconds }) => seconds).sort((a, b) => a - b);
  const upper = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[upper]! : (sorted[upper - 1]! + sorted[upper]!) / 2;
}
