import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import type { Tables } from "../../cache/inspect.ts";
import { folderTables } from "../../cache/lmdb-store.ts";
import { memoryTables } from "../../cache/memory-store.ts";

const opened: { tables: Tables; folder?: string }[] = [];
afterEach(async () => {
  for (const { tables, folder } of opened.splice(0)) {
    await tables.close();
    if (folder) rmSync(folder, { recursive: true });
  }
});

describe.each([
  ["in memory", () => ({ tables: memoryTables() })],
  [
    "in a folder",
    () => {
      const folder = mkdtempSync(join(tmpdir(), "mesoflow-tables-"));
      return { tables: folderTables(folder), folder };
    },
  ],
])("tables %s", (_, open) => {
  const openTables = (): Tables => {
    const made = open();
    opened.push(made);
    return made.tables;
  };

  test("are listed in the order of keys, whole or by prefix", () => {
    const { runs, transaction } = openTables();
    transaction(() => {
      for (const key of ["b/2", "a", "b/10", "b", "c", "é/😀", "bb"]) runs.put(key, `value of ${key}`);
    });
    expect(runs.keys()).toEqual(["a", "b", "b/10", "b/2", "bb", "c", "é/😀"]);
    expect(runs.keys("b/")).toEqual(["b/10", "b/2"]);
    expect(runs.entries("b/")).toEqual([
      ["b/10", "value of b/10"],
      ["b/2", "value of b/2"],
    ]);
    expect(runs.keys("d")).toEqual([]);
    expect(runs.values()).toHaveLength(7);
  });

  test("take any text as a key, as often as there are different ones", () => {
    const { pins, transaction } = openTables();
    const units = ["x", "é", "€", "😀", "\0", "\x1b", "\x01", "\uffff", "\ud800", "\udc00", " "];
    const keys = units.flatMap((unit) =>
      [1, 2, 166, 250, 499, 500, 501, 4_000].map((size) => unit.repeat(size)),
    );
    keys.push("", JSON.stringify("\0"));
    transaction(() => {
      for (const [index, key] of keys.entries()) pins.put(key, String(index));
    });
    for (const [index, key] of keys.entries()) expect([key, pins.get(key)]).toEqual([key, String(index)]);
    expect(pins.keys()).toHaveLength(keys.length);
    for (const key of pins.keys("x")) expect(key).toMatch(/^x/);
    transaction(() => {
      for (const key of keys) pins.delete(key);
    });
    expect(pins.keys()).toEqual([]);
  });

  test("forget what is deleted, and only that", () => {
    const { pins, quarantine, transaction } = openTables();
    transaction(() => {
      pins.put("a", "1");
      pins.put("b", "2");
      quarantine.put("a", "3");
    });
    transaction(() => {
      pins.delete("a");
      pins.delete("never there");
    });
    expect([pins.has("a"), pins.get("a"), pins.has("b"), quarantine.get("a")]).toEqual([
      false,
      undefined,
      true,
      "3",
    ]);
  });

  test("a transaction gives what its action gives and sees its own writes", () => {
    const { leases, transaction } = openTables();
    const seen = transaction(() => {
      leases.put("k", "mine");
      return leases.get("k");
    });
    expect([seen, leases.get("k")]).toEqual(["mine", "mine"]);
  });

  test("bytes that were put or got are the caller's own", () => {
    const { blobs, transaction } = openTables();
    for (const size of [3, 100_000]) {
      const bytes = new Uint8Array(size).fill(1);
      transaction(() => blobs.put(`${size}`, bytes));
      bytes.fill(2);
      const got = blobs.get(`${size}`)!;
      expect([got.length, got.byteOffset, got.buffer.byteLength]).toEqual([size, 0, size]);
      got.fill(3);
      expect(new Set(blobs.get(`${size}`))).toEqual(new Set([1]));
    }
  });
});
