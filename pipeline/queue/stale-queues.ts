import type { Redis } from "ioredis";
import { KEPT, queueAt } from "./bull.ts";
import { PREFIX } from "./messages.ts";

/** When which queue was last used. */
const USED = `${PREFIX}:used`;

/** Says that a queue is in use. */
export async function markUsed(redis: Redis, name: string): Promise<void> {
  await redis.zadd(USED, Date.now(), name);
}

/** Removes the queues of versions of code that nobody has used for as long as results are kept: BullMQ keeps them. */
export async function removeStaleQueues(redis: Redis): Promise<void> {
  for (const name of await redis.zrangebyscore(USED, 0, Date.now() - 1000 * KEPT.age)) {
    const queue = queueAt(name, redis, { skipMetasUpdate: true });
    await queue.obliterate({ force: true });
    await queue.close();
    await redis.zrem(USED, name);
  }
}
