import { Queue, type QueueOptions } from "bullmq";
import type { Redis } from "ioredis";
import { LEASE } from "../store/store.ts";
import { type CompletionMessage, type JobMessage, PREFIX } from "./messages.ts";

/** What both ends of a queue must agree on: a job whose worker is not heard of for a lease's time is another's. */
export const queueSettings = {
  prefix: PREFIX,
  lockDuration: LEASE,
  stalledInterval: LEASE / 2,
  // How often it is tried again is for the stage's policy to say.
  maxStalledCount: 0,
};

/** How long results stay on a queue for those who come to ask, s, and how many. */
export const KEPT = { age: 86_400, count: 10_000 };

/** A queue, on a connection that stays its owner's and comes back of itself. */
export function queueAt(
  name: string,
  redis: Redis,
  options: Partial<QueueOptions> = {},
): Queue<JobMessage, CompletionMessage> {
  const queue = new Queue<JobMessage, CompletionMessage>(name, {
    connection: redis,
    ...queueSettings,
    ...options,
  });
  queue.on("error", () => {});
  return queue;
}
