import type { Options } from "../options.ts";
import type { Computed } from "../output/export-formats.ts";
import { tell } from "../output/print.ts";
import { commandLine } from "./command-line.ts";
import type { Session } from "./session.ts";

/** The named stages' artifacts; of those not computed yet the user is told how to compute them. */
export async function computedOf(
  { targets, plan: planned, store }: Session,
  options: Options,
): Promise<Computed[]> {
  const asked = targets(options.names);
  const plan = await planned(asked);
  const found: Computed[] = [];
  for (const node of asked) {
    const nodeState = plan.states.get(node)!;
    if (nodeState.state === "fresh") {
      const artifact = await store.load(nodeState.content);
      found.push({ node, result: store.result(nodeState.key)!, artifact });
    } else if (nodeState.state === "broken") tell(`${node.name} cannot run: ${nodeState.failure.message}`);
    else {
      tell(
        `${node.name} is not computed yet under this configuration: ${commandLine(["run", node.name], options)} does it.`,
      );
    }
  }
  return found;
}
