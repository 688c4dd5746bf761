import { appendFileSync, existsSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import { artifactExchange, folderBlobs, openStore, redisBlobs } from "../../../cache/index.ts";
import { inProcess } from "../../../pipeline/executors.ts";
import { type Artifact, Engine, grid, type Stage, source } from "../../../pipeline/index.ts";
import { fingerprintOfText, isTerminal } from "../../../pipeline/inspect.ts";
import { connect, queueExecutor, worker } from "../../../pipeline/queue/index.ts";
import { asIs } from "../../support/harness.ts";

/** What a process is to do, as JSON in its first argument. */
export interface Orders {
  readonly as: "worker" | "coordinator" | "alone";
  readonly url: string;
  readonly cache: string;
  /** Where bytes go; Redis itself unless given. */
  readonly content?: string;
  /** Gets a line for each point that is computed, with the process. */
  readonly log: string;
  readonly points: number;
  readonly chunk: number;
  /** How long a point takes, ms. */
  readonly pause: number;
  /** A file without which no point comes to its end. */
  readonly gate: string;
  /** The point that ends the process which computes it. */
  readonly poison?: number;
  readonly jobs: number;
}

const orders = JSON.parse(process.argv[2] ?? "{}") as Orders;
const { as, url, cache, content, log, points, chunk, pause, gate, poison, jobs } = orders;

interface Params {
  readonly at: number;
  readonly pause: number;
  readonly poison: number;
}
const slow: Stage<Params, { readonly x: Artifact }> = {
  id: "slow",
  params: asIs(),
  policy: { backoff: 0.1 },
  async run({ params: { at, pause, poison }, inputs }) {
    appendFileSync(log, `${at} ${process.pid}\n`);
    await setTimeout(pause);
    while (!existsSync(gate)) await setTimeout(5);
    if (at === poison) process.kill(process.pid, "SIGKILL");
    const data = Float64Array.from(inputs.x.arrays.x!.data, (value) => Math.sqrt(value + at));
    return { arrays: { y: { data, shape: [data.length], dims: ["i"], units: "1" } }, values: {} };
  },
};
const input = source("input", async () => {
  const data = Float64Array.from({ length: 1000 }, (_, at) => at / 7);
  return { arrays: { x: { data, shape: [1000], dims: ["i"], units: "1" } }, values: {} };
});
const stages = [slow as unknown as Stage];
const store = openStore(cache);
const say = (line: unknown) => process.stdout.write(`${JSON.stringify(line)}\n`);

const elsewhere = async () => {
  const redis = await connect({ url, patience: 60_000, notice: (notice) => say({ notice }) });
  const blobs = content === undefined ? redisBlobs(redis, { maxBytes: 1e8 }) : folderBlobs(content);
  return { redis, exchange: artifactExchange(blobs) };
};

if (as === "worker") {
  const stop = new AbortController();
  process.once("SIGTERM", () => stop.abort());
  const executor = inProcess(store, stages);
  const fingerprint = fingerprintOfText;
  await worker(
    { ...(await elsewhere()), store, executor, stages, fingerprint, jobs, tell: say },
    stop.signal,
  );
} else {
  const executor =
    as === "alone"
      ? inProcess(store, stages)
      : queueExecutor(store, { ...(await elsewhere()), notice: (notice) => say({ notice }) });
  const engine = new Engine({ store, executor, jobs });
  const axis = Array.from({ length: points }, (_, at) => at);
  const node = grid(slow, "slow", {
    axes: { at: axis },
    params: { pause, poison: poison ?? -1 },
    inputs: { x: input },
    chunk,
  });
  await engine.run([node], { keepGoing: true }).forEach((event) => {
    if (event.event === "failed" || event.event === "retry" || isTerminal(event)) say(event);
  });
  await engine.close();
}
await store.close();
process.exit(0);
