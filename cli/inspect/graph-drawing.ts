import type { Node, Store } from "../../pipeline/index.ts";
import { inputsOf, isGrid, type Plan } from "../../pipeline/inspect.ts";
import { type Family, familiesOf } from "./families.ts";
import { type GridFacts, gridFactsOf, type State, stageStatusOf } from "./stage-status.ts";

/** How a vertex stands: as its stages, the most pressing state of several, or a source. */
export type VertexState = State | "source";

/** What a drawing of the graph shows as one: a node, or a family of them. */
export interface Vertex {
  readonly name: string;
  readonly kind: Node["kind"];
  readonly state: VertexState;
  /** How many members stand so. */
  readonly counts: Readonly<Partial<Record<VertexState, number>>>;
  /** How many nodes it stands for. */
  readonly size: number;
  /** How long they took the last time, one after the other; absent where that is not known of any. */
  readonly seconds?: number;
  /** Of grids: their points together. */
  readonly grid?: GridFacts;
  readonly inputs: readonly Vertex[];
}

/** The most pressing first. */
const pressing: readonly VertexState[] = ["broken", "stale", "waiting", "fresh", "source"];

/**
 * A plan as it is drawn, each vertex after its inputs.
 *
 * @param all every node on its own, instead of families as one
 */
export function drawingOf(plan: Plan, store: Store, all = false): Vertex[] {
  const vertices = new Map<Family, Vertex>();
  for (const family of familiesOf(plan.nodes, all)) {
    vertices.set(family, vertexOf(family, plan, store, vertices));
  }
  return [...vertices.values()];
}

function vertexOf(
  { name, members, inputs }: Family,
  plan: Plan,
  store: Store,
  vertices: ReadonlyMap<Family, Vertex>,
): Vertex {
  const states = members.map((node) => stateOf(node, plan));
  const counts: Partial<Record<VertexState, number>> = {};
  for (const state of states) counts[state] = (counts[state] ?? 0) + 1;
  const times = members.flatMap((node) => {
    const seconds = node.kind === "stage" ? stageStatusOf(node, plan, store).seconds : undefined;
    return seconds ?? [];
  });
  const grids = members.filter(isGrid).map((node) => gridFactsOf(node, plan, store));
  return {
    ...{ name, kind: members[0]!.kind, size: members.length, counts },
    state: pressing.find((state) => state in counts)!,
    ...(times.length > 0 && { seconds: times.reduce((sum, seconds) => sum + seconds, 0) }),
    ...(grids.length > 0 && { grid: grids.reduce(together) }),
    inputs: inputs.map((input) => vertices.get(input)!),
  };
}

function stateOf(node: Node, { states }: Plan): VertexState {
  const { state } = states.get(node)!;
  return node.kind === "source" && state === "fresh" ? "source" : state;
}

function together(one: GridFacts, other: GridFacts): GridFacts {
  const isKnown = one.known !== undefined && other.known !== undefined;
  return {
    axes: Math.max(one.axes, other.axes),
    points: one.points + other.points,
    ...(isKnown && { known: one.known! + other.known! }),
  };
}

/** What `graph --json` tells of a node. */
export function factsOf(node: Node, plan: Plan, store: Store): object {
  const { name, kind } = node;
  const { seconds, grid } = kind === "stage" ? stageStatusOf(node, plan, store) : {};
  return {
    ...{ name, kind, state: plan.states.get(node)!.state },
    ...(seconds !== undefined && { seconds }),
    ...(grid && { grid }),
    inputs: inputsOf(node).map((input) => input.name),
  };
}
