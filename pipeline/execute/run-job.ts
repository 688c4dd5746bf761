import { performance } from "node:perf_hooks";
import { setImmediate } from "node:timers/promises";
import { type Artifact, checkArtifact } from "../artifact/artifact.ts";
import type { Stage, StageContext } from "../graph/stage.ts";
import { stackPoints } from "../grid/grid-assembly.ts";
import type { Assignment } from "../jobs/job.ts";
import { describeResult } from "../jobs/job-result.ts";
import type { Result, Store } from "../store/store.ts";
import { runPoints } from "./run-chunk.ts";

/** How long the thread is held before others have it, ms. */
const TURN = 8;

/** How a computation is told that nobody needs it, and tells how far it is. */
export interface JobControl {
  readonly signal: AbortSignal;
  /** Throws, for good, once the computation is to write nothing any more. */
  beforeCommit(): void;
  progress(fraction: number): void;
}

/**
 * Computes a job where this is called, in whatever thread or process that is: inputs come from the store by their
 * content hashes, the result goes there under the lease of the job's owner.
 */
export async function runJob(
  stage: Stage,
  job: Assignment,
  store: Pick<Store, "load" | "commit" | "now">,
  control: JobControl,
): Promise<Result> {
  const { signal } = control;
  const { preImage, recompute, owner } = job;
  const inputs: Record<string, Artifact> = {};
  for (const [name, content] of Object.entries(preImage.inputs)) inputs[name] = await store.load(content);
  signal.throwIfAborted();
  const begin = performance.now();
  const common = { signal, progress: progressOf(control) };
  control.progress(0);
  const { points } = preImage;
  const artifact = points
    ? stackPoints(await runPoints(stage, preImage, points, inputs, common))
    : await stage.run({ params: preImage.params, inputs, ...common });
  checkArtifact(artifact);
  control.beforeCommit();
  return store.commit(describeResult(job, begin, store), artifact, { owner, replace: recompute });
}

function progressOf({ signal, progress }: JobControl): StageContext<unknown, never>["progress"] {
  const yieldTurn = yieldEvery();
  return async (fraction) => {
    if (fraction > 0) progress(fraction); // 0 is not for the stage to tell: its time would begin anew
    await yieldTurn();
    signal.throwIfAborted();
  };
}

/** Lets others have the thread where it was not theirs for some ms. */
export function yieldEvery(): () => Promise<void> {
  let last = performance.now();
  return async () => {
    if (performance.now() - last < TURN) return;
    await setImmediate();
    last = performance.now();
  };
}
