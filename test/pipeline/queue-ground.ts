import { setTimeout } from "node:timers/promises";
import { depotOf, memoryStore, redisBlobs } from "../../cache/index.ts";
import {
  Engine,
  type Fault,
  fingerprintOfText,
  inProcess,
  type Stage,
  type Store,
} from "../../pipeline/index.ts";
import { remote, type WorkerEvent, worker } from "../../pipeline/queue/index.ts";
import { startRedis } from "../redis.ts";

/** A Redis with workers and coordinators in this process, each with a store and connections of its own. */
export async function queueGround() {
  const server = await startRedis();
  const endings: (() => Promise<void>)[] = [];
  const depot = (redis = server.client(), room = 1e7) => depotOf(redisBlobs(redis, { maxBytes: room }));
  return {
    server,
    redis: server.client(),
    depot,
    /** Starts a worker; the version of its code is the text of the stages unless given. */
    work(
      stages: readonly Stage[],
      { jobs = 2, store = memoryStore() as Store, fingerprint = fingerprintOfText, room = 1e7 } = {},
    ) {
      const told: WorkerEvent[] = [];
      const stop = new AbortController();
      const redis = server.client();
      const done = worker(
        {
          ...{ redis, depot: depot(redis, room), store, stages, fingerprint, jobs },
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
    coordinate({ store = memoryStore() as Store, jobs = 20, fingerprint = fingerprintOfText } = {}) {
      const redis = server.client();
      const notices: string[] = [];
      const faults: Fault[] = [];
      const executor = remote(store, {
        redis,
        depot: depot(redis),
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
    async jobs(redis = server.client()): Promise<Map<string, Record<string, string>>> {
      const keys = (await redis.keys("mesoflow:*")).filter((key) => /:[0-9a-f]{64}(\.again)?$/.test(key));
      const found = new Map<string, Record<string, string>>();
      for (const key of keys) {
        if ((await redis.type(key)) === "hash") found.set(key.split(":").at(-1)!, await redis.hgetall(key));
      }
      return found;
    },
    async end() {
      for (const end of endings.reverse()) await end();
      await server.stop();
    },
  };
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
