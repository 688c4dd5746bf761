import type { ChainableCommander, Redis } from "ioredis";
import { PREFIX } from "./messages.ts";

/** How long one counts as present that has not been heard of, ms. */
export const PRESENCE = 10_000;

/** What is present: workers with what they offer, coordinators, queues on which there are jobs. */
export type HeartbeatKind = "worker" | "coordinator" | "wanted";

const setOf = (kind: HeartbeatKind): string => `${PREFIX}:${kind}s`;
const keyOf = (kind: HeartbeatKind, id: string): string => `${PREFIX}:${kind}:${id}`;

/** Says that something is present for the next seconds. */
export async function announce(redis: Redis, kind: HeartbeatKind, id: string, text = "1"): Promise<void> {
  await all(redis.pipeline().set(keyOf(kind, id), text, "PX", PRESENCE).sadd(setOf(kind), id));
}

/** Says that it is no more. */
export async function withdraw(redis: Redis, kind: HeartbeatKind, id: string): Promise<void> {
  await all(redis.pipeline().del(keyOf(kind, id)).srem(setOf(kind), id));
}

/** All of a kind that are present, with what was said of them. */
export async function present(redis: Redis, kind: HeartbeatKind): Promise<ReadonlyMap<string, string>> {
  const ids = await redis.smembers(setOf(kind));
  if (ids.length === 0) return new Map();
  const texts = await redis.mget(...ids.map((id) => keyOf(kind, id)));
  const gone = ids.filter((_, at) => texts[at] === null);
  if (gone.length > 0) await redis.srem(setOf(kind), ...gone);
  return new Map(ids.flatMap((id, at) => (texts[at] == null ? [] : [[id, texts[at]] as const])));
}

/** How long a coordinator's waits last without a word of it, ms. */
const WAITS = 6 * PRESENCE;
const waitsOf = (coordinator: string): string => `${PREFIX}:waits:${coordinator}`;
const cancelledKey = (job: string): string => `${PREFIX}:cancelled:${job}`;

/** Says that a coordinator waits for a job, which is not cancelled then. */
export async function wait(redis: Redis, coordinator: string, job: string): Promise<void> {
  const waits = waitsOf(coordinator);
  await all(redis.pipeline().sadd(waits, job).pexpire(waits, WAITS).del(cancelledKey(job)));
}

/** Says that it has what it waited for. */
export async function waitNoMore(redis: Redis, coordinator: string, job: string): Promise<void> {
  await redis.srem(waitsOf(coordinator), job);
}

const abandonScript = `
redis.call('SREM', '${waitsOf("")}' .. ARGV[1], ARGV[2])
for _, other in ipairs(redis.call('SMEMBERS', '${setOf("coordinator")}')) do
  if redis.call('EXISTS', '${keyOf("coordinator", "")}' .. other) == 1 and
     redis.call('SISMEMBER', '${waitsOf("")}' .. other, ARGV[2]) == 1 then return 0 end
end
redis.call('SET', '${cancelledKey("")}' .. ARGV[2], '1', 'EX', 60)
return 1
`;

/** Says that a coordinator does not need a job any more. If nobody else waits for it, it is cancelled: true. */
export async function abandon(redis: Redis, coordinator: string, job: string): Promise<boolean> {
  return (await redis.eval(abandonScript, 0, coordinator, job)) === 1;
}

/** Whether a job was cancelled, which its worker asks from time to time. */
export const isCancelled = async (redis: Redis, job: string): Promise<boolean> =>
  (await redis.exists(cancelledKey(job))) === 1;

/** The waits of a coordinator last as long as it is present. */
export async function renewWaits(redis: Redis, coordinator: string): Promise<void> {
  await announce(redis, "coordinator", coordinator);
  await redis.pexpire(waitsOf(coordinator), WAITS);
}

/** Sends commands together; throws where one of them was refused. */
async function all(commands: ChainableCommander): Promise<void> {
  const refused = (await commands.exec())?.find(([error]) => error)?.[0];
  if (refused) throw refused;
}
