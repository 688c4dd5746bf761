import { Redis } from "ioredis";
import { BadExecutor } from "../errors.ts";
import { parseRedisUrl, redactedUrl } from "./redis-url.ts";

/** A Redis that jobs go through, and how to hear of it. */
export interface ConnectionOptions {
  /** redis://[user:password@]host[:port][/db], rediss:// for TLS. */
  readonly url: string;
  /** How long it may take until Redis answers for the first time, ms. */
  readonly patience: number;
  /** Is told, in a sentence, when the connection is lost and when it is back. */
  notice(sentence: string): void;
}

/** How long a try to connect may take, ms. */
const TRY = 10_000;

/** Why somebody who answers refuses the connection: another try ends the same. */
const refusals = [
  { of: /^(WRONGPASS|NOAUTH|ERR AUTH|NOPERM)/, reason: "unauthorised" },
  { of: /max number of clients/, reason: "full" },
  { of: /certificate/i, reason: "untrusted" },
  { of: /wrong version number|packet length too long/i, reason: "no-tls" },
] as const;

/**
 * Connects, and connects again whenever the connection is lost: what is asked meanwhile waits.
 *
 * @throws BadExecutor where Redis does not answer in time, refuses the password or has no such database
 */
export async function connect({ url, patience, notice }: ConnectionOptions): Promise<Redis> {
  const shown = redactedUrl(url);
  const until = Date.now() + patience;
  let isReady = false;
  let cause = "";
  const redis = new Redis(parseRedisUrl(url).href, {
    lazyConnect: true,
    connectTimeout: TRY,
    maxRetriesPerRequest: null,
    retryStrategy: (times) => (isReady || Date.now() < until ? Math.min(50 * 2 ** times, 1000) : null),
  });
  // Where several addresses were tried, the error itself says nothing.
  redis.on("error", (error: Error & { readonly code?: string }) => {
    cause = error.message || error.code || cause;
    if (!isReady && refusals.some(({ of }) => of.test(cause))) redis.disconnect();
  });
  await new Promise<void>((resolve, reject) => {
    redis.once("ready", resolve);
    redis.once("end", () =>
      reject(
        new BadExecutor(
          `Cannot reach ${shown}: ${cause}`,
          refusals.find(({ of }) => of.test(cause))?.reason ?? "unreachable",
        ),
      ),
    );
    redis.connect().catch(() => {}); // what becomes of it is heard by the events
  });
  isReady = true;
  try {
    await redis.select(redis.options.db ?? 0); // where it does not exist, the client goes on with another
  } catch (thrown) {
    redis.disconnect();
    throw new BadExecutor(`${shown} cannot be used: ${(thrown as Error).message}`, "unusable");
  }
  let isTold = false;
  redis.on("close", () => {
    setTimeout(() => {
      if (isTold || redis.status === "ready" || redis.status === "end") return;
      isTold = true;
      notice(`The connection to ${shown} is lost; the work goes on when it is back.`);
    }, 1000).unref();
  });
  redis.on("ready", () => {
    if (isTold) notice(`The connection to ${shown} is back.`);
    isTold = false;
  });
  return redis;
}
