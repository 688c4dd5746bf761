import type { Artifact } from "../artifact/artifact.ts";
import type { GridNode } from "../graph/grid.ts";
import { baseOf } from "../key/key.ts";
import { type Plan, preImageOf } from "../plan/plan.ts";
import type { Store } from "../store/store.ts";
import { GridAssembler } from "./grid-assembly.ts";
import { ChunkCoverage, PointIndex } from "./point-index.ts";

/**
 * A grid's artifact as far as its points are in the store: NaN where none is, null in lists, 0 in arrays of whole
 * numbers. Undefined before nodes upstream have run, and where no point is there: what they are like is not known then.
 */
export async function partialOf(node: GridNode, plan: Plan, store: Store): Promise<Artifact | undefined> {
  const inputs: Record<string, string> = {};
  for (const [name, input] of Object.entries(node.inputs)) {
    const nodeState = plan.states.get(input)!;
    if (nodeState.state !== "fresh") return undefined;
    inputs[name] = nodeState.content;
  }
  const preImage = preImageOf(node, inputs, plan.fingerprints.get(node.stage)!);
  let assembler: GridAssembler | undefined;
  for (const { content, mapping } of new ChunkCoverage(new PointIndex(preImage)).storedChunks(
    store,
    baseOf(preImage),
  )) {
    assembler ??= new GridAssembler(node.grid.axes);
    assembler.put(await store.load(content), mapping);
  }
  return assembler?.whole();
}
