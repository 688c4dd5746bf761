import { Job, type Queue } from "bullmq";
import type { Redis } from "ioredis";
import { LEASE } from "../store/store.ts";
import { queueSettings } from "./bull.ts";
import { isCancelled } from "./heartbeats.ts";
import { addressOf, type CompletionMessage, type FailureMessage, type JobMessage } from "./messages.ts";
import { nonOverlappingInterval } from "./non-overlapping-interval.ts";

/** Why a worker leaves a job. */
export type Loss = "cancelled" | "lost";

/**
 * A job that this worker has taken from its queue, and holds until it says what became of it: while it is heard of, no
 * other worker takes it.
 */
export class ClaimedJob {
  readonly queue: string;
  readonly id: string;
  readonly name: string;
  readonly order: JobMessage;
  /** Another worker was at it and is gone: it is only to be told so. */
  readonly isLost: boolean;
  /** Aborted, for the reason of a `Loss`, where it is no longer this worker's or nobody's. */
  readonly signal: AbortSignal;
  readonly #job: Job<JobMessage, CompletionMessage>;
  readonly #token: string;
  readonly #queue: Queue<JobMessage, CompletionMessage>;
  readonly #redis: Redis;
  readonly #endBeats: () => void;
  readonly #abort = new AbortController();
  #fraction = 0;
  #told = 0;

  constructor(
    queue: Queue<JobMessage, CompletionMessage>,
    redis: Redis,
    job: Job<JobMessage, CompletionMessage>,
    token: string,
  ) {
    this.queue = queue.name;
    this.id = job.id!;
    this.name = job.name;
    this.order = job.data;
    this.isLost = job.deferredFailure !== undefined;
    this.signal = this.#abort.signal;
    this.#job = job;
    this.#token = token;
    this.#queue = queue;
    this.#redis = redis;
    this.#endBeats = nonOverlappingInterval(LEASE / 4, () => this.#beat());
  }

  set progress(fraction: number) {
    this.#fraction = fraction;
  }

  /** Writes a line down, to be read where the worker comes to a sudden end. */
  async log(line: string): Promise<void> {
    await this.#queue.getBackend().addLog(this.id, line, 50);
  }

  async logs(): Promise<string[]> {
    return (await this.#queue.getBackend().getJobLogs(this.id, 0, -1, true)).logs;
  }

  async complete(done: CompletionMessage): Promise<void> {
    await this.#job.moveToCompleted(done, this.#token, false);
  }

  async fail(undone: FailureMessage): Promise<void> {
    await this.#job.moveToFailed(new Error(JSON.stringify(undone)), this.#token, false);
  }

  /** Puts it back where others find it first. */
  async requeue(): Promise<void> {
    await this.#queue.getBackend().moveJobFromActiveToWait(this.id, this.#token);
  }

  /** Says no more that it is at it, since the last word was said or it is no longer this worker's. */
  stopHeartbeat(): void {
    this.#endBeats();
  }

  async #relock(): Promise<boolean> {
    const keys = [`${this.id}:lock`, "active", "stalled"].map((name) => this.#queue.toKey(name));
    const args = [this.#token, queueSettings.lockDuration, this.id];
    return (await this.#redis.eval(lockAgain, keys.length, ...keys, ...args)) === 1;
  }

  async #beat(): Promise<void> {
    const backend = this.#queue.getBackend();
    const [kept, cancelled] = await Promise.all([
      backend.extendLock(this.id, this.#token, queueSettings.lockDuration),
      isCancelled(this.#redis, addressOf(this.queue, this.id)),
    ]);
    if (kept !== 1 && !(await this.#relock())) this.#abort.abort("lost" satisfies Loss);
    else if (cancelled) this.#abort.abort("cancelled" satisfies Loss);
    else if (this.#fraction > this.#told) {
      this.#told = this.#fraction;
      await backend.updateProgress(this.id, this.#told);
    }
  }
}

/**
 * Takes a lock that has run out, as when Redis was away for longer than it lasts, unless the job was given to another
 * worker or its queue.
 */
const lockAgain = `
if redis.call('EXISTS', KEYS[1]) == 1 or not redis.call('LPOS', KEYS[2], ARGV[3]) then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
redis.call('SREM', KEYS[3], ARGV[3])
return 1
`;

/** Takes the next job from a queue, if there is one. */
export async function claimFrom(
  queue: Queue<JobMessage, CompletionMessage>,
  redis: Redis,
  token: string,
): Promise<ClaimedJob | undefined> {
  const [data, id] = await queue.getBackend().moveToActive(token);
  if (!data) return undefined;
  return new ClaimedJob(queue, redis, Job.fromJSON<JobMessage, CompletionMessage>(queue, data, id), token);
}
