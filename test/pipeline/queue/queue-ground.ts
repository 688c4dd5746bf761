import { setTimeout } from "node:timers/promises";
import type { Redis } from "ioredis";
import { artifactExchange, folderBlobs, memoryStore, redisBlobs } from "../../../cache/index.ts";
import { inProcess } from "../../../pipeline/executors.ts";
import { Engine, type Stage, type Store } from "../../../pipeline/index.ts";
import { type Fault, fingerprintOfText } from "../../../pipeline/inspect.ts";
import { queueExecutor, type WorkerEvent, worker } from "../../../pipeline/queue/index.ts";
import { PREFIX } from "../../../pipeline/queue/messages.ts";
import { startRedis } from "../../support/redis.ts";

/** What worker and coordinator share by: Redis with room for so many bytes, or a folder. */
export type Content = { readonly room: number } | { readonly folder: string };

const ROOMY: Content = { room: 1e7 };

/** A Redis with workers and coordinators in this process, each with a store and connections of its own. */
export async function queueGround() {
  const server = await startRedis();
  const redis = server.client();
  const endings: (() => Promise<void>)[] = [];
  const exchange = (redis: Redis, content: Content) =>
    artifactExchange(
      "room" in content ? redisBlobs(redis, { maxBytes: content.room }) : folderBlobs(content.folder),
    );
  return {
    server,
    redis,
    exchange,
    /** Starts a worker; the version of its code is the text of the stages unless given. */
    work(
      stages: readonly Stage[],
      { jobs = 2, store = memoryStore() as Store, fingerprint = fingerprintOfText, content = ROOMY } = {},
    ) {
      const told: WorkerEvent[] = [];
      const stop = new AbortController();
      const redis = server.client();
      const done = worker(
        {
          ...{ redis, exchange: exchange(redis, content), store, stages, fingerprint, jobs },
          executor: inProcess(store, stages),
          tell: (event) => told.push(event),
        },
        stop.signal,
      );
      const end = async () => {
        stop.abort();
        await done.catch(() => {}); // what it came to a bad end of is told to who asks for `done`
      };
      done.catch(() => {});
      endings.push(end);
      return { told, store, end, done };
    },
    /** An engine whose stages run in the workers. */
    coordinate({
      store = memoryStore() as Store,
      jobs = 20,
      fingerprint = fingerprintOfText,
      content = ROOMY,
    } = {}) {
      const redis = server.client();
      const notices: string[] = [];
      const faults: Fault[] = [];
      const executor = queueExecutor(store, {
        redis,
        exchange: exchange(redis, content),
        notice: (sentence, fault) => {
          notices.push(sentence);
          if (fault) faults.push(fault);
        },
      });
      const engine = new Engine({ store, executor, jobs, fingerprint });
      const close = () => engine.close();
      endings.push(close);
      return { store, engine, notices, faults, close };
    },
    /** The job hashes on all queues, by their ids. */
    jobs: () => jobsIn(redis),
    /**
     * Waits until each key that matches, of those that last only as long as they are renewed, was renewed so many times
     * more: "coordinator:*" with each look of a coordinator, "worker:*" with each heartbeat, "*:lock" by who is at a job.
     */
    async renewed(pattern: string, times: number): Promise<void> {
      const keys = await redis.keys(`${PREFIX}:${pattern}`);
      const seen = keys.map(async (key) => {
        let left = await redis.pttl(key);
        for (let renewals = 0; renewals < times; ) {
          await setTimeout(10);
          const now = await redis.pttl(key);
          if (now > left) renewals += 1;
          left = now;
        }
      });
      await Promise.all(seen);
    },
    async end() {
      for (const end of endings.reverse()) await end();
      await server.stop();
    },
  };
}

/** The job hashes on all queues of a Redis, by their ids. */
export async function jobsIn(redis: Redis): Promise<Map<string, Record<string, string>>> {
  const keys = (await redis.keys(`${PREFIX}:*`)).filter((key) => /:[0-9a-f]{64}(\.again)?$/.test(key));
  const found = new Map<string, Record<string, string>>();
  for (const key of keys) {
    if ((await redis.type(key)) === "hash") found.set(key.split(":").at(-1)!, await redis.hgetall(key));
  }
  return found;
}

/** Waits until so much time has passed, where a lease or a limit is to run out: however much more passes, it has. */
export async function passed(ms: number): Promise<void> {
  const end = performance.now() + ms;
  await until(() => performance.now() > end);
}

/** Looks until it is so; the test's own time limit ends a wait in vain. */
export async function until<T>(
  found: () => T | undefined | false | Promise<T | undefined | false>,
): Promise<T> {
  for (;;) {
    const value = await found();
    if (value) return value;
    await setTimeout(10);
  }
}
