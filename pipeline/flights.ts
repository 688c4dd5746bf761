import { performance } from "node:perf_hooks";
import {
  catchError,
  connect,
  filter,
  finalize,
  map,
  merge,
  Observable,
  of,
  ReplaySubject,
  share,
  take,
  throttleTime,
  timer,
} from "rxjs";
import type { Artifact } from "./artifact.ts";
import type { PipelineEvent } from "./events.ts";
import type { Executor, Job } from "./executor.ts";
import { failureOf } from "./failure.ts";
import { slots } from "./slots.ts";
import type { Result, Store } from "./store.ts";

/** An execution under way, since `begun` ms on the clock of `performance`, or done. */
export type Flight = { readonly begun: number; readonly progress: number } | { readonly result: Result };

/**
 * Executions, shared by key: two revisions, or two runs, that need the same result wait for the same flight,
 * and a flight that nobody waits for any more is aborted. At most `jobs` are in the air at once.
 */
export function flights(
  store: Store,
  executor: Executor,
  jobs: number,
): (job: Job, snapshots: readonly Artifact[]) => Observable<Flight> {
  const inSlot = slots(jobs);
  const known = new Map<string, Observable<Flight>>();

  return (job, snapshots) => {
    const shared = known.get(job.key);
    if (shared) return shared;
    let waiting = new ReplaySubject<Flight>(1);
    const work = new Observable<Flight>((subscriber) => {
      // Left by all while it stood in the queue: its slot goes to the next.
      if (!waiting.observed) return subscriber.complete();
      const abort = new AbortController();
      const begun = performance.now();
      const report = (progress: number) => subscriber.next({ begun, progress });
      const execute = async (): Promise<void> => {
        for (const snapshot of snapshots) await store.save(snapshot);
        subscriber.next({ result: await executor.execute(job, abort.signal, report) });
        subscriber.complete();
      };
      report(0);
      execute().catch((thrown) => subscriber.error(thrown));
      return () => abort.abort();
    });
    const flight = inSlot(work).pipe(
      finalize(() => known.delete(job.key)),
      share({
        connector: () => {
          waiting = new ReplaySubject(1);
          return waiting;
        },
        // The revision that replaces another subscribes in the same turn, so what it still needs goes on.
        resetOnRefCountZero: () => timer(0),
      }),
    );
    known.set(job.key, flight);
    return flight;
  };
}

/** A flight as events of one of the nodes that wait for it; progress is thinned to what a reader can follow. */
export const eventsOf =
  (started: Extract<PipelineEvent, { event: "started" }>) =>
  (flight: Observable<Flight>): Observable<PipelineEvent> => {
    const { stage } = started;
    return flight.pipe(
      connect((shared) =>
        merge(
          shared.pipe(
            take(1),
            map(() => started),
          ),
          shared.pipe(
            filter((state) => "progress" in state),
            filter(({ progress }) => progress > 0),
            throttleTime(100),
            map(({ begun, progress: fraction }): PipelineEvent => {
              const elapsed = (performance.now() - begun) / 1000;
              return { event: "progress", stage, fraction, remaining: (elapsed * (1 - fraction)) / fraction };
            }),
          ),
          shared.pipe(
            filter((state) => "result" in state),
            map(({ result: { key, content, seconds } }): PipelineEvent => {
              return { event: "finished", stage, key, content, seconds };
            }),
          ),
        ),
      ),
      catchError((thrown) => of<PipelineEvent>({ event: "failed", stage, failure: failureOf(thrown) })),
    );
  };
