import type { Node, Plan, Result } from "../pipeline/index.ts";

/** How many of a stage's last results tell how long it takes: older ones were of other code and parameters. */
const window = 5;

/** The median of the seconds that each node's last results took, by node name. */
export function secondsByStage(
  results: Iterable<Pick<Result, "preImage" | "seconds" | "at">>,
): Map<string, number> {
  const known = new Map<string, { at: string; seconds: number }[]>();
  for (const { preImage, seconds, at } of results) {
    const last = known.get(preImage.stage) ?? [];
    known.set(preImage.stage, last);
    last.push({ at, seconds });
    if (last.length > 4 * window) keepLast(last);
  }
  return new Map([...known].map(([stage, last]) => [stage, medianOf(keepLast(last))]));
}

/** What a run of a plan would cost. */
export interface Cost {
  /** One stage after the other; those of which no time is known are not in it. */
  readonly seconds: number;
  /** Stages that have to run or may have to, and have no known time. */
  readonly unknown: readonly string[];
}

/** The cost of all stages among the plan's, or some, that have to run, or may have to once their inputs are known. */
export function costOf(
  plan: Plan,
  seconds: ReadonlyMap<string, number>,
  nodes: readonly Node[] = plan.nodes,
): Cost {
  const toRun = nodes
    .filter((node) => node.kind === "stage")
    .filter((node) => ["stale", "waiting"].includes(plan.prospects.get(node)!.state));
  const names = toRun.map(({ name }) => name);
  return {
    seconds: names.reduce((sum, name) => sum + (seconds.get(name) ?? 0), 0),
    unknown: names.filter((name) => !seconds.has(name)),
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
