import {
  type Coverage,
  coverageOf,
  type Failure,
  type GridNode,
  isGrid,
  type Plan,
  type Reason,
  type StageNode,
  type Store,
  stagesOf,
} from "../pipeline/index.ts";

export type State = "fresh" | "stale" | "waiting" | "broken";

/** What is told of a grid: how many axes and points it has, and how many of these are known. */
export interface GridFacts extends Coverage {
  readonly axes: number;
}

/** Where a stage stands before anything runs. */
export interface Standing {
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
export const standingsOf = (plan: Plan, store: Store): Standing[] =>
  stagesOf(plan).map((node) => standingOf(node, plan, store));

export function standingOf(node: StageNode, plan: Plan, store: Store): Standing {
  const prospect = plan.prospects.get(node)!;
  const last = prospect.state === "fresh" ? prospect.key : store.trail(node.name)?.key;
  const seconds = last === undefined ? undefined : store.result(last)?.seconds;
  return {
    stage: node.name,
    state: prospect.state,
    reasons: "reasons" in prospect ? prospect.reasons : [],
    ...(prospect.state === "broken" && { failure: prospect.failure }),
    ...("key" in prospect && { key: prospect.key }),
    ...("content" in prospect && { content: prospect.content }),
    ...(seconds !== undefined && { seconds }),
    ...(isGrid(node) && { grid: gridFactsOf(node, plan, store) }),
  };
}

export const gridFactsOf = (node: GridNode, plan: Plan, store: Store): GridFacts => ({
  axes: node.grid.axes.length,
  ...coverageOf(node, plan, store),
});

/** Stage names by state. */
export function byState(standings: readonly Standing[]): Record<Standing["state"], string[]> {
  const named = (state: Standing["state"]) =>
    standings.filter((standing) => standing.state === state).map(({ stage }) => stage);
  return { fresh: named("fresh"), stale: named("stale"), waiting: named("waiting"), broken: named("broken") };
}
