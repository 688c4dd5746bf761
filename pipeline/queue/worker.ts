import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import { setTimeout } from "node:timers/promises";

import { StoreError, type Unfit } from "../errors.ts";
import type { Fingerprint, PreImage } from "../key/key.ts";
import { createScheduler } from "../schedule/scheduler.ts";
import type { ClaimedJob } from "./claimed-job.ts";
import { announce, PRESENCE, present, withdraw } from "./heartbeats.ts";
import { ALONE, partsOfQueue, queueOf as queueBy } from "./messages.ts";
import { nonOverlappingInterval } from "./non-overlapping-interval.ts";
import { leftEvent, processJob, type WorkerContext } from "./process-job.ts";
import { QueueConsumer } from "./queue-consumer.ts";
import { settleWithin } from "./settle-within.ts";

import type { Offer, WorkerOptions } from "./worker-options.ts";

/** How long a place is kept free where the content store lacks what it should have: others may see it already, ms. */
const LACKING = 1000;

/**
 * Takes jobs from the queues of the stages, versions and content store that it has, up to so many at once, until it is asked to stop:
 * what it is at then goes back to the queue.
 *
 * @throws StoreError where its own store or the content store cannot be used, or the connection to Redis was ended
 */
export async function worker(options: WorkerOptions, stop: AbortSignal): Promise<void> {
  const { redis, store, executor, jobs, tell } = options;
  const id = randomUUID();
  const shares = await options.exchange.identity();
  const queueOf = (stage: string, of: PreImage | Fingerprint): string => queueBy(stage, of, shares);
  const byQueue = new Map(
    [...options.stages].map((stage) => [queueOf(stage.id, options.fingerprint(stage)), stage]),
  );
  const consumer = new QueueConsumer(redis, [...byQueue.keys()]);
  const context: WorkerContext = {
    ...options,
    byQueue,
    queueOf,
    scheduler: createScheduler(store, executor, jobs),
  };
  /** What is under way until the last word of it has been said, and what of it runs: while a result is sent, its place is another's. */
  const [underway, running] = [new Set<ClaimedJob>(), new Set<ClaimedJob>()];
  let isAlone = false;
  let unfit: Unfit | undefined;
  /** Resolve when something ends, and when it is to stop; made anew each time, since who waits for them stays with them. */
  let [ended, halted] = [signalled(), signalled()];
  const halt = (): void => {
    ended.resolve();
    halted.resolve();
    void consumer.close();
  };
  const begin = async (taken: ClaimedJob): Promise<void> => {
    underway.add(taken);
    running.add(taken);
    const leave = (): void => {
      running.delete(taken);
      ended.resolve();
    };
    try {
      const why = await processJob(taken, context, stop, leave);
      if (why === "stale") consumer.shut(taken.queue);
      if (why === "lacking") await setTimeout(LACKING, undefined, { signal: stop }).catch(() => {});
    } catch (thrown) {
      unfit ??= thrown as Unfit;
      halted.resolve(); // before the job is back, lest it is taken again
      await settleWithin(taken.requeue());
      tell(leftEvent(taken, unfit.message, unfit.fault));
    } finally {
      underway.delete(taken);
      leave();
    }
  };
  const isOver = (): boolean => stop.aborted || unfit !== undefined;
  /** Waits while something is the case, which only what ends can change. */
  const waitWhile = async (isSo: () => boolean): Promise<void> => {
    while (isSo()) {
      ended = signalled();
      await ended.promise;
    }
  };
  const isFull = (): boolean =>
    running.size >= jobs || underway.size >= 2 * jobs || (isAlone && underway.size > 0);
  const offer = (): Offer => ({ host: hostname(), pid: process.pid, jobs, queues: consumer.queues, shares });
  const refused = new Set<string>();
  const heartbeat = async (): Promise<void> => {
    await announce(redis, "worker", id, JSON.stringify(offer()));
    const wanted = await present(redis, "wanted");
    consumer.wanted = [...wanted.keys()];
    for (const [queue, theirs] of wanted) {
      if (consumer.queues.includes(queue)) continue;
      const { stage, store } = partsOfQueue(queue);
      const isElsewhere = store !== shares.id;
      const about = isElsewhere ? store : queue;
      if (refused.has(about)) continue;
      refused.add(about);
      const message = isElsewhere
        ? `jobs of ${stage} are shared by ${theirs}, this worker shares by ${shares.name}: they are left to others`
        : `jobs of ${stage} were planned with other code than this worker has: they are left to others`;
      tell({ event: "refused", stage, message });
    }
  };
  const endBeats = nonOverlappingInterval(PRESENCE / 3, heartbeat);
  stop.addEventListener("abort", halt, { once: true });
  let taking: Promise<ClaimedJob | undefined> = Promise.resolve(undefined);
  try {
    await Promise.race([heartbeat(), halted.promise]);
    if (!stop.aborted)
      tell({ event: "ready", host: hostname(), pid: process.pid, jobs, shares: shares.name });
    while (!isOver()) {
      if (redis.status === "end") throw new StoreError("the connection to Redis has ended for good");
      await waitWhile(() => !isOver() && isFull());
      isAlone = false;
      if (isOver()) break;
      halted = signalled();
      taking = consumer.take(stop).catch(async () => {
        await setTimeout(1000, undefined, { signal: stop }).catch(() => {});
        return undefined; // the connection comes back
      });
      const taken = await Promise.race([taking, halted.promise]);
      if (!taken || isOver()) continue; // what comes too late is put back at the end
      taking = Promise.resolve(undefined);
      if (taken.name === ALONE && !taken.isLost) {
        await waitWhile(() => !isOver() && underway.size > 0);
        isAlone = true;
      }
      void begin(taken);
    }
    if (unfit) throw new StoreError(unfit.message, { cause: unfit, fault: unfit.fault });
  } finally {
    await settleWithin(taking.then((late) => late?.requeue()));
    await settleWithin(waitWhile(() => underway.size > 0));
    // What has not come to its end by now is others' at once.
    await settleWithin(Promise.allSettled([...underway].map((taken) => taken.requeue())));
    endBeats();
    stop.removeEventListener("abort", halt);
    await settleWithin(withdraw(redis, "worker", id));
    await settleWithin(consumer.close());
  }
}

/** A promise with what resolves it. */
function signalled(): { readonly promise: Promise<undefined>; resolve(): void } {
  let resolve = (): void => {};
  const promise = new Promise<undefined>((done) => {
    resolve = () => done(undefined);
  });
  return { promise, resolve };
}
