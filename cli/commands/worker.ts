import { join } from "node:path";
import { BadInput } from "../../pipeline/errors.ts";
import { threadExecutor } from "../../pipeline/executors.ts";
import { redactedUrl, type WorkerEvent, worker } from "../../pipeline/queue/index.ts";
import { stages } from "../../stages/registry.ts";
import type { ExitStatus, Options } from "../options.ts";
import { duration } from "../output/format.ts";
import { printJson, tell } from "../output/print.ts";
import { workerEventWithRemedy } from "../output/remedies.ts";
import { checkElsewhere, clusterOf, PATIENCE } from "../session/cluster.ts";
import { threadModule, withStore } from "../session/session.ts";
import { onInterrupt } from "../session/signals.ts";
import { stageFingerprints } from "../session/stage-fingerprints.ts";

/** `mesoflow worker`: until it is asked to stop. */
export async function work(options: Options): Promise<ExitStatus> {
  const { executor, content, jobs, json } = options;
  if (executor === undefined) {
    throw new BadInput(
      "A worker needs to know where jobs are: give --executor redis://host:port/db, or set MESOFLOW_EXECUTOR.",
    );
  }
  await checkElsewhere({ executor, content });
  // Runs that have the same cache hold the leases of what they wait for.
  const cache = join(options.cache, "worker");
  return withStore({ cache }, { readOnly: false }, async (open) => {
    const store = open();
    const { redis, exchange } = await clusterOf({ executor, content }, PATIENCE.worker, tell);
    const inThreads = threadExecutor(store, threadModule, { jobs, data: cache });
    const stop = new AbortController();
    const letGo = onInterrupt(() => stop.abort());
    try {
      const fingerprint = await stageFingerprints(stages);
      const say = (fact: WorkerEvent): void => {
        const event = workerEventWithRemedy(fact);
        if (json) printJson(event);
        tell(lineOf(event, redactedUrl(executor)));
      };
      await worker(
        { redis, exchange, store, executor: inThreads, stages, fingerprint, jobs, tell: say },
        stop.signal,
      );
    } finally {
      letGo();
      await inThreads.close();
      await exchange.close();
      redis.disconnect();
    }
    return 130;
  });
}

function lineOf(event: WorkerEvent, url: string): string {
  switch (event.event) {
    case "ready":
      return `takes up to ${event.jobs} jobs at once from ${url}, as process ${event.pid} on ${event.host}, and shares by ${event.shares}`;
    case "began":
      return `runs ${event.stage} ${event.key.slice(0, 12)}`;
    case "finished":
      return `ran ${event.stage} ${event.key.slice(0, 12)}  ${duration(event.seconds)}`;
    case "failed":
      return `failed ${event.stage} ${event.key.slice(0, 12)}: ${event.message}`;
    case "left":
      return `left ${event.stage} ${event.key.slice(0, 12)}: ${event.why}`;
    case "refused":
      return `refused: ${event.message}`;
  }
}
