import { hostname } from "node:os";
import { filter, fromEvent, lastValueFrom, takeUntil, tap } from "rxjs";
import type { Flights } from "../flights.ts";
import { type PreImage, preImageOfText } from "../key.ts";
import type { Stage } from "../stage.ts";
import type { Result } from "../store.ts";
import { described } from "../thrown.ts";
import { queueOf } from "./messages.ts";
import type { Taken } from "./taken.ts";
import type { WorkerOptions } from "./worker.ts";

/** What jobs are performed with. */
export interface Performance extends Pick<WorkerOptions, "depot" | "store" | "tell"> {
  readonly byQueue: ReadonlyMap<string, Stage>;
  readonly flights: Flights;
}

/**
 * Does a job that was taken, and says on its queue what became of it.
 *
 * @param ran is called when the stage has run, and only its result is to be sent
 * @returns whether the code on the disk is no longer what the queue is for
 */
export async function perform(
  taken: Taken,
  options: Performance,
  stop: AbortSignal,
  ran: () => void,
): Promise<boolean> {
  const { tell } = options;
  const { stage, key } = taken.order;
  const left = (why: string) => tell({ event: "left", stage, key, why });
  try {
    if (taken.isLost) {
      await taken.undone({ lost: await taken.logs() });
      return false;
    }
    void taken
      .log(`${new Date().toISOString()} begun on ${hostname()} by process ${process.pid}`)
      .catch(() => {});
    tell({ event: "began", stage, key });
    try {
      const result = await resultOf(taken, options, AbortSignal.any([stop, taken.signal]));
      ran();
      await options.depot.put(await options.store.load(result.content));
      const { content, seconds, at, where } = result;
      await taken.done({ content, seconds, at, where });
      tell({ event: "finished", stage, key, seconds });
      return false;
    } catch (thrown) {
      if (taken.signal.aborted) {
        const why = taken.signal.reason as string;
        if (why === "cancelled") await taken.undone({ cancelled: true });
        left(why === "cancelled" ? "nobody waits for it any more" : "it was given to another worker");
        return false;
      }
      const { name, message } = thrown instanceof Error ? thrown : new Error(String(thrown));
      if (stop.aborted || name === "OtherCode") {
        await taken.back();
        left(stop.aborted ? "this worker was stopped" : message);
        return name === "OtherCode";
      }
      if (name === "Missing") {
        await taken.undone({ missing: (thrown as { readonly hash?: string }).hash ?? "" });
        left("the content store has forgotten what it needs");
        return false;
      }
      await taken.undone({ thrown: described(thrown), where: here() });
      tell({ event: "failed", stage, key, message });
      return false;
    }
  } catch (thrown) {
    left(`Redis did not hear what became of it: ${(thrown as Error).message}`);
    return false;
  } finally {
    taken.drop();
  }
}

const here = (): Result["where"] => ({ host: hostname(), pid: process.pid, node: process.version });

/** Computes what was asked for, unless this store has it. */
async function resultOf(
  taken: Taken,
  { depot, store, byQueue, flights }: Performance,
  signal: AbortSignal,
): Promise<Result> {
  const { stage: id, key, again = false, partOf } = taken.order;
  const preImage = preImageOfText(await depot.text(key));
  const known = again || store.known(key) === undefined ? undefined : store.result(key);
  const stage = byQueue.get(taken.queue);
  if (!stage || queueOf(id, preImage) !== taken.queue) {
    throw new TypeError(`job ${taken.id} is on the queue of other code than it was planned with`);
  }
  const compute = async (): Promise<Result> => {
    await fetchInputs(preImage);
    signal.throwIfAborted();
    const job = { stage: id, key, preImage, again, ...(partOf !== undefined && { partOf }) };
    const policy = { ...stage.policy, retries: 0 };
    const ending = flights.launch(job, { priority: 0, policy, snapshots: [] }).pipe(
      tap((state) => {
        if ("progress" in state) taken.progress = state.progress;
      }),
      filter((state) => "result" in state),
      takeUntil(fromEvent(signal, "abort")),
    );
    const last = await lastValueFrom(ending, { defaultValue: undefined });
    signal.throwIfAborted();
    return last!.result;
  };
  const fetchInputs = async ({ inputs }: PreImage): Promise<void> => {
    for (const content of new Set(Object.values(inputs))) {
      if (!store.has(content)) await store.save(await depot.artifact(content));
    }
  };
  return known ?? compute();
}
