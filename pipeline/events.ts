import type { Failure } from "./failure.ts";
import type { WorkerShare } from "./jobs/worker-shares.ts";
import type { Reason } from "./key/staleness.ts";
import type { LeaseHolder } from "./store/lease-holder.ts";

/** What a plan holds of a node before anything runs. */
export type NodeState =
  /** Its result is in the store. */
  | { readonly state: "fresh"; readonly key: string; readonly content: string }
  /** It has to run: its key is known and has no result, or it is forced. */
  | { readonly state: "stale"; readonly key: string; readonly reasons: readonly Reason[] }
  /** Its key is not known before nodes upstream have run; it may then turn out to be a hit. */
  | { readonly state: "waiting"; readonly reasons: readonly Reason[] }
  /** A source that could not be read, or a node behind one. */
  | { readonly state: "broken"; readonly failure: Failure; readonly origin: string };

/**
 * Everything a run says, told to users in docs/events.md with what comes when. Presenters need nothing else. Names are
 * those of stage nodes.
 */
export type PipelineEvent =
  /** The graph was made anew, for what changed; the first is number 1. What was said before is of the one before. */
  | { readonly event: "revision"; readonly number: number; readonly changes: readonly string[] }
  | { readonly event: "planned"; readonly stages: readonly string[]; readonly toRun: readonly string[] }
  /** It has begun to run; of a node that waits for one of the `jobs` nothing is said. */
  | {
      readonly event: "started";
      readonly stage: string;
      readonly key: string;
      readonly reasons: readonly Reason[];
    }
  /** Another process is computing it; told once for each that does. */
  | { readonly event: "waiting"; readonly stage: string; readonly owner: LeaseHolder }
  /**
   * An artifact could not be read and is computed again at once; `stage` is the node that made it. Its second
   * ending takes the place of the first.
   */
  | { readonly event: "damaged"; readonly stage: string; readonly content: string; readonly what: string }
  /**
   * `fraction` from 0 to 1, of a grid that of the points it lacked; `remaining`: seconds to go, at the pace so far.
   * Of a grid also how many of its `total` points are `done`, those that were there before included.
   */
  | {
      readonly event: "progress";
      readonly stage: string;
      readonly fraction: number;
      readonly remaining: number;
      readonly done?: number;
      readonly total?: number;
    }
  /** Some points of a grid are in the store, as the artifact of a chunk; `key` is that of the chunk. */
  | {
      readonly event: "part";
      readonly stage: string;
      readonly key: string;
      readonly content: string;
      readonly points: number;
    }
  /** A failure that may pass: the stage is tried again in `wait` seconds. */
  | { readonly event: "retry"; readonly stage: string; readonly failure: Failure; readonly wait: number }
  | { readonly event: "hit"; readonly stage: string; readonly key: string; readonly content: string }
  /** `by`: who ran it, where that was not the process that says so alone; of a grid, who did most comes first. */
  | {
      readonly event: "finished";
      readonly stage: string;
      readonly key: string;
      readonly content: string;
      readonly seconds: number;
      readonly by?: readonly WorkerShare[];
    }
  | { readonly event: "failed"; readonly stage: string; readonly failure: Failure }
  | { readonly event: "blocked"; readonly stage: string; readonly by: readonly string[] }
  | { readonly event: "aborted"; readonly stage: string }
  /**
   * What a user should know of these stages though nothing has failed: said by whoever made the graph, who knows what
   * it means, never by the engine. One that is `passing` counts until work goes on.
   */
  | {
      readonly event: "warning";
      readonly stages: readonly string[];
      readonly message: string;
      readonly passing?: true;
    }
  | Summary;

/** The last word about a node. */
export type TerminalEvent = Extract<
  PipelineEvent,
  { event: "hit" | "finished" | "failed" | "blocked" | "aborted" }
>;

/** Whether an event is the last word about a node. */
export const isTerminal = (event: PipelineEvent): event is TerminalEvent =>
  ["hit", "finished", "failed", "blocked", "aborted"].includes(event.event);

/** The last event of a run; stage names in the order of the plan. */
export interface Summary {
  readonly event: "summary";
  readonly executed: readonly string[];
  readonly hits: readonly string[];
  readonly failed: readonly string[];
  readonly blocked: readonly string[];
  readonly aborted: readonly string[];
  readonly seconds: number;
}

/**
 * The summary of what became of nodes.
 *
 * @param order names of all stages of the plan
 * @param seconds how long the run took
 */
export function summaryOf(
  order: readonly string[],
  endings: Iterable<TerminalEvent>,
  seconds: number,
): Summary {
  const rank = new Map(order.map((name, index) => [name, index]));
  const rankOf = (name: string) => rank.get(name) ?? -1; // sources that failed come first
  const all = [...endings];
  const named = (kind: TerminalEvent["event"]) => {
    const names = all.filter(({ event }) => event === kind).map(({ stage }) => stage);
    return names.sort((a, b) => rankOf(a) - rankOf(b));
  };
  return {
    event: "summary",
    executed: named("finished"),
    hits: named("hit"),
    failed: named("failed"),
    blocked: named("blocked"),
    aborted: named("aborted"),
    seconds,
  };
}

/** Whether a run has to execute a node, as far as a plan can tell: one that waits may turn out to be known. */
export const mayRun = ({ state }: Pick<NodeState, "state">): boolean =>
  state === "stale" || state === "waiting";
