import { randomUUID } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import type { Queue } from "bullmq";
import type { Redis } from "ioredis";
import { queueAt } from "./bull.ts";
import { type ClaimedJob, claimFrom } from "./claimed-job.ts";
import type { CompletionMessage, JobMessage } from "./messages.ts";

/** How long to wait for a sign that a queue has something until all that are in use are looked at, s. */
const WATCH = 5;

/**
 * Takes jobs from many queues over two connections, of which one waits. BullMQ sets a marker on a queue that may have
 * jobs; who takes the marker takes a job, and sets it again for the next.
 */
export class QueueConsumer {
  /** The queues on which there are jobs somewhere. */
  wanted: readonly string[] = [];
  readonly #redis: Redis;
  readonly #waiting: Redis;
  readonly #queues: Map<string, Queue<JobMessage, CompletionMessage>>;
  /** Queues that may have something, the one that was not looked at for longest first. */
  readonly #promising: Set<string>;
  readonly #token = randomUUID();
  #taken = 0;

  constructor(redis: Redis, names: readonly string[]) {
    this.#redis = redis;
    this.#waiting = redis.duplicate();
    this.#waiting.on("error", () => {}); // it connects again
    const open = (name: string) => [name, queueAt(name, redis, { skipMetasUpdate: true })] as const;
    this.#queues = new Map(names.map(open));
    this.#promising = new Set(names);
  }

  get queues(): string[] {
    return [...this.#queues.keys()];
  }

  /** Takes nothing more from a queue. */
  shut(name: string): void {
    this.#queues
      .get(name)
      ?.close()
      .catch(() => {});
    this.#queues.delete(name);
    this.#promising.delete(name);
  }

  /** The next job, or undefined after some time without. */
  async take(stop: AbortSignal): Promise<ClaimedJob | undefined> {
    for (const name of this.#promising) {
      if (stop.aborted) return undefined;
      this.#promising.delete(name);
      const queue = this.#queues.get(name);
      if (!queue) continue;
      this.#taken += 1;
      const taken = await claimFrom(queue, this.#redis, `${this.#token}.${this.#taken}`);
      if (!taken) continue;
      this.#promising.add(name);
      return taken;
    }
    const marked = await this.#marked(stop);
    if (marked) this.#promising.add(marked);
    // A marker may have been taken by a worker that died with it.
    else for (const name of this.wanted) if (this.#queues.has(name)) this.#promising.add(name);
    return undefined;
  }

  async close(): Promise<void> {
    this.#waiting.disconnect();
    await Promise.allSettled([...this.#queues.values()].map((queue) => queue.close()));
  }

  /** Waits for a queue that may have something. */
  async #marked(stop: AbortSignal): Promise<string | undefined> {
    const byMarker = new Map([...this.#queues].map(([name, queue]) => [queue.toKey("marker"), name]));
    if (byMarker.size === 0) {
      await setTimeout(WATCH * 1000, undefined, { signal: stop }).catch(() => {});
      return undefined;
    }
    const over = new AbortController();
    // A connection that was reset may never answer.
    const late = setTimeout((WATCH + 2) * 1000, undefined, { signal: over.signal }).then(
      () => this.#waiting.disconnect(true),
      () => {},
    );
    try {
      const found = await Promise.race([this.#waiting.bzpopmin(...byMarker.keys(), WATCH), late]);
      return found ? byMarker.get(found[0]) : undefined;
    } catch (thrown) {
      if (stop.aborted) return undefined;
      throw thrown;
    } finally {
      over.abort();
    }
  }
}
