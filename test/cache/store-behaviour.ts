import fc from "fast-check";
import { beforeEach, expect, test } from "vitest";
import { encode } from "../../cache/codec.ts";
import { type Artifact, type Store, StoreError } from "../../pipeline/index.ts";
import { artifacts, spelt } from "./artifacts.ts";
import { madeBy, vector } from "./samples.ts";

/** One implementation as these tests see it. */
export interface Subject {
  /** An empty store. */
  open(): Store;
  /** Spoils what lies under a content hash or the hash of an array's bytes. */
  damage(hash: string, bytes: Uint8Array | undefined): Promise<void>;
}

/** What every implementation of `Store` does. */
export function storeBehaviour(subject: () => Subject): void {
  let store: Store;
  beforeEach(() => {
    store = subject().open();
  });

  test("what was saved is loaded, bit for bit", async () => {
    await fc.assert(
      fc.asyncProperty(artifacts, async (artifact) => {
        const content = await store.save(artifact);
        expect(store.has(content)).toBe(true);
        expect(spelt(await store.load(content))).toStrictEqual(spelt(artifact));
      }),
      { numRuns: 300, seed: 6 },
    );
  });

  test("identify tells the content hash and writes nothing", async () => {
    const content = store.identify(vector(1));
    expect(store.has(content)).toBe(false);
    expect(store.stats().artifacts).toBe(0);
    expect(await store.save(vector(1))).toBe(content);
  });

  test("the memory of an artifact that was stored may be used again", async () => {
    for (const length of [3, 100_000]) {
      const artifact = vector(...new Array(length).fill(1));
      const saving = store.save(artifact);
      (artifact.arrays.x!.data as Float64Array).fill(2);
      expect(new Set((await store.load(await saving)).arrays.x!.data)).toEqual(new Set([1]));
    }
  });

  test("loaded arrays belong to who loaded them", async () => {
    const content = await store.save(vector(1, 2));
    const first = await store.load(content);
    await store.load(await store.save(vector(3, 4)));
    (first.arrays.x!.data as Float64Array).fill(0);
    expect((await store.load(content)).arrays.x!.data).toEqual(Float64Array.of(1, 2));
  });

  test("large arrays keep every byte", async () => {
    const data = Uint32Array.from({ length: 3_000_001 }, (_, index) => Math.imul(index, 2_654_435_761));
    const big: Artifact = {
      arrays: { big: { data, shape: [data.length], dims: ["i"], units: "1" } },
      values: {},
    };
    const loaded = await store.load(await store.save(big));
    expect(Buffer.compare(new Uint8Array(loaded.arrays.big!.data.buffer), new Uint8Array(data.buffer))).toBe(
      0,
    );
  });

  test("equal artifacts are stored once, equal arrays of different artifacts too", async () => {
    await store.save(vector(1, 2, 3));
    const once = store.stats();
    await store.save(vector(1, 2, 3));
    expect(store.stats()).toEqual(once);
    await store.save({ ...vector(1, 2, 3), values: { other: true } });
    const { artifacts, bytes } = store.stats();
    expect(artifacts).toBe(2);
    expect(bytes - once.bytes).toBeLessThan(once.bytes);
  });

  test("a result is remembered with all it holds, its artifact and its trail", async () => {
    const made = madeBy("a");
    expect(store.result(made.key)).toBeUndefined();
    const result = await store.commit(made, vector(1));
    expect(result).toStrictEqual({ ...made, content: store.identify(vector(1)) });
    expect(store.result(made.key)).toStrictEqual(result);
    expect(store.lookup(made.key)).toBe(result.content);
    expect(store.lastKeys("a")).toEqual({ key: made.key });
    expect(spelt(await store.load(result.content))).toEqual(spelt(vector(1)));
  });

  test("of two results of one key the first stays, unless it is replaced or lost", async () => {
    const first = await store.commit(madeBy("a", 1), vector(1));
    expect(await store.commit(madeBy("a", 2), vector(1))).toEqual(first);
    expect(await store.commit(madeBy("a", 2), vector(2))).toEqual(first);
    expect(store.has(store.identify(vector(2)))).toBe(false);
    const second = await store.commit(madeBy("a", 2), vector(2), { replace: true });
    expect(second).toMatchObject({ seconds: 2, content: store.identify(vector(2)) });
    expect(store.result(first.key)).toEqual(second);
    expect(store.has(first.content)).toBe(true);
  });

  test("what cannot be stored leaves nothing behind", async () => {
    const wrong = { arrays: { x: { ...vector(1, 2).arrays.x!, shape: [3] } }, values: {} };
    await expect(store.commit(madeBy("a"), wrong)).rejects.toThrow("needs 3 elements");
    const unnamed = { ...madeBy("a"), seconds: Number.NaN };
    await expect(store.commit(unnamed, vector(1))).rejects.toThrow("$.seconds is NaN");
    expect(store.stats()).toMatchObject({ results: 0, artifacts: 0 });
    expect(store.lastKeys("a")).toBeUndefined();
  });

  test("a trail has the last key and the one before that differed", async () => {
    expect(store.lastKeys("a")).toBeUndefined();
    await store.recordLastKeys(new Map([["a", "1"]]));
    expect(store.lastKeys("a")).toEqual({ key: "1" });
    await store.recordLastKeys(new Map([["a", "1"]]));
    expect(store.lastKeys("a")).toEqual({ key: "1" });
    await store.recordLastKeys(new Map([["a", "2"]]));
    await store.recordLastKeys(new Map([["a", "2"]]));
    expect(store.lastKeys("a")).toEqual({ key: "2", previous: "1" });
    await store.recordLastKeys(new Map([["a", "1"]]));
    expect(store.lastKeys("a")).toEqual({ key: "1", previous: "2" });
    expect(store.lastKeys("b")).toBeUndefined();
  });

  test("any text may name a node or be asked for", async () => {
    const texts = fc.oneof(
      fc.string({ unit: "binary", maxLength: 20 }),
      fc.constantFrom("", "\0", "a\0", "a", "\x1b"),
      fc
        .tuple(
          fc.constantFrom("x", "é", "€", "😀", "\0", "\x1b", "\uffff"),
          fc.integer({ min: 490, max: 6_000 }),
        )
        .map(([unit, length]) => unit.repeat(length)),
    );
    const model = new Map<string, string>();
    await fc.assert(
      fc.asyncProperty(texts, fc.stringMatching(/^[0-9a-f]{4}$/), async (name, key) => {
        await store.recordLastKeys(new Map([[name, key]]));
        model.set(name, key);
        expect([store.result(name), store.has(name)]).toEqual([undefined, false]);
        for (const [known, last] of model) expect(store.lastKeys(known)?.key).toBe(last);
      }),
      { numRuns: 100, seed: 7 },
    );
  });

  test("entries are the results with the bytes of their artifacts; stats sum them up", async () => {
    const big = vector(...Array.from({ length: 1_000 }, (_, index) => index));
    const small = await store.commit(madeBy("a", 2), vector(1));
    const large = [await store.commit(madeBy("b", 2), big), await store.commit(madeBy("c", 2), big)];
    const entries = store.entries().sort((a, b) => (a.preImage.stage < b.preImage.stage ? -1 : 1));
    expect(entries).toMatchObject([small, ...large]);
    const [a, b, c] = entries.map(({ bytes }) => bytes) as [number, number, number];
    expect([a > 8, b > 8_000, b < 9_000, c === b]).toEqual([true, true, true, true]);
    expect(store.stats()).toMatchObject({ results: 3, artifacts: 2, seconds: 6, bytes: a + b });
    expect(store.stats().allocated).toBeGreaterThanOrEqual(a + b);
  });

  test("what is not stored cannot be loaded", async () => {
    const content = store.identify(vector(1));
    await expect(store.load(content)).rejects.toThrow(StoreError);
    await expect(store.load(content)).rejects.toThrow(`The artifact ${content} is not in the cache`);
  });

  test.each([
    ["changed bytes", new Uint8Array(24).fill(7), "do not match their hash"],
    ["cut bytes", new Uint8Array(23), "do not match their hash"],
    ["no bytes", new Uint8Array(0), "do not match their hash"],
    ["a missing array", undefined, "are missing"],
  ])("damage is never served: %s", async (_, bytes, message) => {
    const artifact = vector(1, 2, 3);
    const { content } = await store.commit(madeBy("tf-fit/exc"), artifact);
    const { blobs } = encode(artifact);
    await subject().damage([...blobs.keys()][0]!, bytes);
    await expect(store.load(content)).rejects.toThrow(StoreError);
    await expect(store.load(content)).rejects.toMatchObject({
      message: `The artifact ${content} of tf-fit/exc is damaged: the bytes of array x ${message}.`,
      fault: { what: "artifact", content, stage: "tf-fit/exc" },
    });
  });

  test("what is damaged is in quarantine, with all that shares it, until it is computed again", async () => {
    const artifact = vector(1, 2, 3);
    const sharing = { ...artifact, values: { other: true } };
    const { content, key } = await store.commit(madeBy("a"), artifact);
    const other = await store.commit(madeBy("b"), sharing);
    const sound = await store.commit(madeBy("c"), vector(4));
    const blob = [...encode(artifact).blobs.keys()][0]!;
    await subject().damage(blob, new Uint8Array(24));
    expect([store.has(content), store.damage(content)]).toEqual([true, undefined]);
    await expect(store.load(content)).rejects.toThrow(StoreError);
    for (const hash of [content, other.content, blob]) {
      expect(store.damage(hash)).toEqual({
        hash,
        found: new Date(store.now()).toISOString(),
        what: "the bytes of array x do not match their hash",
      });
    }
    expect([content, other.content, sound.content].map((each) => store.has(each))).toEqual([
      false,
      false,
      true,
    ]);
    expect([key, other.key, sound.key].map((each) => store.lookup(each))).toEqual([
      undefined,
      undefined,
      sound.content,
    ]);
    await store.commit(madeBy("a", 5), artifact);
    expect(spelt(await store.load(content))).toEqual(spelt(artifact));
    expect([store.damage(content), store.damage(blob)]).toEqual([undefined, undefined]);
    expect(store.result(key)?.seconds).toBe(5);
    expect(store.damage(other.content)).toBeDefined();
    expect(await store.save(sharing)).toBe(other.content);
    expect(store.damage(other.content)).toBeUndefined();
    expect(store.lookup(other.key)).toBe(other.content);
  });

  test("computing a damaged artifact again heals it", async () => {
    const artifact = vector(1, 2, 3);
    const content = await store.save(artifact);
    const { blobs } = encode(artifact);
    await subject().damage([...blobs.keys()][0]!, new Uint8Array(24));
    await subject().damage(content, Buffer.from('{"version":1}'));
    await expect(store.load(content)).rejects.toThrow(StoreError);
    await store.save(artifact);
    expect(spelt(await store.load(content))).toEqual(spelt(artifact));
  });
}
