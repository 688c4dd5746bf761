import { setTimeout } from "node:timers/promises";
import { expect, test } from "vitest";
import { memoryStore } from "../../../cache/index.ts";
import { type Assignment, tieredExecutor } from "../../../pipeline/executors.ts";
import type { Executor } from "../../../pipeline/index.ts";
import { keyOf } from "../../../pipeline/inspect.ts";
import { newLeaseHolder, type Result } from "../../../pipeline/testing.ts";
import { num } from "../../support/harness.ts";

/** An executor that takes the ms that the job's name ends with, and notes what it was given. */
function timed() {
  const given: string[] = [];
  const executor: Executor = {
    async execute({ key, preImage }, signal) {
      given.push(preImage.stage);
      await setTimeout(Number(preImage.stage.split("-").at(-1)), undefined, { signal });
      return { key } as Result;
    },
    async close() {
      given.push("closed");
    },
  };
  return { given, executor };
}

/** @param known name and ms of what has run before */
async function ground(known: readonly (readonly [name: string, ms: number])[], each?: number) {
  const store = memoryStore();
  const preImageOf = (stage: string, n: number) => ({ stage, code: "", params: { n }, inputs: {} });
  for (const [name, ms] of known) {
    const preImage = preImageOf(name, 0);
    const where = { host: "", pid: 0, node: "" };
    await store.commit({ key: keyOf(preImage), preImage, seconds: ms / 1000, at: "", where }, num(0));
  }
  const [short, long] = [timed(), timed()];
  const executor = tieredExecutor(store, {
    ...{ short: short.executor, long: long.executor },
    ...(each !== undefined && { each }),
  });
  const run = (name: string, signal = new AbortController().signal, partOf?: string) => {
    const preImage = preImageOf(name, 1);
    const job: Assignment = {
      ...{ stage: "x", key: keyOf(preImage), preImage, recompute: false, owner: newLeaseHolder() },
      ...(partOf !== undefined && { partOf }),
    };
    return executor.execute(job, signal, () => {});
  };
  return { run, executor, short: short.given, long: long.given };
}

test("what is known to be short goes to the one, what is long or unknown to the other", async () => {
  const { run, short, long } = await ground([
    ["a-1", 10],
    ["b-1", 900],
  ]);
  for (const name of ["a-1", "b-1", "c-1"]) await run(name);
  expect([short, long]).toEqual([["a-1"], ["b-1", "c-1"]]);
});

test("many that are short are long together, until all is done", async () => {
  const names = Array.from({ length: 10 }, (_, n) => `n${n}-1`);
  const { run, short, long } = await ground(names.map((name) => [name, 100]));
  await Promise.all(names.map((name) => run(name)));
  expect([short, long]).toEqual([names.slice(0, 2), names.slice(2)]);
  await run(names[9]!);
  expect(short.at(-1)).toBe(names[9]);
});

test("where each counts for itself, all that are short are; chunks of grids are long", async () => {
  const names = Array.from({ length: 10 }, (_, n) => `n${n}-1`);
  const { run, short, long } = await ground(
    [...names.map((name) => [name, 100] as const), ["b-1", 101]],
    100,
  );
  await Promise.all([...names, "b-1", "unknown-1"].map((name) => run(name)));
  expect([short, long]).toEqual([names, ["b-1", "unknown-1"]]);
  await run("n0-1", undefined, "base");
  expect(long.at(-1)).toBe("n0-1");
});

test("one that is long after all is begun again in the other", async () => {
  const { run, short, long } = await ground([["a-400", 10]]);
  await run("a-400");
  expect([short, long]).toEqual([["a-400"], ["a-400"]]);
});

test("what is aborted or fails is not begun again", async () => {
  const { run, short, long } = await ground([["a-60000", 10]]);
  const abort = new AbortController();
  const execution = run("a-60000", abort.signal);
  abort.abort();
  await expect(execution).rejects.toThrow("aborted");
  expect([short, long]).toEqual([["a-60000"], []]);
});

test("both are closed", async () => {
  const { executor, short, long } = await ground([]);
  await executor.close();
  expect([short, long]).toEqual([["closed"], ["closed"]]);
});
