import { workerData } from "node:worker_threads";
import { CodeMismatch } from "../../errors.ts";
import type { Stage } from "../../graph/stage.ts";
import type { Assignment } from "../../jobs/job.ts";
import { type SerializedError, serializeError } from "../../jobs/serialized-error.ts";
import { type Fingerprint, sameCode } from "../../key/key.ts";
import type { Result, Store } from "../../store/store.ts";
import { type FingerprintLoader, stagesById } from "../in-process.ts";
import { runJob } from "../run-job.ts";
import { JobState, type Phase } from "./job-state.ts";

/** What a thread is given to do. */
export interface WorkerRequest {
  readonly job: Assignment;
  /** The job's `JobState`. */
  readonly state: SharedArrayBuffer;
}

/** What it gives back. */
export type WorkerResponse = { readonly result: Result } | { readonly thrown: SerializedError };

/** How often a stage that waits for something is looked after, ms; one that computes looks itself, at `progress`. */
const WATCH = 10;

/**
 * What the module of a worker exports by default, for `threadExecutor` to run jobs in it:
 *
 * ```ts
 * export default thread(stages, (folder: string) => openStore(folder));
 * ```
 *
 * @param stages all that may be asked for, found by their ids
 * @param open opens the store, once a thread and not before its first job, from the `data` that `threadExecutor` was given
 * @param fingerprints the versions of the stages' code, as the engine is given them: a thread that was started after the
 *   code had changed then refuses jobs of the code before, whose results would be mistaken for those of it
 */
export function serveThread<D>(
  stages: Iterable<Stage>,
  open: (data: D) => Store | Promise<Store>,
  fingerprints?: FingerprintLoader,
): (order: WorkerRequest) => Promise<WorkerResponse> {
  const stageOf = stagesById(stages, fingerprints);
  let opened: Store | undefined;
  let fingerprint: ((stage: Stage) => Fingerprint) | undefined;
  return async ({ job, state: buffer }) => {
    const state = new JobState(buffer);
    const abort = new AbortController();
    const heed = (): void => {
      if (state.phase === "aborted") abort.abort();
    };
    const step = (from: Phase, to: Phase): void => {
      if (state.step(from, to)) return;
      abort.abort();
      abort.signal.throwIfAborted();
    };
    const watch = setInterval(heed, WATCH);
    try {
      step("queued", "store");
      opened ??= await open(workerData as D);
      fingerprint ??= await fingerprints?.();
      step("store", "stage");
      const stage = await stageOf(job);
      if (fingerprint && !sameCode(job.preImage, fingerprint(stage)))
        throw new CodeMismatch(job.preImage.stage);
      const result = await runJob(stage, job, uninterruptedStore(opened, step), {
        signal: abort.signal,
        beforeCommit: () => step("stage", "commit"),
        progress(fraction) {
          state.progress = fraction;
          heed();
        },
      });
      return { result };
    } catch (thrown) {
      return { thrown: serializeError(thrown) };
    } finally {
      clearInterval(watch);
    }
  };
}

/**
 * The store as a computation sees it, whose thread is not ended while it reads. What another thread has just
 * committed may not be in the snapshot from which this one reads until its event loop has turned: then it looks again.
 */
function uninterruptedStore(
  store: Store,
  step: (from: Phase, to: Phase) => void,
): Pick<Store, "load" | "commit" | "now"> {
  return {
    async load(content) {
      step("stage", "store");
      if (!store.has(content)) await nextSnapshot();
      const artifact = await store.load(content);
      step("store", "stage");
      return artifact;
    },
    commit: (made, artifact, options) => store.commit(made, artifact, options),
    now: () => store.now(),
  };
}

/** Resolves when what this thread reads from is no older than this call. */
export const nextSnapshot = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 1));
