import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { folderTables, openStore } from "../../cache/lmdb-store.ts";
import { Engine, StoreError } from "../../pipeline/index.ts";
import { bundle } from "../support/bundle.ts";
import { add, adding, endsWith, nothing, record } from "../support/harness.ts";
import { contentsOf, give, playground, startToy } from "./toy-processes.ts";

let program: string;
let folder: string;
beforeAll(async () => {
  const bundled = await bundle("../cache/toy-pipeline.ts");
  program = bundled.file;
  return bundled.remove;
});
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "mesoflow-writes-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

test("a stage whose result does not fit on the disk fails with a sentence; with room again, the run goes on", {
  tags: ["process"],
}, async () => {
  const ground = playground({ layers: 3, width: 2, pauses: [0, 0], size: 100_000 });
  const confined = startToy(program, "ulimit -f 1200"); // KiB, for artifacts of 400 kB
  give(confined, ground.order);
  expect(await confined.gone).toBe(0);
  const failed = ground.lines().filter(({ event }) => event === "failed") as object[];
  expect(failed.length).toBeGreaterThan(0);
  expect(failed[0]).toMatchObject({
    failure: {
      kind: "store",
      message:
        `Cannot write the cache folder ${ground.order.folder}: a write was cut short, as by a limit on the ` +
        "size of files or a failing disk.",
      fault: { what: "cache", folder: ground.order.folder, reason: "unusable" },
    },
  });
  const done = ground.stagesOf("finished");
  const store = openStore(ground.order.folder);
  expect(
    store
      .entries()
      .map(({ preImage }) => preImage.stage)
      .sort(),
  ).toEqual(done.toSorted());
  for (const { content } of store.entries()) await store.load(content);
  await store.close();

  const free = startToy(program);
  give(free, ground.order);
  expect(await free.gone).toBe(0);
  const later = ground.lines().filter(({ pid }) => pid === free.pid);
  expect(contentsOf(later).size).toBe(6);
  for (const { event, stage } of later) if (event === "begin") expect(done).not.toContain(stage);
  ground.remove();
});

test("a run on a store that is only read executes nothing and says why", async () => {
  const writer = openStore(folder);
  await record(new Engine({ store: writer, stages: [add] }).run([adding("a", { n: 1 })])).summary();
  const store = openStore(folder, { readOnly: true });
  const engine = new Engine({ store, stages: [add] });
  expect(endsWith(await record(engine.run([adding("a", { n: 1 })])).summary())).toEqual({
    ...nothing,
    hits: ["add/a"],
  });
  const run = record(engine.run([adding("a", { n: 2 })]));
  expect(endsWith(await run.summary())).toEqual({ ...nothing, failed: ["add/a"] });
  expect(run.events).toContainEqual({
    event: "failed",
    stage: "add/a",
    failure: { kind: "store", message: `The cache folder ${folder} was opened only to be read.` },
  });
  await Promise.all([store.close(), writer.close()]);
});

test("an array that is too large is refused before anything is written", async () => {
  const { blobs, transaction, close } = folderTables(folder);
  const large = new Uint8Array(2 ** 31); // never touched, so it takes no memory
  const store = () => transaction(() => blobs.put("large", large));
  expect(store).toThrow(StoreError);
  expect(store).toThrow("An array of 2147483648 bytes is too large for the cache");
  expect(blobs.has("large")).toBe(false);
  await close();
});
