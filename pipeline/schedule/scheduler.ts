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
import { failureOf, mayPass } from "../failure.ts";
import type { Policy } from "../graph/stage.ts";
import { runGrid } from "../grid/grid-run.ts";
import type { Executor, Job } from "../jobs/job.ts";
import type { JobUpdate, RunJob, SourceSnapshot } from "../jobs/job-update.ts";
import { prioritySemaphore } from "../jobs/semaphore.ts";
import { isInteractive } from "../plan/priority.ts";
import { reusableContent, reusableResult } from "../store/reuse.ts";
import type { Store } from "../store/store.ts";
import { attemptUnderLease } from "./attempt.ts";

/** How a job is to be executed; none of it changes the result. */
export interface JobOptions {
  /** Jobs of higher priority are first in the queue; prompt ones begin at once. */
  readonly priority: number;
  readonly policy?: Policy | undefined;
  /** What must be in the store before. */
  readonly snapshots: readonly SourceSnapshot[];
  /** Of a grid: how many points are computed and remembered together. */
  readonly chunk?: number | undefined;
}

/** The executions under way in this process. */
export interface Scheduler {
  /** Has a job executed, or joins the execution of its key that is under way. */
  submit(job: Job, terms: JobOptions): Observable<JobUpdate>;
  /** The execution of a key that is under way, if there is one. */
  inFlight(key: string): Observable<JobUpdate> | undefined;
}

/**
 * Executions, shared by key: two revisions, or two runs, that need the same result wait for the same execution,
 * and an execution that nobody waits for any more is aborted. At most `jobs` run at once; one that has
 * to wait, for another process or before it is tried again, leaves its place to others meanwhile. A grid takes
 * no place itself, its chunks do.
 */
export function createScheduler(store: Store, executor: Executor, jobs: number): Scheduler {
  const inSlot = prioritySemaphore(jobs);
  const known = new Map<string, Observable<JobUpdate>>();
  const executed: RunJob = async (job, signal, report) => ({
    result: await executor.execute(job, signal, (progress) => report({ progress })),
  });

  const submit: Scheduler["submit"] = (job, terms) => {
    const shared = known.get(job.key);
    if (shared) return shared;
    const { priority, policy = {}, chunk } = terms;
    let waiting = new ReplaySubject<JobUpdate>(1);
    const isGrid = job.preImage.axes !== undefined;
    const timeLimit = isGrid ? undefined : policy.timeLimit;
    const work = isGrid
      ? runGrid(store, { chunk: chunk!, maxInFlight: 2 * jobs }, (part) =>
          submit(part, { ...terms, snapshots: [] }),
        )
      : executed;
    const tried = new Observable<JobUpdate>((subscriber) => {
      // Nobody waits for it any more: its permit goes to the next.
      if (!waiting.observed) return subscriber.complete();
      const options = { snapshots: terms.snapshots, timeLimit, skipLease: isInteractive(priority) };
      return attemptUnderLease(store, work, job, options).subscribe(subscriber);
    });
    const attempt = withRetries(isGrid ? tried : inSlot(tried, priority), isGrid ? { retries: 0 } : policy);
    const updates = attempt.pipe(
      expand((state) => ("waitsFor" in state ? resultElsewhere(store, job, attempt) : EMPTY)),
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
    known.set(job.key, updates);
    return updates;
  };
  return { submit, inFlight: (key) => known.get(key) };
}

/** Tries again after failures that may pass, each time after twice the pause. */
function withRetries(
  attempt: Observable<JobUpdate>,
  { retries = 3, backoff = 1 }: Policy,
  tries = 0,
): Observable<JobUpdate> {
  return attempt.pipe(
    catchError((thrown) => {
      const failure = failureOf(thrown);
      if (tries >= retries || !mayPass(failure)) return throwError(() => thrown);
      const wait = backoff * 2 ** tries;
      return concat(
        of<JobUpdate>({ retried: failure, wait }),
        timer(wait * 1000).pipe(ignoreElements()),
        withRetries(attempt, { retries, backoff }, tries + 1),
      );
    }),
  );
}

/** What becomes of a job that another process is at: its result, or, when that process is gone, an attempt. */
function resultElsewhere(store: Store, job: Job, attempt: Observable<JobUpdate>): Observable<JobUpdate> {
  return concat(timer(50), timer(100), interval(250)).pipe(
    skipWhile(() => reusableContent(store, job) === undefined && store.holder(job.key) !== undefined),
    take(1),
    mergeMap(() => {
      const result = reusableResult(store, job);
      return result ? of<JobUpdate>({ result, executed: false }) : attempt;
    }),
  );
}
