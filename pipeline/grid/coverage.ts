import { sizeOf } from "../graph/axis.ts";
import type { GridNode } from "../graph/grid.ts";
import { baseOf } from "../key/key.ts";
import { type Plan, preImageOf } from "../plan/plan.ts";
import type { Store } from "../store/store.ts";
import { ChunkCoverage, PointIndex } from "./point-index.ts";

/** How much of a grid has been computed. */
export interface Coverage {
  readonly points: number;
  /** Those that a run would not compute; absent where that cannot be told before nodes upstream have run. */
  readonly known?: number;
}

/** What a run of the plan would find of a grid. */
export function coverageOf(node: GridNode, plan: Plan, store: Store): Coverage {
  const points = sizeOf(node.grid.axes);
  const { state } = plan.states.get(node)!;
  if (state === "fresh") return { points, known: points };
  if (state !== "stale") return { points };
  if (plan.forced.has(node)) return { points, known: 0 };
  const contents = Object.entries(node.inputs).map(([name, input]) => {
    const nodeState = plan.states.get(input)!;
    if (nodeState.state !== "fresh") throw new TypeError(`${node.name} cannot be stale before ${input.name}`);
    return [name, nodeState.content] as const;
  });
  const preImage = preImageOf(node, Object.fromEntries(contents), plan.fingerprints.get(node.stage)!);
  const cover = new ChunkCoverage(new PointIndex(preImage));
  Array.from(cover.storedChunks(store, baseOf(preImage)));
  return { points, known: points - cover.missing().length };
}
