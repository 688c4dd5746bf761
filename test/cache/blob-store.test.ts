import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import type { Redis } from "ioredis";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { artifactExchange } from "../../cache/artifact-exchange.ts";
import { type BlobStore, pack, unpack } from "../../cache/blob-store.ts";
import { encode } from "../../cache/codec.ts";
import { folderBlobs } from "../../cache/folder-blobs.ts";
import { redisBlobs } from "../../cache/redis-blobs.ts";
import { Missing } from "../../pipeline/executors.ts";
import { hash } from "../../pipeline/inspect.ts";
import { hasRedis, redisTitle, startRedis, type TestRedis } from "../support/redis.ts";
import { artifacts, spelt } from "./artifacts.ts";
import { vector } from "./samples.ts";

/** One implementation as these tests see it: an empty one, and a way to spoil what it holds. */
interface Subject {
  open(): Promise<BlobStore>;
  spoil(hash: string, bytes: Uint8Array): Promise<void>;
}

const bytes = (text: string) => new TextEncoder().encode(text);
const map = (...texts: string[]) => new Map(texts.map((text) => [hash(text), bytes(text)]));

/** What every implementation of `BlobStore` does. */
function blobsBehaviour(subject: () => Subject): void {
  let blobs: BlobStore;
  beforeEach(async () => {
    blobs = await subject().open();
  });

  test("gives back what was put, and nothing of what was not", async () => {
    await blobs.put(map("one", "two"));
    expect(await blobs.get([hash("one"), hash("three"), hash("two")])).toEqual(map("one", "two"));
    expect(await blobs.get([])).toEqual(new Map());
  });

  test("keeps any bytes, none and many", async () => {
    const many = Uint8Array.from({ length: 3_000_001 }, (_, at) => Math.imul(at, 2_654_435_761) >>> 24);
    const all = new Map([
      ["a".repeat(64), new Uint8Array(0)],
      ["b".repeat(64), Uint8Array.of(0, 10, 13, 255)],
      ["c".repeat(64), many],
    ]);
    await blobs.put(all);
    const found = await blobs.get([...all.keys()]);
    // Compared at once: millions of elements one by one take half a minute.
    expect([...found].map(([name, got]) => Buffer.compare(got, all.get(name)!))).toEqual([0, 0, 0]);
  });

  test("what many put at once is whole", async () => {
    const texts = Array.from({ length: 20 }, (_, at) => `text ${at % 5} `.repeat(1000));
    await Promise.all(texts.map((text) => blobs.put(map(text))));
    expect(await blobs.get(texts.map((text) => hash(text)))).toEqual(map(...texts));
  });

  test("takes out what is dropped, which can be put again", async () => {
    await blobs.put(map("one", "two"));
    await blobs.drop(hash("one"));
    await blobs.drop(hash("three"));
    expect(await blobs.get([hash("one"), hash("two")])).toEqual(map("two"));
    await blobs.put(map("one"));
    expect(await blobs.get([hash("one")])).toEqual(map("one"));
  });

  test("holds artifacts bit for bit", async () => {
    const depot = artifactExchange(blobs);
    await fc.assert(
      fc.asyncProperty(artifacts, async (artifact) => {
        await depot.put(artifact);
        const content = contentOf(artifact);
        expect(spelt(await depot.artifact(content))).toStrictEqual(spelt(artifact));
      }),
      { numRuns: 40, seed: 8 },
    );
  });

  test("bytes that do not match their hash are missing, and are healed by being put again", async () => {
    const depot = artifactExchange(blobs);
    const [content, array] = [contentOf(vector(1, 2)), hash(new Uint8Array(Float64Array.of(1, 2).buffer))];
    const damages = [bytes("no deflated bytes"), Uint8Array.of(1, 2, 3), new Uint8Array(0)];
    for (const damage of damages) {
      for (const hurt of [content, array]) {
        await depot.put(vector(1, 2));
        await subject().spoil(hurt, damage);
        await expect(depot.artifact(content)).rejects.toThrow(Missing);
        await depot.put(vector(1, 2));
        expect((await depot.artifact(content)).arrays.x!.data).toEqual(Float64Array.of(1, 2));
      }
    }
    await expect(depot.text(hash("nothing"))).rejects.toThrow(Missing);
  });
}

const contentOf = (artifact: Parameters<typeof encode>[0]): string => encode(artifact).content;

test("what is packed is unpacked, in fewer bytes where it can be", async () => {
  const zeros = new Uint8Array(100_000);
  const small = await pack(zeros);
  expect(small.length).toBeLessThan(1000);
  expect(await unpack(small, hash(zeros))).toEqual(zeros);
  const noise = Uint8Array.from({ length: 1000 }, (_, at) => Math.imul(at + 1, 2_654_435_761) >>> 24);
  expect((await pack(noise)).length).toBeLessThanOrEqual(noise.length + 1);
});

describe("in a folder", () => {
  const root = mkdtempSync(join(tmpdir(), "mesoflow-blobs-"));
  let folder = "";
  let made = 0;
  afterAll(() => rmSync(root, { recursive: true, force: true }));
  blobsBehaviour(() => ({
    async open() {
      made += 1;
      folder = join(root, String(made), "content");
      return folderBlobs(folder);
    },
    async spoil(name, damage) {
      writeFileSync(join(folder, name.slice(0, 2), name), damage);
    },
  }));

  test("leaves no unfinished files, and minds none that others left", async () => {
    const blobs = folderBlobs(folder);
    await blobs.put(map("one"));
    const within = join(folder, hash("one").slice(0, 2));
    expect(readdirSync(within)).toEqual([hash("one")]);
    mkdirSync(join(folder, hash("two").slice(0, 2)), { recursive: true });
    writeFileSync(join(folder, hash("two").slice(0, 2), `${hash("two")}.x.tmp`), "half");
    expect(await blobs.get([hash("two")])).toEqual(new Map());
  });

  test("a folder that cannot be one is told of", async () => {
    const file = join(root, "file");
    writeFileSync(file, "");
    await expect(folderBlobs(file).put(map("one"))).rejects.toMatchObject({
      message: `Cannot write the content folder ${file}: it is no folder, or below something that is none.`,
      fault: { what: "content", folder: file, reason: "unusable" },
    });
  });
});

describe.skipIf(!hasRedis)(redisTitle("in Redis"), { tags: ["process"] }, () => {
  let server: TestRedis;
  let redis: Redis;
  let prefix = "";
  let made = 0;
  const total = async () => Number(await redis.hget(`${prefix}:total`, "bytes"));
  const open = (maxBytes: number): BlobStore => {
    made += 1;
    prefix = `test${made}`;
    return redisBlobs(redis, { prefix, maxBytes });
  };
  beforeAll(async () => {
    server = await startRedis();
    redis = server.client();
  });
  afterAll(() => server.stop());
  blobsBehaviour(() => ({
    open: async () => open(1e8),
    async spoil(name, damage) {
      await redis.hset(`${prefix}:blobs`, name, Buffer.from(damage));
    },
  }));

  test("the least recently used make room, and what is used stays", async () => {
    const blobs = open(3000);
    const texts = ["a", "b", "c"].map((letter) => letter.repeat(1000));
    for (const text of texts) await blobs.put(map(text));
    await blobs.get([hash(texts[0]!)]);
    await blobs.put(map("d".repeat(1000)));
    expect([...(await blobs.get(texts.map((text) => hash(text)))).keys()]).toEqual([
      hash(texts[0]!),
      hash(texts[2]!),
    ]);
    expect(await total()).toBe(3000);
  });

  test("whatever is put and dropped, it holds within its bound just what it counts", async () => {
    const blobs = open(5000);
    const step = fc.record({ of: fc.nat(12), length: fc.nat(1500), drops: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
        for (const { of, length, drops } of steps) {
          if (drops) await blobs.drop(`blob${of}`);
          else await blobs.put(new Map([[`blob${of}`, new Uint8Array(length)]]));
        }
        const all = await redis.hgetallBuffer(`${prefix}:blobs`);
        const held = Object.values(all).reduce((sum, { length }) => sum + length, 0);
        expect(held).toBe(await total());
        expect(held).toBeLessThanOrEqual(5000);
        expect(await redis.zcard(`${prefix}:used`)).toBe(Object.keys(all).length);
      }),
      { numRuns: 30, seed: 3 },
    );
  });

  test("bytes beyond the bound are not kept, and nothing breaks", async () => {
    const blobs = open(100);
    await blobs.put(new Map([["large", new Uint8Array(100_000)]]));
    expect(await blobs.get(["large"])).toEqual(new Map());
    expect(await total()).toBe(0);
  });
});
