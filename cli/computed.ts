import { commandLine } from "./command-line.ts";
import type { Computed } from "./exported.ts";
import type { Options } from "./options.ts";
import { tell } from "./present/print.ts";
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
    const prospect = plan.prospects.get(node)!;
    if (prospect.state === "fresh") {
      const artifact = await store.load(prospect.content);
      found.push({ node, result: store.result(prospect.key)!, artifact });
    } else if (prospect.state === "broken") tell(`${node.name} cannot run: ${prospect.failure.message}`);
    else {
      tell(
        `${node.name} is not computed yet under this configuration: ${commandLine(["run", node.name], options)} does it.`,
      );
    }
  }
  return found;
}
