import type { Result, Store } from "./store.ts";

/**
 * The one decision whether a stage runs: not where its key has a result whose artifact is stored, unless it is to run
 * again whatever is known. Plans ask here, and by them `status`, `why` and dry runs; so do a run once the inputs of a
 * stage have ended, who waits for another process, workers, and stores before they grant a lease.
 *
 * @returns the content of the result that makes the run unnecessary
 */
export const reusableContent = (
  store: Pick<Store, "lookup">,
  { key, recompute }: { readonly key: string; readonly recompute: boolean },
): string | undefined => (recompute ? undefined : store.lookup(key));

/** The whole result where `reusableContent` finds one. */
export const reusableResult = (
  store: Pick<Store, "lookup" | "result">,
  job: { readonly key: string; readonly recompute: boolean },
): Result | undefined => (reusableContent(store, job) === undefined ? undefined : store.result(job.key));
