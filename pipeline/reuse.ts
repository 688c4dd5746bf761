import type { Prospect } from "./events.ts";
import type { Job } from "./job.ts";
import type { Result, Store } from "./store.ts";

/**
 * The one decision whether a stage runs: not where its key has a result whose artifact is stored, unless it is to run
 * again whatever is known. Plans ask here, and by them `status`, `why` and dry runs; so do a run once the inputs of a
 * stage have ended, who waits for another process, workers, and stores before they grant a lease.
 *
 * @returns the content of the result that makes the run unnecessary
 */
export const reusableContent = (
  store: Pick<Store, "known">,
  { key, again }: Pick<Job, "key" | "again">,
): string | undefined => (again ? undefined : store.known(key));

/** The whole result where `reusableContent` finds one. */
export const reusableResult = (
  store: Pick<Store, "known" | "result">,
  job: Pick<Job, "key" | "again">,
): Result | undefined => (reusableContent(store, job) === undefined ? undefined : store.result(job.key));

/** Whether a run has to execute a node, as far as a plan can tell: one that waits may turn out to be known. */
export const mayRun = ({ state }: Pick<Prospect, "state">): boolean =>
  state === "stale" || state === "waiting";
