import { performance } from "node:perf_hooks";
import { Observable } from "rxjs";

import { BadInput, TimeLimitExceeded } from "../errors.ts";
import type { Job } from "../jobs/job.ts";
import type { JobUpdate, RunJob, SourceSnapshot } from "../jobs/job-update.ts";
import { newLeaseHolder } from "../store/lease-holder.ts";
import { LEASE, type Store } from "../store/store.ts";

export interface AttemptOptions {
  readonly snapshots: readonly SourceSnapshot[];
  /** Seconds. */
  readonly timeLimit?: number | undefined;
  /** It takes less than a lease is worth: should another process be at it too, the first to end has made the result. */
  readonly skipLease?: boolean;
}

/**
 * One attempt at a job: claims its key and, with the lease in hand, has the work done while a heartbeat renews the
 * lease. Ends with the result, or with the owner to wait for: when the lease was lost, as by a process that was
 * suspended, the work is aborted, for another one is at it. Unsubscribing aborts and releases the lease.
 */
export function attemptUnderLease(
  store: Store,
  work: RunJob,
  job: Job,
  { snapshots, timeLimit, skipLease = false }: AttemptOptions,
): Observable<JobUpdate> {
  return new Observable((subscriber) => {
    const owner = newLeaseHolder();
    const abort = new AbortController();
    let heartbeat: NodeJS.Timeout | undefined;
    let limit: NodeJS.Timeout | undefined;
    let owned = false;
    /** When the result was made that is there already. */
    let before: string | undefined;

    const beat = async (): Promise<void> => {
      if ((await store.renew(job.key, owner)) || isCommitted(store, job.key, before)) return;
      subscriber.next({ waitsFor: store.holder(job.key) ?? owner });
      subscriber.complete();
    };
    /** False where there is nothing to do, which is told. */
    const claims = async (): Promise<boolean> => {
      // Whoever has the lease of the grid has its chunks, too; a claim costs as much as a commit.
      if ((job.partOf !== undefined || skipLease) && !job.recompute) return true;
      const claim = await store.claim(job.key, owner, job.recompute);
      if (claim.state === "known") subscriber.next({ result: claim.result, executed: false });
      if (claim.state === "held") subscriber.next({ waitsFor: claim.owner });
      if (claim.state !== "owned") return false;
      owned = true;
      before = job.recompute ? store.result(job.key)?.at : undefined;
      // A heartbeat that cannot be written is no reason to stop: the commit will tell.
      if (!subscriber.closed) heartbeat = setInterval(() => void beat().catch(() => {}), LEASE / 4);
      return true;
    };
    const watch = (): void => {
      clearTimeout(limit);
      if (timeLimit === undefined || subscriber.closed) return;
      limit = setTimeout(() => subscriber.error(new TimeLimitExceeded(timeLimit)), timeLimit * 1000);
    };
    const attempt = async (): Promise<void> => {
      if (!(await claims())) return;
      if (subscriber.closed) return end();
      let begun = performance.now();
      subscriber.next({ begun, progress: 0 });
      for (const snapshot of snapshots) await saveSnapshot(snapshot, store);
      const done = await work({ ...job, owner }, abort.signal, (state) => {
        if ("part" in state) return subscriber.next(state);
        if (state.progress === 0) {
          begun = performance.now();
          watch();
        }
        subscriber.next({ begun, ...state });
      });
      owned = false; // the commit has ended the lease
      subscriber.next({ ...done, executed: true });
    };
    const end = (): void => {
      clearInterval(heartbeat);
      clearTimeout(limit);
      abort.abort();
      if (owned) store.releaseLease(job.key, owner).catch(() => {}); // it ends of itself
      owned = false;
    };
    attempt().then(
      () => subscriber.complete(),
      (thrown) => subscriber.error(thrown),
    );
    return end;
  });
}

/**
 * Whether a lease ended with a commit: word of it may still be on its way from another thread.
 *
 * @param before when the result was made that the commit is to replace
 */
function isCommitted(store: Store, key: string, before: string | undefined): boolean {
  const made = store.holder(key) ? undefined : store.result(key);
  return made !== undefined && made.at !== before;
}

/**
 * Stores what a source held when the revision was planned, under the content that keys were made of. A source
 * that changes later changes nothing here, the next revision reads it anew; but memory that was read and then
 * written to is no snapshot, and nothing may be computed from it under the key of what it held before.
 */
async function saveSnapshot({ name, artifact, content }: SourceSnapshot, store: Store): Promise<void> {
  if (store.has(content)) return;
  if (store.identify(artifact) !== content) {
    throw new BadInput(`${name} was changed in memory after it had been read; run again`);
  }
  await store.save(artifact);
}
