import { performance } from "node:perf_hooks";
import type { Executor, Job } from "../jobs/job.ts";
import type { Store } from "../store/store.ts";

/** Between which executors is chosen, and by what. */
export interface TieredExecutorOptions {
  /** Has what is soon done. */
  readonly short: Executor;
  /** Has everything else. */
  readonly long: Executor;
  /**
   * Jobs that took up to so many ms go to `short`, each for itself and whatever else is there, and stay there up to four
   * times as long; chunks of grids never do. Unless given, all of them together are to take less than starting a thread.
   */
  readonly each?: number;
}

/** About what it costs to start a thread, ms. */
const PATIENCE = 250;

/**
 * Spares short work the start of threads: a job goes to `short` as long as all that went there since nothing was to
 * be done took less, by what each took last time, than starting a thread would. One of which nothing is known is long.
 * One that turns out to be long is begun again in `long`, so that a wrong guess costs no more than that time.
 *
 * @param store tells how long each took
 */
export function tieredExecutor(store: Store, { short, long, each }: TieredExecutorOptions): Executor {
  let underway = 0;
  /** ms since there was nothing to do, of jobs that have ended as measured and of others as expected. */
  let spent = 0;
  const expected = ({ preImage }: Job): number => {
    const last = store.lastKeys(preImage.stage);
    return 1000 * ((last && store.result(last.key)?.seconds) ?? Number.POSITIVE_INFINITY);
  };

  const isLong = (job: Job, guess: number): boolean =>
    each === undefined ? spent + guess > PATIENCE : guess > each || job.partOf !== undefined;

  return {
    async execute(job, signal, progress) {
      if (underway === 0) spent = 0;
      underway += 1;
      try {
        const guess = expected(job);
        if (isLong(job, guess)) return await long.execute(job, signal, progress);
        spent += guess;
        const begin = performance.now();
        const late = new AbortController();
        const limit = setTimeout(() => late.abort(), each === undefined ? PATIENCE : 4 * each);
        try {
          return await short.execute(job, AbortSignal.any([signal, late.signal]), progress);
        } catch (thrown) {
          if (!late.signal.aborted || signal.aborted) throw thrown;
        } finally {
          clearTimeout(limit);
          spent += performance.now() - begin - guess;
        }
        return await long.execute(job, signal, progress);
      } finally {
        underway -= 1;
      }
    },
    async close() {
      await Promise.all([short.close(), long.close()]);
    },
  };
}
