import type { Failure } from "./failure.ts";
import type { Reason } from "./staleness.ts";

/** What a plan holds of a node before anything runs. */
export type Prospect =
  /** Its result is in the store. */
  | { readonly state: "fresh"; readonly key: string; readonly content: string }
  /** It has to run: its key is known and has no result, or it is forced. */
  | { readonly state: "stale"; readonly key: string; readonly reasons: readonly Reason[] }
  /** Its key is not known before nodes upstream have run; it may then turn out to be a hit. */
  | { readonly state: "waiting"; readonly reasons: readonly Reason[] }
  /** A source that could not be read, or a node behind one. */
  | { readonly state: "broken"; readonly failure: Failure; readonly origin: string };

/** Everything a run says. Presenters need nothing else. Names are those of stage nodes. */
export type PipelineEvent =
  | { readonly event: "planned"; readonly stages: readonly string[]; readonly toRun: readonly string[] }
  /** It has begun to run; of a node that waits for one of the `jobs` nothing is said. */
  | {
      readonly event: "started";
      readonly stage: string;
      readonly key: string;
      readonly reasons: readonly Reason[];
    }
  /** `remaining`: seconds still to go, from the pace so far. */
  | {
      readonly event: "progress";
      readonly stage: string;
      readonly fraction: number;
      readonly remaining: number;
    }
  | { readonly event: "hit"; readonly stage: string; readonly key: string; readonly content: string }
  | {
      readonly event: "finished";
      readonly stage: string;
      readonly key: string;
      readonly content: string;
      readonly seconds: number;
    }
  | { readonly event: "failed"; readonly stage: string; readonly failure: Failure }
  | { readonly event: "blocked"; readonly stage: string; readonly by: readonly string[] }
  | { readonly event: "aborted"; readonly stage: string }
  | Summary;

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
