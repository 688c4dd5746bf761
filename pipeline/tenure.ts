import { performance } from "node:perf_hooks";
import { Observable } from "rxjs";
import type { Executor, Job } from "./executor.ts";
import type { Snapshot } from "./flights.ts";
import { newOwner, type Owner } from "./owner.ts";
import { LEASE, type Result, type Store } from "./store.ts";

/** How a job stands. */
export type Flight =
  /** Under way in this process, since `begun` ms on the clock of `performance`. */
  | { readonly begun: number; readonly progress: number }
  /** Another owner has the lease. */
  | { readonly waitsFor: Owner }
  /** Done, by this process or another. */
  | { readonly result: Result; readonly executed: boolean };

/**
 * One attempt at a job: claims its key and, with the lease in hand, has it executed while a heartbeat renews the
 * lease. Ends with the result, or with the owner to wait for: when the lease was lost, as by a process that was
 * suspended, the execution is aborted, for another one is at it. Unsubscribing aborts and releases the lease.
 */
export function tenure(
  store: Store,
  executor: Executor,
  job: Job,
  snapshots: readonly Snapshot[],
): Observable<Flight> {
  return new Observable((subscriber) => {
    const owner = newOwner();
    const abort = new AbortController();
    let heartbeat: NodeJS.Timeout | undefined;
    let owned = false;

    const beat = async (): Promise<void> => {
      if (await store.renew(job.key, owner)) return;
      subscriber.next({ waitsFor: store.holder(job.key) ?? owner });
      subscriber.complete();
    };
    const attempt = async (): Promise<void> => {
      const claim = await store.claim(job.key, owner, job.again);
      if (claim.state === "known") return subscriber.next({ result: claim.result, executed: false });
      if (claim.state === "held") return subscriber.next({ waitsFor: claim.owner });
      owned = true;
      if (subscriber.closed) return end();
      // A heartbeat that cannot be written is no reason to stop: the commit will tell.
      heartbeat = setInterval(() => void beat().catch(() => {}), LEASE / 4);
      const begun = performance.now();
      const report = (progress: number) => subscriber.next({ begun, progress });
      report(0);
      for (const snapshot of snapshots) await keep(snapshot, store);
      const result = await executor.execute({ ...job, owner }, abort.signal, report);
      owned = false; // the commit has ended the lease
      subscriber.next({ result, executed: true });
    };
    const end = (): void => {
      clearInterval(heartbeat);
      abort.abort();
      if (owned) store.release(job.key, owner).catch(() => {}); // it ends of itself
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
 * Stores what a source held when the revision was planned, under the content that keys were made of. A source
 * that changes later changes nothing here, the next revision reads it anew; but memory that was read and then
 * written to is no snapshot, and nothing may be computed from it under the key of what it held before.
 */
async function keep({ name, artifact, content }: Snapshot, store: Store): Promise<void> {
  if (store.has(content)) return;
  if (store.identify(artifact) !== content) {
    const message = `${name} was changed in memory after it had been read; run again`;
    throw Object.assign(new Error(message), { name: "BadInput" });
  }
  await store.save(artifact);
}
