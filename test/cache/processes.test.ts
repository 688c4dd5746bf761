import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { Worker } from "node:worker_threads";
import { afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { openStore } from "../../cache/index.ts";
import type { Store } from "../../pipeline/index.ts";
import { bundle } from "../support/bundle.ts";

let writer: string;
const count = 30;
const names = ["a", "b", "c", "d"];
let folder: string;

beforeAll(async () => {
  const bundled = await bundle("../cache/writer.ts");
  writer = bundled.file;
  return bundled.remove;
});
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "mesoflow-processes-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const start = (name: string, results = count): ChildProcess =>
  spawn(process.execPath, [writer, folder, name, String(results)], { stdio: ["ignore", "pipe", "inherit"] });

/** Every result can be read with all its bytes. */
async function checked(store: Store): Promise<string[]> {
  for (const { content } of store.entries()) await store.load(content);
  return store.entries().map(({ preImage }) => preImage.stage);
}

const expected = names.flatMap((name) => Array.from({ length: count }, (_, index) => `${name}/${index}`));

test("processes that make and write one store at once lose nothing of one another", {
  tags: ["process"],
}, async () => {
  const codes = await Promise.all(
    names.map(async (name) => {
      const child = start(name);
      child.stdout!.resume();
      return (await once(child, "exit"))[0];
    }),
  );
  expect(codes).toEqual(names.map(() => 0));
  const store = openStore(folder);
  expect((await checked(store)).sort()).toEqual(expected.toSorted());
  expect(store.stats()).toMatchObject({ results: 4 * count, artifacts: count / 2 + (4 * count) / 2 });
  await store.close();
});

test("so do threads, while the thread that started them has the store open", async () => {
  const store = openStore(folder);
  const codes = await Promise.all(
    names.map(async (name) => {
      const thread = new Worker(writer, { workerData: [folder, name, String(count)], stdout: true });
      thread.stdout.resume();
      return (await once(thread, "exit"))[0];
    }),
  );
  expect(codes).toEqual(names.map(() => 0));
  expect((await checked(store)).sort()).toEqual(expected.toSorted());
  await store.close();
});

test("a process that is killed while it writes loses nothing that it had recorded", {
  tags: ["process"],
}, async () => {
  for (let round = 1; round <= 3; round += 1) {
    const child = start(`killed-${round}`, 100_000);
    const recorded: string[] = [];
    for await (const key of createInterface(child.stdout!)) {
      recorded.push(key);
      if (recorded.length === 10 * round) child.kill("SIGKILL");
    }
    const store = openStore(folder);
    await checked(store);
    for (const key of recorded) expect(store.result(key)?.key).toBe(key);
    expect(recorded.length).toBeGreaterThanOrEqual(10 * round);
    await store.save({ arrays: {}, values: { round } });
    await store.close();
  }
});
