import type { Redis } from "ioredis";
import { artifactExchange, type BlobStore, folderBlobs, redisBlobs } from "../../cache/index.ts";
import { BadInput } from "../../pipeline/errors.ts";
import type { ArtifactExchange } from "../../pipeline/executors.ts";
import type { Executor, Store } from "../../pipeline/index.ts";
import { sizeGiven } from "../configuration/quantities.ts";
import type { Options } from "../options.ts";
import { withRemedy } from "../output/remedies.ts";

/** How the executor and the content store were given. */
export type Elsewhere = Pick<Options, "content"> & { readonly executor: string };

/** What Redis may hold of what is exchanged, bytes, unless told. */
const ROOM = 1e9;
/** How long a Redis may take to answer at first, ms: a run is to tell soon, workers may be started before it. */
export const PATIENCE = { run: 5_000, worker: 60_000 };

/** The Redis and the exchange that options name. */
export interface Cluster {
  readonly redis: Redis;
  readonly exchange: ArtifactExchange;
}

/**
 * Connects to what the options name.
 *
 * @throws BadInput where Redis cannot be reached
 */
export async function clusterOf(
  { executor, content }: Elsewhere,
  patience: number,
  notice: (sentence: string) => void,
): Promise<Cluster> {
  const room = roomOf(content);
  const { connect } = await import("../../pipeline/queue/index.ts");
  const redis = await connect({ url: executor, patience, notice });
  const blobs: BlobStore = room === undefined ? folderBlobs(content) : redisBlobs(redis, { maxBytes: room });
  return { redis, exchange: artifactExchange(blobs) };
}

/** Checks both without connecting; throws BadInput. */
export async function checkElsewhere({
  executor,
  content,
}: Pick<Options, "executor" | "content">): Promise<void> {
  if (executor === undefined) return;
  const { parseRedisUrl: parsed } = await import("../../pipeline/queue/redis-url.ts");
  parsed(executor);
  roomOf(content);
}

/** Bytes that Redis may hold of content, or undefined where that goes to a folder. */
function roomOf(content: string): number | undefined {
  if (content === "redis") return ROOM;
  if (!content.startsWith("redis:")) return undefined;
  const room = sizeGiven("content", content.slice("redis:".length))!;
  if (room > 0) return room;
  throw new BadInput(`--content is ${content}, but Redis needs room for what is exchanged, like redis:2GB.`);
}

/** Runs stages where the options say; the connection is made with the first of them: what is known needs none. */
export function remoteExecutor(
  store: Store,
  options: Elsewhere,
  notice: (sentence: string) => void,
): Executor {
  let opened: Promise<{ readonly executor: Executor; readonly redis: Redis }> | undefined;
  const open = async () => {
    const { redis, exchange } = await clusterOf(options, PATIENCE.run, notice);
    const { queueExecutor: remote } = await import("../../pipeline/queue/index.ts");
    return {
      redis,
      executor: remote(store, {
        redis,
        exchange,
        notice: (sentence, fault) => notice(withRemedy(sentence, fault)),
      }),
    };
  };
  return {
    async execute(job, signal, progress) {
      opened ??= open().catch((thrown) => {
        opened = undefined; // the next job tries again
        throw thrown;
      });
      const { executor } = await opened;
      signal.throwIfAborted();
      return executor.execute(job, signal, progress);
    },
    async close() {
      const [made] = await Promise.allSettled([opened]);
      if (made?.status !== "fulfilled" || !made.value) return;
      await made.value.executor.close();
      made.value.redis.disconnect();
    },
  };
}
