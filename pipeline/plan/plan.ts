import type { Artifact } from "../artifact/artifact.ts";
import { mayRun, type NodeState } from "../events.ts";
import { failureOf } from "../failure.ts";
import { isGrid } from "../graph/grid.ts";
import { ancestors, type Node, type SourceNode, type Stage, type StageNode } from "../graph/stage.ts";
import { type Fingerprint, keyOf, type PreImage } from "../key/key.ts";
import { changedFiles, explain, type Reason } from "../key/staleness.ts";
import { reusableContent } from "../store/reuse.ts";
import type { Store } from "../store/store.ts";

/** One revision of the graph, seen before anything runs: what each node is and what it needs. */
export interface Plan {
  /** Every node after its inputs. */
  readonly nodes: readonly Node[];
  readonly states: ReadonlyMap<Node, NodeState>;
  /** What the sources held when the plan was made: one snapshot for the whole revision. */
  readonly sources: ReadonlyMap<SourceNode, Artifact>;
  readonly fingerprints: ReadonlyMap<Stage, Fingerprint>;
  readonly forced: ReadonlySet<Node>;
}

/** Reads the sources and looks up every node whose inputs are known. Nothing runs, nothing is written. */
export async function planOf(
  targets: readonly Node[],
  store: Store,
  fingerprint: (stage: Stage) => Fingerprint,
  forced: ReadonlySet<Node> = new Set(),
): Promise<Plan> {
  const nodes = ancestors(targets);
  const states = new Map<Node, NodeState>();
  const sources = new Map<SourceNode, Artifact>();
  const fingerprints = new Map<Stage, Fingerprint>();
  for (const node of nodes) {
    if (node.kind === "source") {
      try {
        const artifact = await node.read();
        const content = store.identify(artifact);
        sources.set(node, artifact);
        states.set(node, { state: "fresh", key: content, content });
      } catch (thrown) {
        states.set(node, { state: "broken", failure: failureOf(thrown), origin: node.name });
      }
      continue;
    }
    if (!fingerprints.has(node.stage)) fingerprints.set(node.stage, fingerprint(node.stage));
    states.set(node, stateOf(node, states, fingerprints.get(node.stage)!, store, forced.has(node)));
  }
  return { nodes, states, sources, fingerprints, forced };
}

function stateOf(
  node: StageNode,
  states: ReadonlyMap<Node, NodeState>,
  fingerprint: Fingerprint,
  store: Store,
  forced: boolean,
): NodeState {
  const inputs: Record<string, string> = {};
  const upstream: string[] = [];
  for (const [name, input] of Object.entries(node.inputs)) {
    const nodeState = states.get(input)!;
    if (nodeState.state === "broken") return nodeState;
    if (nodeState.state === "fresh") inputs[name] = nodeState.content;
    else upstream.push(input.name);
  }
  const { files } = fingerprint;
  if (upstream.length === 0) return stateForKey(preImageOf(node, inputs, fingerprint), store, forced, files);
  // What differs whatever upstream will give is known already.
  const before = lastPreImage(node.name, store);
  const own: Reason[] = forced
    ? [{ kind: "forced" }]
    : typeof before === "string"
      ? [{ kind: before }]
      : explain(before, preImageOf(node, before.inputs, fingerprint), filesSince(before, files, store));
  return { state: "waiting", reasons: [...own, { kind: "upstream", nodes: upstream }] };
}

/**
 * What a plan holds of a node whose inputs are known: fresh, or stale for which reasons.
 *
 * @param files those of the fingerprint
 * @param key that of the pre-image, where it has been made already: long lists of points take a while
 */
export function stateForKey(
  preImage: PreImage,
  store: Store,
  forced: boolean,
  files?: Fingerprint["files"],
  key = keyOf(preImage),
): Extract<NodeState, { state: "fresh" | "stale" }> {
  const content = reusableContent(store, { key, recompute: forced });
  if (content !== undefined) return { state: "fresh", key, content };
  if (forced) return { state: "stale", key, reasons: [{ kind: "forced" }] };
  if (store.result(key)) return { state: "stale", key, reasons: [{ kind: "evicted" }] };
  return { state: "stale", key, reasons: reasonsFor(preImage, store, files) };
}

/** Why a pre-image differs from the one its node had at its last run. */
function reasonsFor(preImage: PreImage, store: Store, files: Fingerprint["files"]): Reason[] {
  const before = lastPreImage(preImage.stage, store);
  if (typeof before === "string") return [{ kind: before }];
  const reasons = explain(before, preImage, filesSince(before, files, store));
  return reasons.length > 0 ? reasons : [{ kind: "evicted" }];
}

/** The files that differ from those a stage's code was made of before, as far as that is known. */
const filesSince = ({ code }: PreImage, files: Fingerprint["files"], store: Store): string[] =>
  changedFiles(store.filesOf(code), files);

/** What a node was computed from at its last run, or why that is not known. */
function lastPreImage(name: string, store: Store): PreImage | "never-run" | "evicted" {
  const last = store.lastKeys(name);
  return last ? (store.result(last.key)?.preImage ?? "evicted") : "never-run";
}

export const preImageOf = (
  node: StageNode,
  inputs: Readonly<Record<string, string>>,
  { files: _, ...fingerprint }: Fingerprint,
): PreImage => ({
  stage: node.name,
  ...fingerprint,
  params: node.params,
  ...(isGrid(node) && { axes: node.grid.axes }),
  inputs,
});

/** The stage nodes of a plan. */
export const stagesOf = (plan: Plan): StageNode[] => plan.nodes.filter((node) => node.kind === "stage");

/** Those that a run has to execute, as far as can be told before it begins. */
export const stagesToRun = (plan: Plan): StageNode[] =>
  stagesOf(plan).filter((node) => mayRun(plan.states.get(node)!));
