import { hostname } from "node:os";
import { filter, fromEvent, lastValueFrom, takeUntil, tap } from "rxjs";
import { CodeMismatch, type Fault, faultOf, isError, Missing, StoreError, Unfit } from "../errors.ts";
import type { Stage } from "../graph/stage.ts";
import { serializeError } from "../jobs/serialized-error.ts";
import { type PreImage, preImageOfText } from "../key/key.ts";
import type { Scheduler } from "../schedule/scheduler.ts";
import { reusableResult } from "../store/reuse.ts";
import type { Result } from "../store/store.ts";
import type { ClaimedJob } from "./claimed-job.ts";
import type { WorkerEvent, WorkerOptions } from "./worker-options.ts";

/** What jobs are performed with. */
export interface WorkerContext extends Pick<WorkerOptions, "exchange" | "store" | "tell"> {
  readonly byQueue: ReadonlyMap<string, Stage>;
  /** The queue for a stage in a version, as this worker shares. */
  readonly queueOf: (stage: string, of: PreImage) => string;
  readonly scheduler: Scheduler;
}

/**
 * Does a job that was taken, and says on its queue what became of it.
 *
 * @param ran is called when the stage has run, and only its result is to be sent
 * @returns why nothing more is to be taken from its queue now, if that is so: "stale" where the code on the disk is no
 *   longer what the queue is for, "lacking" where the content store does not have what it should
 * @throws Unfit where this worker's own store cannot be used: the job is still to be put back
 */
export async function processJob(
  taken: ClaimedJob,
  options: WorkerContext,
  stop: AbortSignal,
  ran: () => void,
): Promise<"stale" | "lacking" | undefined> {
  const { tell, exchange, store } = options;
  const { stage, key } = taken.order;
  try {
    if (taken.isLost) {
      await taken.fail({ lost: await taken.logs() });
      return undefined;
    }
    void taken
      .log(`${new Date().toISOString()} begun on ${hostname()} by process ${process.pid}`)
      .catch(() => {});
    tell({ event: "began", stage, key });
    let result: Result;
    try {
      result = await computeResult(taken, options, AbortSignal.any([stop, taken.signal]));
      ran();
      await exchange.put(await withOwnStore(() => store.load(result.content)));
    } catch (thrown) {
      return await failed(taken, thrown, stop, options);
    }
    const { content, seconds, at, where } = result;
    await taken.complete({ content, seconds, at, where });
    tell({ event: "finished", stage, key, seconds });
    return undefined;
  } catch (thrown) {
    if (isError(thrown, Unfit)) throw thrown;
    tell(leftEvent(taken, `Redis did not hear what became of it: ${(thrown as Error).message}`));
    return undefined;
  } finally {
    taken.stopHeartbeat();
  }
}

/** Says why a job was not done. */
async function failed(
  taken: ClaimedJob,
  thrown: unknown,
  stop: AbortSignal,
  { tell }: WorkerContext,
): ReturnType<typeof processJob> {
  const left = (why: string) => tell(leftEvent(taken, why));
  if (taken.signal.aborted) {
    const isCancelled = taken.signal.reason === "cancelled";
    if (isCancelled) await taken.fail({ cancelled: true });
    left(isCancelled ? "nobody waits for it any more" : "it was given to another worker");
    return undefined;
  }
  if (isError(thrown, Unfit)) throw thrown;
  const { message } = thrown instanceof Error ? thrown : new Error(String(thrown));
  const isStale = isError(thrown, CodeMismatch);
  if (stop.aborted || isStale) {
    await taken.requeue();
    left(stop.aborted ? "this worker was stopped" : message);
    return isStale ? "stale" : undefined;
  }
  if (isError(thrown, Missing)) {
    await taken.fail({ missing: thrown.hash });
    left("the content store does not have what it needs");
    return "lacking";
  }
  await taken.fail({ thrown: serializeError(thrown), where: here() });
  const { stage, key } = taken.order;
  const fault = thrown instanceof Error ? faultOf(thrown) : undefined;
  tell({ event: "failed", stage, key, message, ...(fault && { fault }) });
  return undefined;
}

/** That this worker is no longer at a job, and why. */
export const leftEvent = (
  { order: { stage, key } }: ClaimedJob,
  why: string,
  fault?: Fault,
): WorkerEvent => ({
  event: "left",
  ...{ stage, key, why },
  ...(fault && { fault }),
});

/** Does something with this worker's own store. */
async function withOwnStore<T>(use: () => Promise<T>): Promise<T> {
  try {
    return await use();
  } catch (thrown) {
    throw isError(thrown, StoreError) ? new Unfit(thrown) : thrown;
  }
}

const here = (): Result["where"] => ({ host: hostname(), pid: process.pid, node: process.version });

/** Computes what was asked for, unless this store has it. */
async function computeResult(
  taken: ClaimedJob,
  { exchange, store, byQueue, queueOf, scheduler }: WorkerContext,
  signal: AbortSignal,
): Promise<Result> {
  const { stage: id, key, again = false, partOf } = taken.order;
  const preImage = preImageOfText(await exchange.text(key));
  const known = reusableResult(store, { key, recompute: again });
  const stage = byQueue.get(taken.queue);
  if (!stage || queueOf(id, preImage) !== taken.queue) {
    throw new TypeError(`job ${taken.id} is on the queue of other code than it was planned with`);
  }
  const compute = async (): Promise<Result> => {
    await fetchInputs(preImage);
    signal.throwIfAborted();
    const job = { stage: id, key, preImage, recompute: again, ...(partOf !== undefined && { partOf }) };
    const policy = { ...stage.policy, retries: 0 };
    const ending = scheduler.submit(job, { priority: 0, policy, snapshots: [] }).pipe(
      tap((state) => {
        if ("progress" in state) taken.progress = state.progress;
      }),
      filter((state) => "result" in state),
      takeUntil(fromEvent(signal, "abort")),
    );
    const last = await withOwnStore(() => lastValueFrom(ending, { defaultValue: undefined }));
    signal.throwIfAborted();
    return last!.result;
  };
  const fetchInputs = async ({ inputs }: PreImage): Promise<void> => {
    for (const content of new Set(Object.values(inputs))) {
      if (store.has(content)) continue;
      const artifact = await exchange.artifact(content);
      await withOwnStore(() => store.save(artifact));
    }
  };
  return known ?? compute();
}
