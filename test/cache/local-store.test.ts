import { existsSync, mkdtempSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { open } from "lmdb";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { LocalStore, openStore } from "../../cache/index.ts";
import type { Tables } from "../../cache/inspect.ts";
import { folderTables } from "../../cache/lmdb-store.ts";
import { memoryTables } from "../../cache/memory-store.ts";
import { Engine, type Store, StoreError } from "../../pipeline/index.ts";
import { add, adding, record, until } from "../support/harness.ts";
import { spelt } from "./artifacts.ts";
import { leaseBehaviour } from "./lease-behaviour.ts";
import { madeBy, vector } from "./samples.ts";
import { type Subject, storeBehaviour } from "./store-behaviour.ts";

describe("in memory", () => {
  let tables: Tables;
  const subject: Subject = {
    open() {
      tables = memoryTables();
      return new LocalStore(tables, () => 0);
    },
    async damage(hash, bytes) {
      if (tables.artifacts.get(hash) !== undefined) tables.artifacts.put(hash, String(bytes));
      else if (bytes) tables.blobs.put(hash, bytes);
      else tables.blobs.delete(hash);
    },
  };
  storeBehaviour(() => subject);
  leaseBehaviour((now) => new LocalStore(memoryTables(), now));
});

describe("in a folder", () => {
  let folder: string;
  let stores: Store[] = [];
  const opened = (path = folder, options = {}): Store => {
    const store = openStore(path, options);
    stores.push(store);
    return store;
  };
  /** Works on the tables behind the store's back. */
  const behind = async (
    table: string,
    action: (database: ReturnType<typeof openRaw>["database"]) => void,
  ) => {
    const { root, database } = openRaw(table);
    root.transactionSync(() => action(database));
    await root.close();
  };
  const openRaw = (table: string) => {
    const root = open({ path: folder, noSubdir: false, overlappingSync: false });
    return { root, database: root.openDB<Buffer, string>({ name: table, encoding: "binary" }) };
  };

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "mesoflow-store-"));
  });
  afterEach(async () => {
    await Promise.all(stores.map((store) => store.close()));
    stores = [];
    rmSync(folder, { recursive: true, force: true });
  });

  storeBehaviour(() => ({
    open() {
      const store = new LocalStore(folderTables(folder), () => 0);
      stores.push(store);
      return store;
    },
    async damage(hash, bytes) {
      await behind("artifacts", (database) => {
        if (database.doesExist(hash)) database.putSync(hash, Buffer.from(bytes!));
      });
      await behind("blobs", (database) => {
        if (!database.doesExist(hash)) return;
        if (bytes) database.putSync(hash, Buffer.from(bytes));
        else database.removeSync(hash);
      });
      await new Promise(setImmediate); // the store's own view is that of the turn before
    },
  }));

  leaseBehaviour((now) => {
    const store = new LocalStore(folderTables(folder), now);
    stores.push(store);
    return store;
  });

  test("everything outlives the process", async () => {
    const before = opened();
    const result = await before.commit(madeBy("a"), vector(1, 2));
    await before.recordLastKeys(new Map([["a", "1"]]));
    await before.recordLastKeys(new Map([["a", "2"]]));
    await before.close();
    const after = opened();
    expect(after.result(result.key)).toStrictEqual(result);
    expect(after.lastKeys("a")).toEqual({ key: "2", previous: "1" });
    expect(spelt(await after.load(result.content))).toEqual(spelt(vector(1, 2)));
  });

  test("an engine in another process finds every result again", async () => {
    const first = new Engine({ store: opened(), stages: [add] });
    const graph = adding("b", { n: 2 }, { a: adding("a", { n: 1 }) });
    expect((await first.compute(graph)).values.n).toBe(3);
    await first.store.close();
    const second = new Engine({ store: opened(), stages: [add] });
    expect(await record(second.run([graph])).summary()).toMatchObject({
      executed: [],
      hits: ["add/a", "add/b"],
    });
    expect((await second.compute(graph)).values.n).toBe(3);
  });

  test("the folder and those above it are made, also where its name has a dot", () => {
    opened(join(folder, "a", "b", ".cache", "run.1"));
    expect(statSync(join(folder, "a", "b", ".cache", "run.1", "data.mdb")).isFile()).toBe(true);
  });

  test("bytes that are there are not written again", async () => {
    const store = opened();
    await store.save(vector(1, 2, 3));
    const { root } = openRaw("blobs");
    const lastTransaction = () => (root.getStats() as { lastTxnId: number }).lastTxnId;
    const before = lastTransaction();
    await store.save(vector(1, 2, 3));
    expect(lastTransaction()).toBe(before);
    await store.save(vector(4));
    expect(lastTransaction()).toBe(before + 1);
    await root.close();
  });

  test("two stores on one folder see each other's writes", async () => {
    const one = opened();
    const other = opened();
    const result = await one.commit(madeBy("a"), vector(1));
    await until(() => other.result(result.key) !== undefined); // its view may be that of the turn before
    expect(other.result(result.key)).toEqual(result);
    await one.close();
    await other.recordLastKeys(new Map([["a", "1"]]));
    expect(other.lastKeys("a")).toEqual({ key: "1", previous: result.key });
  });

  describe("opened only to be read", () => {
    test("it reads what is there and refuses to write", async () => {
      const result = await opened().commit(madeBy("a"), vector(1));
      const reader = opened(folder, { readOnly: true });
      expect(reader.result(result.key)).toEqual(result);
      expect(reader.stats()).toMatchObject({ results: 1, artifacts: 1 });
      await expect(reader.save(vector(2))).rejects.toThrow(StoreError);
      await expect(reader.recordLastKeys(new Map([["a", "1"]]))).rejects.toThrow(
        `${folder} was opened only to be read`,
      );
      await expect(reader.commit(madeBy("b"), vector(1))).rejects.toThrow(StoreError);
      expect(await reader.save(vector(1))).toBe(result.content); // nothing to write
    });
    test("a folder without a store reads as an empty one, and none is made", async () => {
      const missing = join(folder, "missing");
      const reader = opened(missing, { readOnly: true });
      expect(reader.stats()).toEqual({
        results: 0,
        chunks: 0,
        artifacts: 0,
        bytes: 0,
        allocated: 0,
        seconds: 0,
      });
      expect(reader.lastKeys("a")).toBeUndefined();
      await expect(reader.save(vector(2))).rejects.toThrow(StoreError);
      expect(existsSync(missing)).toBe(false);
    });
    test("a store that was left while it was being made reads as an empty one", async () => {
      await open({ path: folder, noSubdir: false, overlappingSync: false }).close();
      expect(opened(folder, { readOnly: true }).entries()).toEqual([]);
    });
  });

  describe("a folder that cannot be used is refused in one sentence", () => {
    const refusal = (path: string, options = {}) => {
      try {
        opened(path, options);
      } catch (thrown) {
        expect(thrown).toBeInstanceOf(StoreError);
        const { message, fault } = thrown as StoreError;
        return { message, fault };
      }
      throw new Error(`${path} was opened`);
    };
    const damaged = (folder: string) => ({
      message: `The cache folder ${folder} is damaged.`,
      fault: { what: "cache", folder, reason: "damaged" },
    });
    test("a file, or below a file", () => {
      const file = join(folder, "file");
      writeFileSync(file, "");
      for (const path of [file, join(file, "below"), join(file, "far", "below")]) {
        expect(refusal(path)).toEqual({
          message: `Cannot write the cache folder ${path}: it is no folder, or below something that is none.`,
          fault: { what: "cache", folder: path, reason: "unusable" },
        });
      }
      expect(refusal(file, { readOnly: true }).message).toMatch(/^Cannot read the cache folder/);
    });
    test.skipIf(!existsSync("/proc/self"))("where no folder can be made", () => {
      expect(refusal("/proc/mesoflow/cache")).toEqual({
        message: "Cannot write the cache folder /proc/mesoflow/cache: it cannot be made there.",
        fault: { what: "cache", folder: "/proc/mesoflow/cache", reason: "unusable" },
      });
    });
    test("one that holds something else than a store", () => {
      writeFileSync(join(folder, "data.mdb"), "x".repeat(10_000));
      expect(refusal(folder)).toEqual(damaged(folder));
    });
    test("one whose file was cut short", async () => {
      const store = opened();
      const array = { data: new Float64Array(100_000).fill(1), shape: [100_000], dims: ["i"], units: "1" };
      await store.save({ arrays: { array }, values: {} });
      await store.close();
      const file = join(folder, "data.mdb");
      for (const size of [Math.floor(statSync(file).size / 2), 3000]) {
        truncateSync(file, size);
        expect(refusal(folder)).toEqual(damaged(folder));
      }
    });
    test("one of a newer program", async () => {
      await opened().close();
      await behind("meta", (meta) => meta.putSync("schema", Buffer.from("3")));
      for (const options of [{}, { readOnly: true }]) {
        expect(refusal(folder, options)).toEqual({
          message: `The cache folder ${folder} was written by a newer mesoflow.`,
          fault: { what: "cache", folder, reason: "newer" },
        });
      }
    });
  });

  test("a store of schema 1 is migrated: its results are hits, and it is of schema 2 then", async () => {
    const graph = () => adding("b", { n: 2 }, { a: adding("a", { n: 1 }) });
    const made = new Engine({ store: opened(), stages: [add] });
    await record(made.run([graph()])).summary();
    const entries = made.store.entries();
    await made.store.close();
    const { root } = openRaw("meta");
    for (const name of ["leases", "runs", "pins", "quarantine"]) root.openDB({ name }).dropSync();
    await root.close();
    await behind("meta", (meta) => meta.putSync("schema", Buffer.from("1")));

    const reader = opened(folder, { readOnly: true });
    expect(reader.entries()).toEqual(entries);
    await reader.close();
    const again = new Engine({ store: opened(), stages: [add] });
    expect(await record(again.run([graph()])).summary()).toMatchObject({
      executed: [],
      hits: ["add/a", "add/b"],
    });
    expect(again.store.entries()).toEqual(entries);
    const { root: after, database } = openRaw("meta");
    expect(String(database.get("schema"))).toBe("2");
    await after.close();
  });

  test("a closed store throws and does not crash", async () => {
    const store = opened();
    await store.save(vector(1));
    await store.close();
    await store.close();
    expect(() => store.has("x")).toThrow(StoreError);
    await expect(store.save(vector(2))).rejects.toThrow(StoreError);
    await expect(store.recordLastKeys(new Map([["a", "1"]]))).rejects.toThrow(StoreError);
  });
});
