import type { Node, Reason, StageNode, Store } from "../../pipeline/index.ts";
import { changedFiles, explain, type Plan, type PreImage } from "../../pipeline/inspect.ts";

/** A stage with a reason of its own, and the stages that pass it on to the one that was asked about. */
export interface RootCause {
  readonly stage: StageNode;
  readonly reasons: readonly Reason[];
  /** From the stage itself to the one asked about. */
  readonly way: readonly string[];
}

/**
 * Why a stage would run, traced to its roots: through inputs that will be computed, and through inputs that
 * have been since. Roots come in the order of the plan.
 */
export function rootCausesOf(asked: StageNode, plan: Plan, store: Store): RootCause[] {
  const causes: RootCause[] = [];
  const seen = new Set<Node>([asked]);
  const queue: { node: StageNode; reasons: readonly Reason[]; way: string[] }[] = [
    { node: asked, reasons: reasonsOf(asked, plan), way: [asked.name] },
  ];
  const follow = (node: Node | undefined, reasons: readonly Reason[], way: string[]): void => {
    if (node?.kind !== "stage" || seen.has(node)) return;
    seen.add(node);
    queue.push({ node, reasons, way: [node.name, ...way] });
  };
  for (let next = queue.shift(); next; next = queue.shift()) {
    const { node, reasons, way } = next;
    const own: Reason[] = [];
    for (const reason of reasons) {
      if (reason.kind === "upstream") {
        for (const input of Object.values(node.inputs)) {
          if (reason.nodes.includes(input.name)) follow(input, reasonsOf(input, plan), way);
        }
      } else if (reason.kind === "input" && node.inputs[reason.input]?.kind === "stage") {
        const input = node.inputs[reason.input] as StageNode;
        const since = changesSince(input, reason.from, plan, store);
        // Without a trace of what the input was before, all that can be said is that it differs.
        if (since.length === 0) own.push(reason);
        follow(input, since, way);
      } else own.push(reason);
    }
    if (own.length > 0) causes.push({ stage: node, reasons: own, way });
  }
  const order = plan.nodes.map(({ name }) => name);
  return causes.sort((a, b) => order.indexOf(a.stage.name) - order.indexOf(b.stage.name));
}

/** A plan's reasons to run a node; none where it is up to date or cannot run. */
export function reasonsOf(node: Node, plan: Plan): readonly Reason[] {
  const nodeState = plan.states.get(node)!;
  return "reasons" in nodeState ? nodeState.reasons : [];
}

/** What a node that is up to date is computed from now, against when its result had the given content. */
function changesSince(node: StageNode, content: string | undefined, plan: Plan, store: Store): Reason[] {
  const nodeState = plan.states.get(node)!;
  const now = nodeState.state === "fresh" ? store.result(nodeState.key)?.preImage : undefined;
  const before = store
    .entries()
    .find((entry) => entry.content === content && entry.preImage.stage === node.name)?.preImage;
  return now && before ? explain(before, now, filesBetween(before, now, store)) : [];
}

/** How a stage that is up to date differs from its last run or, if this is its last, from the one before. */
export function lastChange(
  { name }: StageNode,
  key: string,
  store: Store,
): { readonly isLast: boolean; readonly reasons: readonly Reason[] } | undefined {
  const trail = store.lastKeys(name);
  const isLast = trail?.key === key;
  const before = preImageOf(isLast ? trail.previous : trail?.key, store);
  const now = preImageOf(key, store);
  if (!before || !now) return undefined;
  return { isLast, reasons: explain(before, now, filesBetween(before, now, store)) };
}

const filesBetween = (before: PreImage, after: PreImage, store: Store): string[] =>
  changedFiles(store.filesOf(before.code), store.filesOf(after.code));

const preImageOf = (key: string | undefined, store: Store): PreImage | undefined =>
  key === undefined ? undefined : store.result(key)?.preImage;
