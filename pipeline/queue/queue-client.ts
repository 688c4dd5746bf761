import { type Queue, QueueEvents } from "bullmq";
import type { Redis } from "ioredis";
import { LEASE } from "../store/store.ts";
import { KEPT, queueAt } from "./bull.ts";
import {
  ALONE,
  addressOf,
  type CompletionMessage,
  type FailureMessage,
  JOB,
  type JobMessage,
  PREFIX,
} from "./messages.ts";

/** What became of a job; nothing where it is not on the queue any more. */
export type JobOutcome =
  | { readonly done: CompletionMessage }
  | { readonly undone: FailureMessage }
  | undefined;

/** Who waits for a job. */
interface Waiting {
  /** When it was last heard of, ms. */
  heard: number;
  isBegun: boolean;
  settle(outcome: JobOutcome): void;
  progress(fraction: number): void;
}

/** How long nothing is heard of a job until it is looked up, ms. */
const SILENCE = 5_000;

/** A coordinator's end of the queue for one version of a stage and its own content store. */
export class QueueClient {
  readonly name: string;
  readonly #queue: Queue<JobMessage, CompletionMessage>;
  readonly #redis: Redis;
  readonly #events: QueueEvents;
  /** The connection that the events come by. */
  readonly #listening: Redis;
  readonly #waiting = new Map<string, Waiting>();

  private constructor(
    queue: Queue<JobMessage, CompletionMessage>,
    redis: Redis,
    events: QueueEvents,
    listening: Redis,
  ) {
    this.name = queue.name;
    this.#queue = queue;
    this.#redis = redis;
    this.#events = events;
    this.#listening = listening;
    const settle = (id: string, outcome: JobOutcome) => this.#waiting.get(id)?.settle(outcome);
    const look = (id: string) => {
      if (this.#waiting.has(id)) void this.#inspect(id).catch(() => {}); // it is looked up again
    };
    events.on("completed", ({ jobId, returnvalue }) =>
      settle(jobId, { done: returnvalue as unknown as CompletionMessage }),
    );
    events.on("failed", ({ jobId, failedReason }) => settle(jobId, { undone: undoneOf(failedReason) }));
    events.on("removed", ({ jobId }) => look(jobId));
    events.on("duplicated", ({ jobId }) => look(jobId));
    events.on("active", ({ jobId }) => this.#hear(jobId));
    events.on("progress", ({ jobId, data }) => {
      this.#hear(jobId);
      if (typeof data === "number") this.#waiting.get(jobId)?.progress(data);
    });
    // Connections come back of themselves, and jobs that nothing is heard of are looked up.
    events.on("error", () => {});
    listening.on("error", () => {});
  }

  static async open(name: string, redis: Redis): Promise<QueueClient> {
    const queue = queueAt(name, redis);
    const last = await redis.xrevrange(queue.toKey("events"), "+", "-", "COUNT", 1);
    const listening = redis.duplicate();
    const events = new QueueEvents(name, {
      connection: listening,
      prefix: PREFIX,
      lastEventId: last[0]?.[0] ?? "0-0",
    });
    return new QueueClient(queue, redis, events, listening);
  }

  /** Whether any job is waited for. */
  get isUsed(): boolean {
    return this.#waiting.size > 0;
  }

  /** Whether jobs are waited for and none of them has been begun for that time, ms. */
  idle(ms: number): boolean {
    const all = [...this.#waiting.values()];
    return all.length > 0 && all.every(({ isBegun, heard }) => !isBegun && Date.now() - heard > ms);
  }

  /** Has a job done, be it new or on the queue already. Rejects only where Redis refuses it. */
  async submit(
    id: string,
    order: JobMessage,
    { alone, progress }: { readonly alone: boolean; progress(fraction: number): void },
    signal: AbortSignal,
  ): Promise<JobOutcome> {
    signal.throwIfAborted();
    let waiting: Waiting | undefined;
    let abort = (): void => {};
    const outcome = new Promise<JobOutcome>((settle, reject) => {
      waiting = { heard: Date.now(), isBegun: false, settle, progress };
      abort = () => reject(signal.reason);
    });
    signal.addEventListener("abort", abort);
    outcome.catch(() => {}); // where it is not waited for any more
    this.#waiting.set(id, waiting!);
    try {
      await this.#queue.add(alone ? ALONE : JOB, order, {
        jobId: id,
        lifo: alone,
        // What is computed although it is known is for whoever asks now.
        removeOnComplete: order.again ?? KEPT,
        removeOnFail: true,
      });
      return await outcome;
    } finally {
      signal.removeEventListener("abort", abort);
      if (this.#waiting.get(id) === waiting) this.#waiting.delete(id);
    }
  }

  /** Takes a job off the queue, unless a worker is at it. */
  async remove(id: string): Promise<void> {
    await this.#queue.remove(id);
  }

  /**
   * Looks after the jobs that are waited for: those that nothing is heard of, and those whose worker is gone.
   *
   * @param mayBeLost false where workers could not be heard of, though they are there
   */
  async look(mayBeLost: boolean): Promise<void> {
    const backend = this.#queue.getBackend();
    for (const id of mayBeLost ? await backend.moveStalledJobsToWait() : []) {
      const waiting = this.#waiting.get(id);
      // A worker that has taken it meanwhile, to say the same, has taken it off the queue.
      if (!waiting || !(await backend.getJobData(id))) continue;
      const { logs } = await backend.getJobLogs(id, 0, -1, true);
      await this.#redis.set(lostKey(this.name, id), JSON.stringify(logs), "PX", LEASE);
      if (await this.#queue.remove(id)) waiting.settle({ undone: { lost: logs } });
    }
    const silent = [...this.#waiting].filter(([, { heard }]) => Date.now() - heard > SILENCE);
    await Promise.all(silent.map(([id]) => this.#inspect(id)));
  }

  async close(): Promise<void> {
    await Promise.allSettled([this.#events.close(), this.#queue.close()]);
    this.#listening.disconnect();
  }

  #hear(id: string): void {
    const waiting = this.#waiting.get(id);
    if (!waiting) return;
    waiting.heard = Date.now();
    waiting.isBegun = true;
  }

  /** What another coordinator has found out of a job that it took off the queue because its worker is gone. */
  async #lost(id: string): Promise<JobOutcome> {
    const logs = await this.#redis.get(lostKey(this.name, id));
    return logs === null ? undefined : { undone: { lost: JSON.parse(logs) as string[] } };
  }

  async #inspect(id: string): Promise<void> {
    const data = await this.#queue.getBackend().getJobData(id);
    const waiting = this.#waiting.get(id);
    if (!waiting) return;
    if (!data) return waiting.settle(await this.#lost(id));
    if (typeof data.returnvalue === "string") {
      return waiting.settle({ done: JSON.parse(data.returnvalue) as CompletionMessage });
    }
    if (data.finishedOn && data.failedReason) return waiting.settle({ undone: undoneOf(data.failedReason) });
    if (data.processedOn) this.#hear(id);
  }
}

const lostKey = (queue: string, id: string): string => `${PREFIX}:lost:${addressOf(queue, id)}`;

/** What a worker has given as its reason; what BullMQ gives itself is not JSON. */
function undoneOf(reason: string): FailureMessage {
  try {
    return JSON.parse(reason) as FailureMessage;
  } catch {
    return { lost: [reason] };
  }
}
