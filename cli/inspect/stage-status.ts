import type { Failure, GridNode, Reason, StageNode, Store } from "../../pipeline/index.ts";
import { type Coverage, coverageOf, isGrid, type Plan, stagesOf } from "../../pipeline/inspect.ts";

export type State = "fresh" | "stale" | "waiting" | "broken";

/** What is told of a grid: how many axes and points it has, and how many of these are known. */
export interface GridFacts extends Coverage {
  readonly axes: number;
}

/** Where a stage stands before anything runs. */
export interface StageStatus {
  readonly stage: string;
  readonly state: State;
  readonly reasons: readonly Reason[];
  readonly failure?: Failure;
  readonly key?: string;
  readonly content?: string;
  /** How long it ran the last time. */
  readonly seconds?: number;
  readonly grid?: GridFacts;
}

/** All stages of a plan, in its order. */
export const stageStatusesOf = (plan: Plan, store: Store): StageStatus[] =>
  stagesOf(plan).map((node) => stageStatusOf(node, plan, store));

export function stageStatusOf(node: StageNode, plan: Plan, store: Store): StageStatus {
  const nodeState = plan.states.get(node)!;
  const last = nodeState.state === "fresh" ? nodeState.key : store.lastKeys(node.name)?.key;
  const seconds = last === undefined ? undefined : store.result(last)?.seconds;
  return {
    stage: node.name,
    state: nodeState.state,
    reasons: "reasons" in nodeState ? nodeState.reasons : [],
    ...(nodeState.state === "broken" && { failure: nodeState.failure }),
    ...("key" in nodeState && { key: nodeState.key }),
    ...("content" in nodeState && { content: nodeState.content }),
    ...(seconds !== undefined && { seconds }),
    ...(isGrid(node) && { grid: gridFactsOf(node, plan, store) }),
  };
}

export const gridFactsOf = (node: GridNode, plan: Plan, store: Store): GridFacts => ({
  axes: node.grid.axes.length,
  ...coverageOf(node, plan, store),
});

/** Stage names by state. */
export function byState(stageStatuses: readonly StageStatus[]): Record<StageStatus["state"], string[]> {
  const named = (state: StageStatus["state"]) =>
    stageStatuses.filter((stageStatus) => stageStatus.state === state).map(({ stage }) => stage);
  return { fresh: named("fresh"), stale: named("stale"), waiting: named("waiting"), broken: named("broken") };
}
