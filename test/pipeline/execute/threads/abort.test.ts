// @module-tag slow
import { setTimeout } from "node:timers/promises";
import { afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { verify } from "../../../../cache/inspect.ts";
import { record, until } from "../../../support/harness.ts";
import { type Ground, groundFor, workerModule } from "./thread-ground.ts";
import { jobOf } from "./thread-job.ts";
import { type Deed, deed } from "./thread-worker.ts";

const rounds = Number(process.env.FUZZ_ABORTS ?? 220);

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

/** Numbers from 0 to 1 (mulberry32). */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

test(`${rounds} aborts at any moment leave a whole store, no leases, and an engine that works`, async () => {
  const { store, opened } = ground;
  const next = random(Number(process.env.FUZZ_SEED ?? 2018));
  const engine = ground.engine();
  // The last two never look whether they are aborted: their threads are ended.
  const kinds: Deed["what"][] = ["add", "wait", "count", "count", "wait", "deaf", "spin"];
  for (let round = 0; round < rounds; round += 1) {
    const what = kinds[Math.floor(kinds.length * next())]!;
    const base = deed(`base-${round}`, { what: "add", n: round });
    const node = deed(`aborted-${round}`, { what, ms: next() < 0.2 ? 1 : 60_000, n: round }, { base });
    const run = record(engine.run([node]));
    // Most have begun when they are aborted; some have not, and some are just being written.
    if (next() < 0.9) await until(() => run.told().includes(`started ${node.name}`) || run.state.done);
    await setTimeout(12 * next());
    run.stop();
    // Most begin while threads of those before are being ended.
    if (next() < 0.2) await setTimeout(70 * next());
  }
  expect(opened()).toBeGreaterThan(rounds / 10);

  const last = deed("last", { what: "add", n: 3 }, { before: deed("before", { what: "add", n: 4 }) });
  expect((await engine.compute(last)).values.n).toBe(7);
  await engine.close();
  expect(store.leases.living()).toEqual([]);
  expect((await verify(store)).findings).toEqual([]);
});

test("of an abort and a commit exactly one comes about", async () => {
  const { store } = ground;
  const next = random(7);
  const executor = ground.executor();
  await executor.execute(jobOf("first", { what: "add" }), new AbortController().signal, () => {});
  const outcomes = { aborted: 0, written: 0 };
  // ms; it follows what comes of it, so that both come about however fast the machine is.
  let longest = 6;
  for (let round = 0; round < 200; round += 1) {
    const job = jobOf(`x-${round}`, { what: "count", ms: 1, n: round });
    const abort = new AbortController();
    const executed = executor
      .execute(job, abort.signal, () => {})
      .then(
        () => "written" as const,
        (thrown) => {
          expect(thrown).toBe(abort.signal.reason);
          expect(store.result(job.key)).toBeUndefined();
          return "aborted" as const;
        },
      );
    const wait = longest * next();
    for (const begin = performance.now(); performance.now() - begin < wait; ) await setTimeout();
    abort.abort();
    const outcome = await executed;
    outcomes[outcome] += 1;
    longest *= outcome === "aborted" ? 1.1 : 0.9;
    expect(store.result(job.key) !== undefined).toBe(outcome === "written");
  }
  await executor.close();
  // What was aborted has not been written since either.
  expect(store.entries()).toHaveLength(1 + outcomes.written);
  for (const count of Object.values(outcomes)) expect(count).toBeGreaterThan(0);
});

test("a stage that is aborted while it waits for a thread never gets one", async () => {
  const executor = ground.executor({ jobs: 1 });
  const [first, second] = [new AbortController(), new AbortController()];
  const ends = [first, second].map(({ signal }, n) => {
    const execution = executor.execute(jobOf(`x-${n}`, { what: "wait", ms: 60_000, n }), signal, () => {});
    return expect(execution).rejects.toThrow("aborted");
  });
  second.abort();
  await ends[1];
  first.abort();
  await ends[0];
  await executor.close();
  expect(ground.opened()).toBeLessThanOrEqual(1);
});

test("closing aborts what runs, and waits until nothing can be written any more", async () => {
  const engine = ground.engine();
  const run = record(
    engine.run([deed("x", { what: "spin", ms: 60_000 }), deed("y", { what: "count", ms: 60_000 })]),
  );
  await until(() => run.told().length === 2);
  run.stop();
  await engine.close();
  expect(ground.store.entries()).toEqual([]);
  expect(ground.store.leases.living()).toEqual([]);
});
