import { beforeEach, describe, expect, test } from "vitest";
import { collectGarbage, type LocalStore, memoryStore } from "../../cache/index.ts";
import { clear, Pins, verify } from "../../cache/inspect.ts";
import { StoreError } from "../../pipeline/index.ts";
import { newLeaseHolder } from "../../pipeline/testing.ts";
import { madeBy, vector } from "./samples.ts";

let store: LocalStore;
beforeEach(() => {
  store = memoryStore();
});

const blobOf = (content: string): string =>
  /"blob":"([0-9a-f]{64})"/.exec(store.tables.artifacts.get(content)!)![1]!;

describe("verify", () => {
  test("finds nothing in a sound store and tells how much it read", async () => {
    const { content } = await store.commit(madeBy("a"), vector(1, 2));
    await store.commit(madeBy("b"), vector(1, 2));
    await store.save(vector(3));
    const { bytes } = store.stats();
    expect(await verify(store)).toEqual({ findings: [], entries: 4, artifacts: 2, bytes, evicted: 0 });
    await collectGarbage(store, { maxBytes: 0 });
    expect(store.has(content)).toBe(false);
    expect(await verify(store)).toMatchObject({ findings: [], artifacts: 0, evicted: 2 });
  });

  test("finds damaged bytes, all artifacts that need them, and puts them in quarantine", async () => {
    const { content } = await store.commit(madeBy("a"), vector(1, 2));
    const twin = await store.save({ ...vector(1, 2), values: {} });
    const sound = await store.save(vector(3));
    store.tables.blobs.put(blobOf(content), new Uint8Array(16));
    const { findings } = await verify(store);
    const what = expect.stringContaining("do");
    expect(findings).toHaveLength(2);
    expect(findings).toContainEqual({ kind: "artifact", content, stage: "a", what });
    expect(findings).toContainEqual({ kind: "artifact", content: twin, what });
    expect([content, twin, sound].map((each) => store.has(each))).toEqual([false, false, true]);
    expect(store.damage(content)).toBeDefined();
    expect((await verify(store)).findings).toEqual([]);
  });

  test("finds damaged and missing parts of artifacts", async () => {
    const [a, b] = [await store.save(vector(1)), await store.save(vector(2))];
    store.tables.artifacts.put(a, `${store.tables.artifacts.get(a)} `);
    store.tables.blobs.delete(blobOf(b));
    const { findings } = await verify(store);
    expect(findings.map((finding) => ("what" in finding ? finding.what : finding.kind)).sort()).toEqual([
      "its manifest does not match its hash",
      "orphan",
      expect.stringMatching(/^the bytes [0-9a-f]{64} are missing$/),
    ]);
  });

  test("finds entries that are not what their keys say, and takes them out", async () => {
    const { key } = await store.commit(madeBy("a"), vector(1));
    const { key: other } = await store.commit(madeBy("b"), vector(1));
    const { tables } = store;
    tables.results.put(key, tables.results.get(key)!.replace('"code":"c"', '"code":"d"'));
    tables.results.put(other, tables.results.get(other)!.slice(1));
    tables.trails.put("a", "{");
    tables.runs.put("1", "");
    const { findings } = await verify(store);
    expect(findings).toHaveLength(4);
    expect(findings).toContainEqual({
      ...{ kind: "entry", table: "results", key, what: "it is not what its key was made of" },
    });
    expect([store.result(key), store.result(other), store.lastKeys("a")]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect((await verify(store)).findings).toEqual([]);
  });

  test("tells orphaned bytes, which a collection frees", async () => {
    const content = await store.save(vector(1, 2, 3));
    const hash = blobOf(content);
    store.tables.artifacts.delete(content);
    expect((await verify(store)).findings).toEqual([{ kind: "orphan", hash, bytes: 24 }]);
    await collectGarbage(store);
    expect((await verify(store)).findings).toEqual([]);
  });

  test("of a sample looks at that fraction, the same for the same seed", async () => {
    for (let n = 0; n < 20; n += 1) await store.commit(madeBy(`s${n}`), vector(n));
    store.tables.blobs.put(blobOf(await store.save(vector(7))), new Uint8Array(8));
    const found: number[] = [];
    for (let seed = 0; seed < 20; seed += 1) {
      const checked = await verify(store, { sample: 0.25, seed: String(seed) });
      expect([checked.artifacts, checked.entries]).toEqual([5, 10]);
      found.push(checked.findings.length);
      if (checked.findings.length > 0) break;
    }
    expect(found.at(-1)).toBe(1);
  });
});

describe("clear", () => {
  test("leaves what is pinned", async () => {
    const kept = await store.commit(madeBy("kept"), vector(1));
    const gone = await store.commit(madeBy("gone"), vector(2));
    await new Pins(store.tables).pin({ name: "kept", key: kept.key, content: kept.content, at: kept.at });
    const { bytes } = store.stats();
    expect(await clear(store)).toEqual({ results: 1, bytes: bytes / 2 });
    expect(store.entries().map(({ key }) => key)).toEqual([kept.key]);
    expect([store.result(gone.key), store.lastKeys("kept")]).toEqual([undefined, undefined]);
    await store.load(kept.content);
  });

  test("is refused while runs are under way", async () => {
    const owner = newLeaseHolder();
    await store.retain(owner, { keys: [], contents: [], stages: [] });
    await expect(clear(store)).rejects.toThrow(StoreError);
    await store.release(owner);
    await store.claim("key", owner);
    await expect(clear(store)).rejects.toThrow("while a stage is being computed on it");
    await store.releaseLease("key", owner);
    await clear(store);
  });
});
