import { isGrid } from "../graph/grid.ts";
import type { LiveSet } from "../store/live-set.ts";
import { type Plan, stagesToRun } from "./plan.ts";

/** What a run of a plan needs. */
export function liveSetOf(plan: Plan): LiveSet {
  const keys: string[] = [];
  const contents: string[] = [];
  const stages: string[] = [];
  for (const node of plan.nodes) {
    const nodeState = plan.states.get(node)!;
    if (nodeState.state === "broken") continue;
    if (nodeState.state !== "waiting") (node.kind === "source" ? contents : keys).push(nodeState.key);
    // A grid takes what it can from chunks of any grid that had its name.
    if (nodeState.state === "waiting" || (nodeState.state === "stale" && isGrid(node)))
      stages.push(node.name);
  }
  return { keys, contents, stages };
}

/** Whether a run of the plan executes anything: if not, it reads no artifact. */
export const hasWork = (plan: Plan): boolean => stagesToRun(plan).length > 0;
