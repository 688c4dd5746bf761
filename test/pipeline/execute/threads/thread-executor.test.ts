// @module-tag slow
import { execFile } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { memoryStore } from "../../../../cache/index.ts";
import { inProcess } from "../../../../pipeline/executors.ts";
import { Engine, type Executor, type PipelineEvent, type StageNode } from "../../../../pipeline/index.ts";
import { bundle } from "../../../support/bundle.ts";
import { record, withMethods } from "../../../support/harness.ts";
import { type Ground, groundFor, workerModule } from "./thread-ground.ts";
import { jobOf } from "./thread-job.ts";
import { type Deed, deed, stages } from "./thread-worker.ts";

let module: URL;
let ground: Ground;

beforeAll(async () => {
  const worker = await workerModule();
  module = worker.module;
  return worker.remove;
});
beforeEach(() => {
  ground = groundFor(module);
});
afterEach(() => ground.remove());

/** Runs nodes to their end. */
async function ran(
  nodes: StageNode[],
  options: Parameters<Ground["engine"]>[0] = {},
): Promise<PipelineEvent[]> {
  const engine = ground.engine(options);
  const { events, summary } = record(engine.run(nodes, { keepGoing: true }));
  await summary();
  await engine.close();
  return events;
}
const failureOf = (events: readonly PipelineEvent[], stage: string) =>
  events.flatMap((event) => (event.event === "failed" && event.stage === stage ? event.failure : []))[0];

describe("stages in threads", () => {
  test("give what they give in process", async () => {
    const graph = () => {
      const a = deed("a", { what: "add", n: 1 });
      const b = deed("b", { what: "count", ms: 20, n: 10 }, { a });
      const c = deed("c", { what: "wait", ms: 5, n: 100 }, { a });
      return deed("d", { what: "add", n: 1000 }, { b, c });
    };
    const contents = (events: readonly PipelineEvent[]) =>
      events.flatMap((event) => (event.event === "finished" ? `${event.stage} ${event.content}` : [])).sort();
    const inProcess = record(new Engine({ store: memoryStore(), stages }).run([graph()]));
    await inProcess.summary();
    const events = await ran([graph()]);
    expect(contents(events)).toEqual(contents(inProcess.events));
    expect(contents(events)).toHaveLength(4);
    const { where } = ground.store.entries()[0]!;
    expect(where.pid).toBe(process.pid);
    expect(ground.store.leases.living()).toEqual([]);
  });

  test("start no thread before there is work, and no more than there are jobs", async () => {
    const idle = ground.engine();
    await idle.plan([deed("a", { what: "add" })]);
    await idle.close();
    expect(ground.opened()).toBe(0);
    const one = deed("one", { what: "add" });
    await ran([one]);
    expect(ground.opened()).toBe(1);
    await ran([one]);
    expect(ground.opened()).toBe(1);
    const many = Array.from({ length: 12 }, (_, n) => deed(`many-${n}`, { what: "wait", ms: 20, n }));
    await ran(many, { jobs: 3 });
    expect(ground.opened()).toBe(4);
  });

  test("tell how far they are, less often than they say it", async () => {
    const told: number[] = [];
    const executor = ground.executor();
    await executor.execute(jobOf("x", { what: "count", ms: 400 }), new AbortController().signal, (fraction) =>
      told.push(fraction),
    );
    await executor.close();
    expect(told.shift()).toBe(0);
    expect(told.length).toBeGreaterThan(0);
    expect(told.length).toBeLessThanOrEqual(400 / 50 + 1);
    expect(told).toEqual(told.toSorted((a, b) => a - b));
    for (const fraction of told) expect(fraction > 0 && fraction <= 1).toBe(true);
  });

  test("that write into their inputs change nobody else's", async () => {
    const a = deed("a", { what: "add", n: 5 });
    const writers = [1, 2, 3, 4].map((n) => deed(`w-${n}`, { what: "write", n }, { a }));
    const engine = ground.engine({ jobs: 1 });
    await record(engine.run(writers)).summary();
    const reader = await engine.compute(deed("r", { what: "add" }, { a }));
    expect(reader.values.first).toBe(5);
    await engine.close();
  });
});

test("what stages throw crosses threads by name and message", async () => {
  const kinds = {
    BadInput: "bad-input",
    StoreError: "store",
    Transient: "transient",
    TimeLimitExceeded: "time-limit",
    Error: "stage",
    RangeError: "stage",
    Whatever: "stage",
  };
  const errors = Object.keys(kinds).map((name) => ({ name, message: `the ${name} of a stage` }));
  const nodes = errors.map((error) => deed(error.name, { what: "throw", error }, {}, 1));
  const events = await ran([...nodes, deed("text", { what: "throw", error: "no more" })]);
  for (const { name, message } of errors) {
    const failure = failureOf(events, `deed-1/${name}`);
    expect(failure).toMatchObject({ kind: kinds[name as keyof typeof kinds], message });
    if (failure?.kind === "stage") expect(failure.stack).toContain("thread-worker");
  }
  expect(failureOf(events, "deed-0/text")).toEqual({ kind: "stage", message: "no more", stack: "" });
});

test("a lease that ended with the commit is not lost while the answer is on its way", async () => {
  let lose = () => {};
  const lost = new Promise<void>((resolve) => {
    lose = resolve;
  });
  const store = withMethods(ground.store, {
    async renew(...lease) {
      const isHeld = await ground.store.renew(...lease);
      if (!isHeld) lose();
      return isHeld;
    },
  });
  const near = inProcess(ground.store, stages);
  const executor: Executor = {
    ...near,
    async execute(...job) {
      const result = await near.execute(...job);
      await lost; // the next heartbeat finds no lease
      return result;
    },
  };
  const { told, summary } = record(new Engine({ store, executor }).run([deed("x", { what: "add" })]));
  await summary();
  expect(told()).toEqual(["started deed-0/x", "finished deed-0/x"]);
});

describe("a thread that comes to its end", () => {
  const ends: [Deed["what"], RegExp][] = [
    ["exit", /^the thread that ran deed-1\/x is gone: worker exited with code: 7$/],
    ["stray", /^the thread that ran deed-1\/x is gone: a callback that nobody awaits$/],
    ["unhandled", /^the thread that ran deed-1\/x is gone: a promise that nobody awaits$/],
    ["fill", /^the thread that ran deed-1\/x is gone: Worker terminated due to reaching memory limit/],
  ];

  test.each(ends)("by %s fails its stage, not the run", async (what, message) => {
    const others = [1, 2, 3].map((n) => deed(`other-${n}`, { what: "wait", ms: 10, n }));
    const resourceLimits = { maxOldGenerationSizeMb: 48 };
    const events = await ran([deed("x", { what }, {}, 1), ...others], { resourceLimits });
    expect(failureOf(events, "deed-1/x")).toEqual({
      kind: "worker",
      message: expect.stringMatching(message),
    });
    expect(events.at(-1)).toMatchObject({
      executed: others.map(({ name }) => name),
      failed: ["deed-1/x"],
    });
    expect(ground.store.leases.living()).toEqual([]);
  });

  test("is replaced, and the stage tried again", async () => {
    const events = await ran([deed("x", { what: "exit-once", mark: join(ground.folder, "mark") }, {}, 2)]);
    expect(events.flatMap((event) => (event.event === "retry" ? event.failure.kind : []))).toEqual([
      "worker",
    ]);
    expect(events.at(-1)).toMatchObject({ failed: [], aborted: [] });
    expect(ground.store.entries().map(({ preImage }) => preImage.stage)).toEqual(["deed-2/x"]);
    expect(ground.opened()).toBe(2);
  });

  test("as often as it is tried fails the stage", async () => {
    const events = await ran([deed("x", { what: "exit" }, {}, 2)]);
    expect(events.map(({ event }) => event)).toEqual(["planned", "started", "retry", "failed", "summary"]);
  });

  test("before it could begin is told, and what waited for it does not wait for ever", async () => {
    const resourceLimits = { maxOldGenerationSizeMb: 1, maxYoungGenerationSizeMb: 1 };
    const events = await ran([deed("x", { what: "add" }, {}, 1)], { resourceLimits });
    const failure = failureOf(events, "deed-1/x");
    expect(failure).toMatchObject({ kind: "worker", message: expect.stringContaining("deed-1/x") });
  });
});

test("a stage that the worker does not know fails", async () => {
  const executor = ground.executor();
  const job = { ...jobOf("x", { what: "add" }), stage: "unheard-of" };
  await expect(executor.execute(job, new AbortController().signal, () => {})).rejects.toThrow(
    "this executor knows no stage unheard-of",
  );
  await executor.close();
});

test("a module that is no worker is named", async () => {
  for (const name of ["missing.mjs", "thread-ground.ts"]) {
    const wrong = groundFor(pathToFileURL(join(import.meta.dirname, name)));
    const executor = wrong.executor();
    const execution = executor.execute(jobOf("x", { what: "add" }), new AbortController().signal, () => {});
    await expect(execution).rejects.toThrow(`deed-0/x cannot run in threads of file://`);
    await executor.close();
    await wrong.remove();
  }
});

test("nothing is kept of jobs that have ended", { tags: ["process"] }, async () => {
  const { file, remove } = await bundle("../pipeline/execute/threads/thread-heap.ts");
  const folder = join(ground.folder, "many");
  const args = ["--expose-gc", file, fileURLToPath(module), folder, "2000"];
  const { stdout, stderr } = await promisify(execFile)(process.execPath, args);
  remove();
  expect(stderr).toBe("");
  // Anything kept of each job, such as its state, would be 500 bytes and more.
  expect(Number(stdout)).toBeLessThan(2000 * 500);
});

test("a closed executor takes no more jobs", async () => {
  const executor = ground.executor();
  const execution = executor.execute(
    jobOf("x", { what: "wait", ms: 60_000 }),
    new AbortController().signal,
    () => {},
  );
  const ended = expect(execution).rejects.toThrow("the threads were closed");
  await executor.close();
  await ended;
  await expect(
    executor.execute(jobOf("y", { what: "add" }), new AbortController().signal, () => {}),
  ).rejects.toThrow("these threads are closed");
});
