import { CodeMismatch } from "../errors.ts";
import type { Stage } from "../graph/stage.ts";
import type { Executor, Job } from "../jobs/job.ts";
import { type Fingerprint, sameCode } from "../key/key.ts";
import type { Store } from "../store/store.ts";
import { runJob, yieldEvery } from "./run-job.ts";

/**
 * Runs stages in this thread. They share it by turns of a few milliseconds, as far as they await `progress`; a
 * stage that does not is not interrupted: `threadExecutor` can.
 *
 * @param fingerprints the versions of the stages' code as they are on disk, asked when a deferred stage has been loaded
 */
export function inProcess(store: Store, stages: Iterable<Stage>, fingerprints?: FingerprintLoader): Executor {
  const stageOf = stagesById(stages, fingerprints);
  const yieldTurn = yieldEvery();
  return {
    async execute(job, signal, progress) {
      // Many that never await anything would keep timers and interrupts waiting for the last of them.
      await yieldTurn();
      const beforeCommit = () => signal.throwIfAborted();
      return runJob(await stageOf(job), job, store, { signal, progress, beforeCommit });
    },
    async close() {},
  };
}

/** Finds out the versions of stages' code. */
export type FingerprintLoader = () => Promise<(stage: Stage) => Fingerprint>;

/**
 * Finds the stages of jobs as executors do, and loads those that are deferred. Files may have changed between a plan
 * and that: a job that was planned with other code than was loaded is refused as `CodeMismatch`.
 */
export function stagesById(
  stages: Iterable<Stage>,
  fingerprints?: FingerprintLoader,
): (job: Pick<Job, "stage" | "preImage">) => Promise<Stage> {
  const byId = new Map([...stages].map((stage) => [stage.id, stage]));
  const loads = new Map<Stage, Promise<Fingerprint | undefined>>();
  /** The code that was loaded, where that was put off until now. */
  const load = async (stage: Stage) =>
    (await stage.load?.()) ? (await fingerprints?.())?.(stage) : undefined;
  return async ({ stage: id, preImage }) => {
    const stage = byId.get(id);
    if (!stage) throw new TypeError(`this executor knows no stage ${id}`);
    if (stage.load) {
      const loading = loads.get(stage) ?? load(stage);
      loads.set(stage, loading);
      const code = await loading;
      if (code && !sameCode(preImage, code)) throw new CodeMismatch(preImage.stage);
    }
    return stage;
  };
}
