import { defer, lastValueFrom } from "rxjs";
import type { Assignment, Executor } from "../../jobs/job.ts";
import { prioritySemaphore } from "../../jobs/semaphore.ts";
import { deserializeError } from "../../jobs/serialized-error.ts";
import type { Result, Store } from "../../store/store.ts";
import { JobState } from "./job-state.ts";
import { type ThreadExecutorOptions, ThreadPool } from "./thread-pool.ts";
import { nextSnapshot } from "./worker-thread.ts";

/** How long a stage has to end of itself once it is aborted, ms; then its thread is ended. */
const GRACE = 50;
/** How often progress is looked at, ms. */
const GLANCE = 50;

/**
 * Runs stages in worker threads, so that they use all processors and one that never awaits `progress` can be aborted:
 * then its thread is ended and another takes its place. Only assignments go there and results come back; artifacts
 * stay in the store, which has to be one that threads can share, such as that of a folder.
 *
 * A thread that comes to its end of itself fails its job as `WorkerLost`, which the stage's policy tries again.
 *
 * @param store the one that the worker opens, as this thread has it open
 * @param module what the threads load, .js or, where Node is told how to load it, .ts: its default export is made by
 *   `serveThread`
 */
export function threadExecutor(store: Store, module: URL, options: ThreadExecutorOptions): Executor {
  const inThread = prioritySemaphore(options.jobs);
  const pool = new ThreadPool(module, options);
  /** Settles when a job has left its thread, be it aborted or not; with what aborts it. */
  const underway = new Map<Promise<Result>, () => void>();
  let isClosed = false;

  const result = async (job: Assignment, state: JobState, end: AbortController): Promise<Result> => {
    if (state.phase === "aborted") throw new Error("aborted before a thread was free");
    const response = await pool.run({ job, state: state.buffer }, end);
    if ("thrown" in response) throw deserializeError(response.thrown);
    // What this thread reads from may be older than what the other has just written.
    if (store.lookup(job.key) === undefined) await nextSnapshot();
    return response.result;
  };

  return {
    async execute(job, signal, progress) {
      signal.throwIfAborted();
      if (isClosed) throw new Error("these threads are closed");
      const state = new JobState();
      const end = new AbortController();
      let grace: NodeJS.Timeout | undefined;
      let told = 0;
      const glance = setInterval(() => {
        if (state.progress <= told) return;
        told = state.progress;
        progress(told);
      }, GLANCE);
      const left = lastValueFrom(
        inThread(
          defer(() => {
            progress(0);
            return result(job, state, end);
          }),
          0,
        ),
      );
      return new Promise((resolve, reject) => {
        const abort = (): void => {
          const phase = state.abort();
          if (phase === "commit") return;
          if (phase === "stage") grace = setTimeout(() => end.abort(), GRACE);
          reject(signal.aborted ? signal.reason : new Error("the threads were closed"));
        };
        const leave = (): void => {
          clearTimeout(grace);
          clearInterval(glance);
          signal.removeEventListener("abort", abort);
          underway.delete(left);
        };
        signal.addEventListener("abort", abort);
        underway.set(left, abort);
        left.finally(leave).then(resolve, reject);
      });
    },

    async close() {
      isClosed = true;
      for (const abort of underway.values()) abort();
      await Promise.allSettled(underway.keys());
      await pool.close();
    },
  };
}
