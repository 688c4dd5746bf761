import type { Redis } from "ioredis";
import { StoreError } from "../pipeline/index.ts";
import { hash } from "../pipeline/inspect.ts";
import type { BlobStore } from "./blob-store.ts";

/** What `redisBlobs` works with. */
export interface RedisBlobsOptions {
  /** Where keys begin; "mesoflow:content" unless given. */
  readonly prefix?: string;
  /**
   * Bytes that all blobs together may take: the least recently used make room for new ones. Of several bounds that were
   * given within a day, the largest holds: who gives less does not take from others what they left.
   */
  readonly maxBytes: number;
}

/**
 * The blobs are the fields of one hash, so that their sizes need no books of their own; a sorted set has the order in
 * which they were used. Both and the sum of the bytes change together, in scripts, whoever is killed when. Redis' own
 * `maxmemory` evicts whole keys and could take the queue's: it is to be `noeviction` beside it.
 */
const put = `
local blobs, used, total, bounds = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local seconds = redis.call('TIME')[1]
redis.call('ZADD', bounds, seconds, ARGV[1])
redis.call('ZREMRANGEBYSCORE', bounds, '-inf', seconds - 86400)
local most = 0
for _, bound in ipairs(redis.call('ZRANGE', bounds, 0, -1)) do most = math.max(most, tonumber(bound)) end
local now = redis.call('HINCRBY', total, 'clock', 1)
local sum = tonumber(redis.call('HGET', total, 'bytes') or '0')
for at = 2, #ARGV, 2 do
  local name, bytes = ARGV[at], ARGV[at + 1]
  if redis.call('HSETNX', blobs, name, bytes) == 1 then sum = sum + #bytes end
  redis.call('ZADD', used, now, name)
end
while sum > most do
  local oldest = redis.call('ZPOPMIN', used)
  if #oldest == 0 then break end
  sum = sum - redis.call('HSTRLEN', blobs, oldest[1])
  redis.call('HDEL', blobs, oldest[1])
end
redis.call('HSET', total, 'bytes', sum)
`;
/** Of each hash 1 where it is there, which counts as its use. */
const touch = `
local now = redis.call('HINCRBY', KEYS[3], 'clock', 1)
local found = {}
for at = 1, #ARGV do
  found[at] = redis.call('HEXISTS', KEYS[1], ARGV[at])
  if found[at] == 1 then redis.call('ZADD', KEYS[2], now, ARGV[at]) end
end
return found
`;
const drop = `
local length = redis.call('HSTRLEN', KEYS[1], ARGV[1])
if redis.call('HDEL', KEYS[1], ARGV[1]) == 1 then
  redis.call('ZREM', KEYS[2], ARGV[1])
  redis.call('HINCRBY', KEYS[3], 'bytes', 0 - length)
end
`;

/** Above so many bytes it is asked first whether they are there, and they are sent in a message of their own. */
const LARGE = 2 ** 16;
/** Redis takes no longer values. */
const LARGEST = 2 ** 29 - 2 ** 10;

/**
 * Bytes in Redis itself, within a bound.
 *
 * @param redis a connection that stays its owner's, to the Redis that the queues are in: the store's identity is that of a
 *   database and prefix there
 * @throws StoreError where bytes are more than Redis can take, or it refuses them
 */
export function redisBlobs(
  redis: Redis,
  { prefix = "mesoflow:content", maxBytes }: RedisBlobsOptions,
): BlobStore {
  const keys = [`${prefix}:blobs`, `${prefix}:used`, `${prefix}:total`, `${prefix}:bounds`];
  const database = redis.options.db ?? 0;
  const run = (script: string, ...args: (string | number | Buffer)[]): Promise<unknown> =>
    redis.eval(script, keys.length, ...keys, ...args);
  const guarded = async <T>(action: () => Promise<T>): Promise<T> => {
    try {
      return await action();
    } catch (thrown) {
      const { message } = thrown as Error;
      throw new StoreError(`Redis does not take what is to be shared: ${message}.`, {
        cause: thrown,
        fault: { what: "exchange", reason: "refused" },
      });
    }
  };
  const send = (blobs: readonly (readonly [string, Uint8Array])[]) =>
    guarded(() => run(put, maxBytes, ...blobs.flatMap(([hash, bytes]) => [hash, Buffer.from(bytes)])));

  return {
    identity: async () => ({
      id: hash(`redis ${database} ${prefix}`).slice(0, 12),
      name: `this Redis (database ${database}, prefix ${prefix})`,
    }),
    get: (hashes) =>
      guarded(async () => {
        if (hashes.length === 0) return new Map();
        const [values] = await Promise.all([redis.hmgetBuffer(keys[0]!, ...hashes), run(touch, ...hashes)]);
        const found = hashes.flatMap((hash, at) => {
          const bytes = values[at];
          return bytes ? [[hash, new Uint8Array(bytes)] as const] : [];
        });
        return new Map(found);
      }),
    async put(blobs) {
      const large = [...blobs].filter(([, { length }]) => length > LARGE);
      const small = [...blobs].filter(([, { length }]) => length <= LARGE);
      if (small.length > 0) await send(small);
      if (large.length === 0) return;
      const there = (await guarded(() => run(touch, ...large.map(([hash]) => hash)))) as number[];
      for (const [at, blob] of large.entries()) {
        const [, { length }] = blob;
        if (length > LARGEST) {
          throw new StoreError(
            `An array of ${length} bytes is too large for Redis, which takes at most ${LARGEST} of one.`,
            { fault: { what: "exchange", reason: "too-large" } },
          );
        }
        if (there[at] !== 1) await send([blob]);
      }
    },
    async drop(hash) {
      await guarded(() => run(drop, hash));
    },
    async close() {},
  };
}
