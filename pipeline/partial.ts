import type { Artifact } from "./artifact.ts";
import type { GridNode } from "./grid.ts";
import { baseOf } from "./key.ts";
import { Cover, Places } from "./places.ts";
import { type Plan, preImageOf } from "./plan.ts";
import { Gathering } from "./stack.ts";
import type { Store } from "./store.ts";

/**
 * A grid's artifact as far as its points are in the store: NaN where none is, null in lists, 0 in arrays of whole
 * numbers. Undefined before nodes upstream have run, and where no point is there: what they are like is not known then.
 */
export async function partialOf(node: GridNode, plan: Plan, store: Store): Promise<Artifact | undefined> {
  const inputs: Record<string, string> = {};
  for (const [name, input] of Object.entries(node.inputs)) {
    const prospect = plan.prospects.get(input)!;
    if (prospect.state !== "fresh") return undefined;
    inputs[name] = prospect.content;
  }
  const preImage = preImageOf(node, inputs, plan.fingerprints.get(node.stage)!);
  let gathering: Gathering | undefined;
  for (const { content, places } of new Cover(new Places(preImage)).found(store, baseOf(preImage))) {
    gathering ??= new Gathering(node.grid.axes);
    gathering.put(await store.load(content), places);
  }
  return gathering?.whole();
}
