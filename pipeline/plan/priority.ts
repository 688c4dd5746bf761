import { isGrid } from "../graph/grid.ts";
import { inputsOf, type Node, type StageNode } from "../graph/stage.ts";
import type { Store } from "../store/store.ts";

/** The priority of what begins at once. */
const INTERACTIVE = Number.POSITIVE_INFINITY;
export const isInteractive = (priority: number): boolean => priority === INTERACTIVE;

/** Seconds assumed of a stage of which nothing is known. */
const UNKNOWN = 1;

/**
 * How urgent each node is: seconds from its start to the end of the longest chain of nodes that needs it, by what
 * they took at their last runs. Starting the most urgent first keeps the critical path from waiting.
 *
 * @param nodes each after its inputs
 * @param runs whether a node may have to run; those that need not take no time
 */
export function criticalPath(
  nodes: readonly Node[],
  store: Store,
  runs: (node: StageNode) => boolean,
): ReadonlyMap<Node, number> {
  const took = durations(nodes, store, runs);
  const urgency = new Map<Node, number>();
  for (const node of nodes.toReversed()) {
    // What needs the node has told it already how long it takes from there on.
    const own = (urgency.get(node) ?? 0) + (took.get(node) ?? 0);
    urgency.set(node, own);
    for (const input of inputsOf(node)) urgency.set(input, Math.max(urgency.get(input) ?? 0, own));
  }
  return urgency;
}

/**
 * The same where somebody looks on: what took no longer than `limitSize` seconds need not wait for a place, and of all else
 * the shortest comes first. Grids wait, however short they were: of another size they may be long.
 */
export function interactive(
  nodes: readonly Node[],
  store: Store,
  runs: (node: StageNode) => boolean,
  limit: number,
): ReadonlyMap<Node, number> {
  const took = durations(nodes, store, runs);
  return new Map(
    nodes.map((node) => {
      const seconds = took.get(node) ?? 0;
      return [node, seconds <= limit && !isGrid(node) ? INTERACTIVE : -seconds];
    }),
  );
}

/** Seconds of each node that may run: its own of last time, else the mean of its stage's others. */
function durations(
  nodes: readonly Node[],
  store: Store,
  runs: (node: StageNode) => boolean,
): ReadonlyMap<Node, number> {
  const took = new Map<Node, number>();
  const unknown: StageNode[] = [];
  const byStage = new Map<string, { sum: number; count: number }>();
  for (const node of nodes) {
    if (node.kind !== "stage" || !runs(node)) continue;
    const last = store.lastKeys(node.name);
    const seconds = last && store.result(last.key)?.seconds;
    if (seconds === undefined) {
      unknown.push(node);
      continue;
    }
    took.set(node, seconds);
    const { sum, count } = byStage.get(node.stage.id) ?? { sum: 0, count: 0 };
    byStage.set(node.stage.id, { sum: sum + seconds, count: count + 1 });
  }
  for (const node of unknown) {
    const others = byStage.get(node.stage.id);
    took.set(node, others ? others.sum / others.count : UNKNOWN);
  }
  return took;
}
