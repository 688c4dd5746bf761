import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { collectGarbage, openStore } from "../../cache/index.ts";
import { compact, verify } from "../../cache/inspect.ts";
import { type Artifact, StoreError } from "../../pipeline/index.ts";
import { newLeaseHolder } from "../../pipeline/testing.ts";
import { madeBy } from "./samples.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "mesoflow-compact-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const large = (n: number): Artifact => ({
  arrays: { x: { data: new Float64Array(100_000).fill(n), shape: [100_000], dims: ["x"], units: "1" } },
  values: {},
});

async function fill(): Promise<void> {
  const store = openStore(folder);
  for (let n = 0; n < 10; n += 1) await store.commit(madeBy(`s${n}`, n), large(n));
  await store.close();
}

test("the file shrinks after a collection, and all results survive", async () => {
  await fill();
  let store = openStore(folder);
  await collectGarbage(store, { maxBytes: 2_000_000 });
  const left = store.entries();
  const { allocated, ...stats } = store.stats();
  await store.close();
  const { before, after } = await compact(folder);
  expect(before).toBe(allocated);
  expect(after).toBe(statSync(join(folder, "data.mdb")).size);
  expect(after).toBeLessThan(2_100_000);
  expect(before).toBeGreaterThan(8_000_000);

  store = openStore(folder);
  expect(store.entries()).toEqual(left);
  const { allocated: now, ...same } = store.stats();
  expect([now, same]).toEqual([after, stats]);
  expect((await verify(store)).findings).toEqual([]);
  await store.commit(madeBy("s0"), large(0)); // what was evicted can be made again
  await store.close();
  expect(readdirSync(folder).sort()).toEqual(["data.mdb", "lock.mdb"]);
});

test("a store that this process has open is not compacted", async () => {
  await fill();
  const store = openStore(folder);
  await expect(compact(folder)).rejects.toThrow("is in use by this process");
  await store.commit(madeBy("more"), large(0));
  await store.close();
  await compact(folder);
});

test("one that another process has open is not, unless that was killed", { tags: ["process"] }, async () => {
  await fill();
  const script =
    `import { open } from "lmdb"; const root = open({ path: ${JSON.stringify(folder)}, noSubdir: false });` +
    `root.openDB({ name: "meta", encoding: "string" }).get("schema"); console.log("open"); setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", script], {
    cwd: import.meta.dirname,
    stdio: ["ignore", "pipe", "inherit"],
  });
  await new Promise((resolve) => child.stdout.once("data", resolve));
  await expect(compact(folder)).rejects.toThrow(
    `is in use by process ${child.pid}: it can be compacted when`,
  );
  child.kill("SIGKILL");
  await new Promise((resolve) => child.once("exit", resolve));
  await compact(folder);
});

test("nobody opens a store that is being compacted; a mark that a dead process left means nothing", async () => {
  await fill();
  const mark = join(folder, "compacting");
  writeFileSync(mark, JSON.stringify(newLeaseHolder()));
  expect(() => openStore(folder)).toThrow("is being compacted by process");
  expect(() => openStore(folder, { readOnly: true })).toThrow(StoreError);
  await expect(compact(folder)).rejects.toThrow("is being compacted by process");
  writeFileSync(mark, JSON.stringify({ ...newLeaseHolder(), pid: 2 ** 22 + 1 }));
  await openStore(folder).close();
  await compact(folder);
  expect(existsSync(mark)).toBe(false);
});

test("a folder without a store cannot be compacted", async () => {
  await expect(compact(folder)).rejects.toThrow(`There is no cache in ${folder}.`);
});
