import { isGrid } from "./grid.ts";
import type { Need } from "./need.ts";
import { type Plan, stagesToRun } from "./plan.ts";

/** What a run of a plan needs. */
export function needOf(plan: Plan): Need {
  const keys: string[] = [];
  const contents: string[] = [];
  const stages: string[] = [];
  for (const node of plan.nodes) {
    const prospect = plan.prospects.get(node)!;
    if (prospect.state === "broken") continue;
    if (prospect.state !== "waiting") (node.kind === "source" ? contents : keys).push(prospect.key);
    // A grid takes what it can from chunks of any grid that had its name.
    if (prospect.state === "waiting" || (prospect.state === "stale" && isGrid(node))) stages.push(node.name);
  }
  return { keys, contents, stages };
}

/** Whether a run of the plan executes anything: if not, it reads no artifact. */
export const hasWork = (plan: Plan): boolean => stagesToRun(plan).length > 0;
