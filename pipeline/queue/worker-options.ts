import type { Redis } from "ioredis";
import type { Fault } from "../errors.ts";
import type { Stage } from "../graph/stage.ts";
import type { Executor } from "../jobs/job.ts";
import type { Fingerprint } from "../key/key.ts";
import type { Store } from "../store/store.ts";
import type { ArtifactExchange, StoreIdentity } from "./artifact-exchange.ts";

/** What a worker says of itself. */
export interface Offer {
  readonly host: string;
  readonly pid: number;
  readonly jobs: number;
  readonly queues: readonly string[];
  readonly shares: StoreIdentity;
}

/** What a worker tells whoever started it. */
export type WorkerEvent =
  | {
      readonly event: "ready";
      readonly host: string;
      readonly pid: number;
      readonly jobs: number;
      /** The content store that it shares by, in words. */
      readonly shares: string;
    }
  | { readonly event: "began"; readonly stage: string; readonly key: string }
  | { readonly event: "finished"; readonly stage: string; readonly key: string; readonly seconds: number }
  | {
      readonly event: "failed";
      readonly stage: string;
      readonly key: string;
      readonly message: string;
      readonly fault?: Fault;
    }
  /** It goes back to the queue, or nobody needs it. */
  | {
      readonly event: "left";
      readonly stage: string;
      readonly key: string;
      readonly why: string;
      readonly fault?: Fault;
    }
  /** Jobs are there of a stage in other code, said once for each, or of another content store, said once for that. */
  | { readonly event: "refused"; readonly stage: string; readonly message: string };

/** What a worker works with. */
export interface WorkerOptions {
  /** A connection that stays its owner's. */
  readonly redis: Redis;
  readonly exchange: ArtifactExchange;
  /** Its own store, which no coordinator uses. */
  readonly store: Store;
  /** Where stages run; not in this thread, whose jobs are another's as soon as it is not heard of for a lease's time. */
  readonly executor: Executor;
  readonly stages: Iterable<Stage>;
  readonly fingerprint: (stage: Stage) => Fingerprint;
  readonly jobs: number;
  tell(event: WorkerEvent): void;
}
