import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import { setTimeout } from "node:timers/promises";
import type { Redis } from "ioredis";
import type { Executor } from "../executor.ts";
import { flights } from "../flights.ts";
import type { Fingerprint } from "../key.ts";
import type { Stage } from "../stage.ts";
import type { Store } from "../store.ts";
import type { Depot } from "./depot.ts";
import { Inlet } from "./inlet.ts";
import { ALONE, queueOf, stageOfQueue } from "./messages.ts";
import { type Performance, perform } from "./performance.ts";
import { announce, PRESENCE, present, withdraw } from "./presence.ts";
import { soon } from "./soon.ts";
import type { Taken } from "./taken.ts";

/** What a worker says of itself. */
export interface Offer {
  readonly host: string;
  readonly pid: number;
  readonly jobs: number;
  readonly queues: readonly string[];
}

/** What a worker tells whoever started it. */
export type WorkerEvent =
  | { readonly event: "ready"; readonly host: string; readonly pid: number; readonly jobs: number }
  | { readonly event: "began"; readonly stage: string; readonly key: string }
  | { readonly event: "finished"; readonly stage: string; readonly key: string; readonly seconds: number }
  | { readonly event: "failed"; readonly stage: string; readonly key: string; readonly message: string }
  /** It goes back to the queue, or nobody needs it. */
  | { readonly event: "left"; readonly stage: string; readonly key: string; readonly why: string }
  /** Jobs of a stage are there that were planned with other code; said once for each. */
  | { readonly event: "refused"; readonly stage: string; readonly message: string };

/** What a worker works with. */
export interface WorkerOptions {
  /** A connection that stays its owner's. */
  readonly redis: Redis;
  readonly depot: Depot;
  /** Its own store, which no coordinator uses. */
  readonly store: Store;
  /** Where stages run; not in this thread, whose jobs are another's as soon as it is not heard of for a lease's time. */
  readonly executor: Executor;
  readonly stages: Iterable<Stage>;
  readonly fingerprint: (stage: Stage) => Fingerprint;
  readonly jobs: number;
  tell(event: WorkerEvent): void;
}

/** Keeps a promise in a set until it is settled. */
function until(promise: Promise<void>, among: Set<Promise<void>>): void {
  const gone = promise.finally(() => among.delete(gone));
  among.add(gone);
}

/**
 * Takes jobs from the queues of the stages and versions that it has, up to so many at once, until it is asked to stop:
 * what it is at then goes back to the queue.
 */
export async function worker(options: WorkerOptions, stop: AbortSignal): Promise<void> {
  const { redis, store, executor, jobs, tell } = options;
  const id = randomUUID();
  const byQueue = new Map(
    [...options.stages].map((stage) => [queueOf(stage.id, options.fingerprint(stage)), stage]),
  );
  const inlet = new Inlet(redis, [...byQueue.keys()]);
  const performance: Performance = { ...options, byQueue, flights: flights(store, executor, jobs) };
  /** Jobs until their stage has run, and until the last word of them is on its way. */
  const [running, underway] = [new Set<Promise<void>>(), new Set<Promise<void>>()];
  let isAlone = false;
  /** Resolves when one more job may be begun: while a result is sent, its place is another's. */
  const free = async (): Promise<void> => {
    while (running.size >= jobs || underway.size >= 2 * jobs || (isAlone && underway.size > 0)) {
      await Promise.race([...running, ...underway]);
    }
    isAlone = false;
  };
  const begin = (taken: Taken): void => {
    let leave = (): void => {};
    const ran = new Promise<void>((resolve) => {
      leave = resolve;
    });
    const done = perform(taken, performance, stop, leave).then((isStale) => {
      if (isStale) inlet.shut(taken.queue);
    });
    until(ran, running);
    until(done.finally(leave), underway);
  };

  const offer = (): Offer => ({ host: hostname(), pid: process.pid, jobs, queues: inlet.queues });
  const refused = new Set<string>();
  const heartbeat = async (): Promise<void> => {
    await announce(redis, "worker", id, JSON.stringify(offer()));
    const wanted = [...(await present(redis, "wanted")).keys()];
    inlet.wanted = wanted;
    for (const queue of wanted) {
      if (inlet.queues.includes(queue) || refused.has(queue)) continue;
      refused.add(queue);
      const stage = stageOfQueue(queue);
      const message = `jobs of ${stage} were planned with other code than this worker has: they are left to others`;
      tell({ event: "refused", stage, message });
    }
  };
  await heartbeat();
  const beats = setInterval(() => void heartbeat().catch(() => {}), PRESENCE / 3);
  tell({ event: "ready", host: hostname(), pid: process.pid, jobs });
  const halt = () => inlet.close();
  stop.addEventListener("abort", halt, { once: true });
  try {
    while (!stop.aborted) {
      await free();
      const taken = await inlet.take(stop).catch(async () => {
        if (!stop.aborted) await setTimeout(1000, undefined, { signal: stop }).catch(() => {});
        return undefined; // the connection comes back
      });
      if (!taken) continue;
      if (taken.name === ALONE) {
        while (underway.size > 0) await Promise.race(underway);
        isAlone = true;
      }
      begin(taken);
    }
    await soon(Promise.all(underway));
  } finally {
    clearInterval(beats);
    stop.removeEventListener("abort", halt);
    await soon(withdraw(redis, "worker", id));
    await soon(inlet.close());
  }
}
