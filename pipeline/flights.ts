import {
  catchError,
  concat,
  EMPTY,
  expand,
  finalize,
  ignoreElements,
  interval,
  mergeMap,
  Observable,
  of,
  ReplaySubject,
  share,
  skipWhile,
  take,
  throwError,
  timer,
} from "rxjs";
import { failureOf, mayPass } from "./failure.ts";
import { gridWork } from "./grid-work.ts";
import type { Executor, Job } from "./job.ts";
import type { Flight, Snapshot, Work } from "./job-update.ts";
import { isPrompt } from "./priority.ts";
import { reusableContent, reusableResult } from "./reuse.ts";
import { slots } from "./slots.ts";
import type { Policy } from "./stage.ts";
import type { Store } from "./store.ts";
import { tenure } from "./tenure.ts";

/** How a job is to be executed; none of it changes the result. */
export interface Terms {
  /** Jobs of higher priority are first in the queue; prompt ones begin at once. */
  readonly priority: number;
  readonly policy?: Policy | undefined;
  /** What must be in the store before. */
  readonly snapshots: readonly Snapshot[];
  /** Of a grid: how many points are computed and remembered together. */
  readonly chunk?: number | undefined;
}

/** The executions under way in this process. */
export interface Flights {
  /** Has a job executed, or joins the execution of its key that is under way. */
  launch(job: Job, terms: Terms): Observable<Flight>;
  /** The execution of a key that is under way, if there is one. */
  join(key: string): Observable<Flight> | undefined;
}

/**
 * Executions, shared by key: two revisions, or two runs, that need the same result wait for the same flight,
 * and a flight that nobody waits for any more is aborted. At most `jobs` are in the air at once; one that has
 * to wait, for another process or before it is tried again, leaves its place to others meanwhile. A grid takes
 * no place itself, its chunks do.
 */
export function flights(store: Store, executor: Executor, jobs: number): Flights {
  const inSlot = slots(jobs);
  const known = new Map<string, Observable<Flight>>();
  const executed: Work = async (job, signal, report) => ({
    result: await executor.execute(job, signal, (progress) => report({ progress })),
  });

  const launch: Flights["launch"] = (job, terms) => {
    const shared = known.get(job.key);
    if (shared) return shared;
    const { priority, policy = {}, chunk } = terms;
    let waiting = new ReplaySubject<Flight>(1);
    const isGrid = job.preImage.axes !== undefined;
    const timeLimit = isGrid ? undefined : policy.timeLimit;
    const work = isGrid
      ? gridWork(store, { chunk: chunk!, atOnce: 2 * jobs }, (part) =>
          launch(part, { ...terms, snapshots: [] }),
        )
      : executed;
    const tried = new Observable<Flight>((subscriber) => {
      // Left by all while it stood in the queue: its slot goes to the next.
      if (!waiting.observed) return subscriber.complete();
      const options = { snapshots: terms.snapshots, timeLimit, isBrief: isPrompt(priority) };
      return tenure(store, work, job, options).subscribe(subscriber);
    });
    const attempt = again(isGrid ? tried : inSlot(tried, priority), isGrid ? { retries: 0 } : policy);
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
  return { launch, join: (key) => known.get(key) };
}

/** Tries again after failures that may pass, each time after twice the pause. */
function again(
  attempt: Observable<Flight>,
  { retries = 3, backoff = 1 }: Policy,
  tries = 0,
): Observable<Flight> {
  return attempt.pipe(
    catchError((thrown) => {
      const failure = failureOf(thrown);
      if (tries >= retries || !mayPass(failure)) return throwError(() => thrown);
      const wait = backoff * 2 ** tries;
      return concat(
        of<Flight>({ retried: failure, wait }),
        timer(wait * 1000).pipe(ignoreElements()),
        again(attempt, { retries, backoff }, tries + 1),
      );
    }),
  );
}

/** What becomes of a job that another process is at: its result, or, when that process is gone, an attempt. */
function outcome(store: Store, job: Job, attempt: Observable<Flight>): Observable<Flight> {
  return concat(timer(50), timer(100), interval(250)).pipe(
    skipWhile(() => reusableContent(store, job) === undefined && store.holder(job.key) !== undefined),
    take(1),
    mergeMap(() => {
      const result = reusableResult(store, job);
      return result ? of<Flight>({ result, executed: false }) : attempt;
    }),
  );
}
