import {
  concat,
  EMPTY,
  expand,
  finalize,
  interval,
  mergeMap,
  Observable,
  of,
  ReplaySubject,
  share,
  skipWhile,
  take,
  timer,
} from "rxjs";
import type { Artifact } from "./artifact.ts";
import type { Executor, Job } from "./executor.ts";
import { slots } from "./slots.ts";
import type { Store } from "./store.ts";
import { type Flight, tenure } from "./tenure.ts";

/** What a source held when the revision was planned. */
export interface Snapshot {
  readonly name: string;
  readonly artifact: Artifact;
  readonly content: string;
}

/**
 * Executions, shared by key: two revisions, or two runs, that need the same result wait for the same flight,
 * and a flight that nobody waits for any more is aborted. At most `jobs` are in the air at once; one that has
 * to wait for another process leaves its place to others meanwhile.
 */
export function flights(
  store: Store,
  executor: Executor,
  jobs: number,
): (job: Job, snapshots: readonly Snapshot[]) => Observable<Flight> {
  const inSlot = slots(jobs);
  const known = new Map<string, Observable<Flight>>();

  return (job, snapshots) => {
    const shared = known.get(job.key);
    if (shared) return shared;
    let waiting = new ReplaySubject<Flight>(1);
    const attempt = inSlot(
      new Observable<Flight>((subscriber) => {
        // Left by all while it stood in the queue: its slot goes to the next.
        if (!waiting.observed) return subscriber.complete();
        return tenure(store, executor, job, snapshots).subscribe(subscriber);
      }),
    );
    const flight = attempt.pipe(
      expand((state) => ("waitsFor" in state ? outcome(store, job, attempt) : EMPTY)),
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

/** What becomes of a job that another process is at: its result, or, when that process is gone, an attempt. */
function outcome(store: Store, { key, again }: Job, attempt: Observable<Flight>): Observable<Flight> {
  const known = () => (again ? undefined : store.known(key));
  return concat(timer(50), timer(100), interval(250)).pipe(
    skipWhile(() => known() === undefined && store.holder(key) !== undefined),
    take(1),
    mergeMap(() => {
      const content = known();
      return content === undefined ? attempt : of<Flight>({ result: store.result(key)!, executed: false });
    }),
  );
}
