import { randomUUID } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import { type Redis, ReplyError } from "ioredis";
import { defer, lastValueFrom } from "rxjs";

import { type Fault, isError, Missing, StoreError, WorkerLost } from "../errors.ts";
import type { Assignment, Executor } from "../jobs/job.ts";
import { prioritySemaphore } from "../jobs/semaphore.ts";
import { deserializeError } from "../jobs/serialized-error.ts";
import { preImageText } from "../key/key.ts";
import { LEASE, type Result, type Store } from "../store/store.ts";
import type { ArtifactExchange, StoreIdentity } from "./artifact-exchange.ts";
import {
  abandon,
  announce,
  PRESENCE,
  present,
  renewWaits,
  wait,
  waitNoMore,
  withdraw,
} from "./heartbeats.ts";
import {
  addressOf,
  type CompletionMessage,
  type FailureMessage,
  jobIdOf,
  jobMessageOf,
  queueOf,
} from "./messages.ts";
import { nonOverlappingInterval } from "./non-overlapping-interval.ts";
import { type JobOutcome, QueueClient } from "./queue-client.ts";
import { settleWithin } from "./settle-within.ts";
import { markUsed, removeStaleQueues } from "./stale-queues.ts";
import { unserved } from "./unserved.ts";
import type { Offer } from "./worker-options.ts";

/** What `queueExecutor` works with. */
export interface QueueExecutorOptions {
  /** A connection that stays its owner's. */
  readonly redis: Redis;
  readonly exchange: ArtifactExchange;
  /** Is told, in a sentence, what the user should know: that nobody is there to do the work. */
  notice(sentence: string, fault?: Fault): void;
}

/** How often workers are looked after, ms. */
const LOOK = 2_000;
/** How long a job may lie until it is asked who could do it, ms. */
const UNUSUAL = 3_000;
/** How often what the exchange has forgotten is left there again. */
const TRIES = 5;
/**
 * How long it is waited, times the tries so far, until what was missing is asked for again, ms: a folder on a network may
 * show late what was left there, and what fills the store may be taken by then.
 */
const PAUSE = 200;
/** One that has lost so many workers may be what ends them. */
const SUSPECT = 2;
/** How many jobs are made ready at once: with all of them at once, the last one is ready when the first one is. */
const AT_ONCE = 4;

/**
 * Runs stages in whatever workers take jobs from a Redis. Inputs go through the exchange, as results come back, all
 * checked against their hashes; what is computed is committed here, under the lease that is held here. What others
 * have asked for, or this process before it was killed, is not computed again while its result is on the queue.
 *
 * A worker that is gone fails its jobs as `WorkerLost`, which the stage's policy tries again.
 */
export function queueExecutor(store: Store, { redis, exchange, notice }: QueueExecutorOptions): Executor {
  const coordinator = randomUUID();
  const clients = new Map<string, Promise<QueueClient>>();
  /** What was left in the exchange, as far as is known. */
  const left = new Set<string>();
  /** Of jobs that lost their workers, what each of these wrote down. */
  const logs = new Map<string, (readonly string[])[]>();
  const isSuspect = (key: string): boolean => (logs.get(key)?.length ?? 0) >= SUSPECT;
  /** When Redis was heard of for the last time, and for the first time after it had not been. */
  let [looked, lookedAgain] = [0, 0];
  const said = new Set<string>();
  const leaving = new Set<Promise<void>>();
  const inTurn = prioritySemaphore(AT_ONCE);
  let stayed: Promise<void> | undefined;
  let identity: Promise<StoreIdentity> | undefined;
  let isClosed = false;

  const clientOf = (name: string): Promise<QueueClient> => {
    if (isClosed) throw new Error("this executor is closed");
    const known = clients.get(name);
    if (known) return known;
    const line = markUsed(redis, name).then(() => QueueClient.open(name, redis));
    clients.set(name, line);
    line.catch(() => clients.delete(name)); // the next job tries again
    return line;
  };
  const shares = (): Promise<StoreIdentity> => {
    identity ??= exchange.identity().catch((thrown) => {
      identity = undefined; // the next job tries again
      throw thrown;
    });
    return identity;
  };
  const begin = (): Promise<void> => {
    stayed ??= renewWaits(redis, coordinator).catch((thrown) => {
      stayed = undefined;
      throw thrown;
    });
    return stayed;
  };
  const leave = async ({ preImage }: Assignment): Promise<void> => {
    for (const content of Object.values(preImage.inputs)) {
      if (left.has(content)) continue;
      await exchange.put(await store.load(content));
      left.add(content);
    }
    await exchange.putText(preImageText(preImage));
  };
  const outcomeOf = async (
    job: Assignment,
    signal: AbortSignal,
    progress: (fraction: number) => void,
  ): Promise<Result | FailureMessage | undefined> => {
    const id = jobIdOf(job);
    const line = await clientOf(queueOf(job.stage, job.preImage, await shares())).catch(refused);
    const address = addressOf(line.name, id);
    let outcome: JobOutcome;
    try {
      await begin();
      await wait(redis, coordinator, address);
      outcome = await line.submit(id, jobMessageOf(job), { alone: isSuspect(job.key), progress }, signal);
    } catch (thrown) {
      const done = abandoned(line, id);
      leaving.add(done);
      void done.finally(() => leaving.delete(done));
      return refused(thrown);
    }
    // Not waited for: the lease ends with the commit, and whoever renews it must not come between.
    const farewell = waitNoMore(redis, coordinator, address).catch(() => {});
    if (!outcome || "undone" in outcome) return outcome?.undone;
    const result = await taken(job, outcome.done);
    if (result) return result;
    await farewell;
    await line.remove(id); // its result is forgotten, so that it is no longer worth keeping
    return { missing: outcome.done.content };
  };
  const abandoned = async (line: QueueClient, id: string): Promise<void> => {
    try {
      if (await abandon(redis, coordinator, addressOf(line.name, id))) await line.remove(id);
    } catch {
      // What it waited for is forgotten soon after this process is gone.
    }
  };
  /** Takes a result into the store; undefined where the exchange does not have it any more. */
  const taken = async (
    job: Assignment,
    { content, ...made }: CompletionMessage,
  ): Promise<Result | undefined> => {
    const { key, preImage, partOf, recompute, owner } = job;
    try {
      const artifact = store.has(content) ? await store.load(content) : await exchange.artifact(content);
      const result = { key, preImage, ...made, ...(partOf !== undefined && { partOf }) };
      return await store.commit(result, artifact, { owner, replace: recompute });
    } catch (thrown) {
      if (isError(thrown, Missing)) return undefined;
      throw thrown;
    }
  };

  const look = async (): Promise<void> => {
    if (clients.size === 0) return;
    await renewWaits(redis, coordinator);
    // Whoever could not be heard of while Redis, or this process, stood still has a lease's time to be heard of again.
    const now = Date.now();
    if (now - looked > LEASE) lookedAgain = now;
    if (looked === 0) await removeStaleQueues(redis);
    looked = now;
    for (const opened of [...clients.values()]) {
      const line = await opened.catch(() => undefined);
      if (!line?.isUsed) continue;
      await announce(redis, "wanted", line.name, (await shares()).name);
      await markUsed(redis, line.name);
      await line.look(now - lookedAgain > LEASE);
      if (line.idle(UNUSUAL)) await explain(line);
    }
  };
  const say = (sentence: string, fault?: Fault, about = sentence): void => {
    if (said.has(about)) return;
    said.add(about);
    notice(sentence, fault);
  };
  /** Says why nobody takes a job, unless all who could are busy. */
  const explain = async ({ name }: QueueClient): Promise<void> => {
    const offers = [...(await present(redis, "worker")).values()].map((text) => JSON.parse(text) as Offer);
    const why = unserved(name, await shares(), offers);
    if (why) say(why.sentence, why.fault, why.about);
  };
  const endLooks = nonOverlappingInterval(Math.min(LOOK, PRESENCE / 3), look, ({ message }) => {
    if (isClosed || redis.status !== "ready") return;
    say(`Redis refuses what work elsewhere needs: ${message}; the work goes on when it takes it.`);
  });

  return {
    async execute(job, signal, progress) {
      for (let tries = 1; ; tries += 1) {
        signal.throwIfAborted();
        await lastValueFrom(
          inTurn(
            defer(() => leave(job)),
            0,
          ),
        );
        signal.throwIfAborted();
        const outcome = await outcomeOf(job, signal, progress);
        if (outcome && "lost" in outcome) {
          const all = [...(logs.get(job.key) ?? []), outcome.lost];
          logs.set(job.key, all);
          throw new WorkerLost(lostText(job, all.flat()));
        }
        if (outcome && ("content" in outcome || "thrown" in outcome)) {
          logs.delete(job.key);
          if ("thrown" in outcome) throw located(outcome);
          return outcome;
        }
        for (const content of Object.values(job.preImage.inputs)) left.delete(content);
        if (!outcome || !("missing" in outcome)) continue;
        if (tries >= TRIES) {
          throw new StoreError(
            `The content store forgets what ${job.preImage.stage} needs or makes before it is taken.`,
            { fault: { what: "exchange", reason: "forgotten" } },
          );
        }
        await setTimeout(PAUSE * tries, undefined, { signal });
      }
    },
    async close() {
      isClosed = true;
      endLooks();
      await settleWithin(Promise.allSettled(leaving));
      await settleWithin(Promise.allSettled([...clients.values()].map(async (line) => (await line).close())));
      await settleWithin(withdraw(redis, "coordinator", coordinator));
      await exchange.close();
    },
  };
}

/** What Redis does not take is no defect of the stage. */
function refused(thrown: unknown): never {
  if (!(thrown instanceof ReplyError)) throw thrown;
  throw new StoreError(`Redis refuses a job: ${(thrown as Error).message}`, { cause: thrown });
}

/** What a stage threw elsewhere, with where that was at the end of its stack. */
function located({ thrown, where: { host, pid } }: Extract<FailureMessage, { thrown: unknown }>): unknown {
  const error = deserializeError(thrown);
  if (error instanceof Error) error.stack = `${error.stack}\n    in process ${pid} on ${host}`;
  return error;
}

const lostText = ({ preImage }: Assignment, lines: readonly string[]): string =>
  `the worker that ran ${preImage.stage} is gone; what was heard of it:\n${lines.map((line) => `  ${line}`).join("\n")}`;
