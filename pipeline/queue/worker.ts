import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import { setTimeout } from "node:timers/promises";

import { StoreError, type Unfit } from "../errors.ts";
import { flights } from "../flights.ts";
import type { Fingerprint, PreImage } from "../key.ts";

import { every } from "./every.ts";
import { Inlet } from "./inlet.ts";
import { ALONE, partsOfQueue, queueOf as queueBy } from "./messages.ts";
import { leftBehind, type Performance, perform } from "./performance.ts";
import { announce, PRESENCE, present, withdraw } from "./presence.ts";
import { soon } from "./soon.ts";
import type { Taken } from "./taken.ts";

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
  const shares = await options.depot.identity();
  const queueOf = (stage: string, of: PreImage | Fingerprint): string => queueBy(stage, of, shares);
  const byQueue = new Map(
    [...options.stages].map((stage) => [queueOf(stage.id, options.fingerprint(stage)), stage]),
  );
  const inlet = new Inlet(redis, [...byQueue.keys()]);
  const performance: Performance = { ...options, byQueue, queueOf, flights: flights(store, executor, jobs) };
  /** What is under way until the last word of it has been said, and what of it runs: while a result is sent, its place is another's. */
  const [underway, running] = [new Set<Taken>(), new Set<Taken>()];
  let isAlone = false;
  let unfit: Unfit | undefined;
  /** Resolve when something ends, and when it is to stop; made anew each time, since who waits for them stays with them. */
  let [ended, halted] = [signalled(), signalled()];
  const halt = (): void => {
    ended.resolve();
    halted.resolve();
    void inlet.close();
  };
  const begin = async (taken: Taken): Promise<void> => {
    underway.add(taken);
    running.add(taken);
    const leave = (): void => {
      running.delete(taken);
      ended.resolve();
    };
    try {
      const why = await perform(taken, performance, stop, leave);
      if (why === "stale") inlet.shut(taken.queue);
      if (why === "lacking") await setTimeout(LACKING, undefined, { signal: stop }).catch(() => {});
    } catch (thrown) {
      unfit ??= thrown as Unfit;
      halted.resolve(); // before the job is back, lest it is taken again
      await soon(taken.back());
      tell(leftBehind(taken, unfit.message, unfit.fault));
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
  const offer = (): Offer => ({ host: hostname(), pid: process.pid, jobs, queues: inlet.queues, shares });
  const refused = new Set<string>();
  const heartbeat = async (): Promise<void> => {
    await announce(redis, "worker", id, JSON.stringify(offer()));
    const wanted = await present(redis, "wanted");
    inlet.wanted = [...wanted.keys()];
    for (const [queue, theirs] of wanted) {
      if (inlet.queues.includes(queue)) continue;
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
  const endBeats = every(PRESENCE / 3, heartbeat);
  stop.addEventListener("abort", halt, { once: true });
  let taking: Promise<Taken | undefined> = Promise.resolve(undefined);
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
      taking = inlet.take(stop).catch(async () => {
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
    await soon(taking.then((late) => late?.back()));
    await soon(waitWhile(() => underway.size > 0));
    // What has not come to its end by now is others' at once.
    await soon(Promise.allSettled([...underway].map((taken) => taken.back())));
    endBeats();
    stop.removeEventListener("abort", halt);
    await soon(withdraw(redis, "worker", id));
    await soon(inlet.close());
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
