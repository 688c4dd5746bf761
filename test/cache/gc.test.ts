import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type Collection,
  type CollectOptions,
  collectGarbage,
  History,
  LocalStore,
  limitSize,
  memoryStore,
  type Run,
} from "../../cache/index.ts";
import { Pins } from "../../cache/inspect.ts";
import { memoryTables } from "../../cache/memory-store.ts";
import type { Artifact } from "../../pipeline/index.ts";
import { keyOf } from "../../pipeline/inspect.ts";
import { newLeaseHolder, type Result } from "../../pipeline/testing.ts";
import { adding, engineOf, heldStage, record, sourceOf } from "../support/harness.ts";

/** Artifacts whose arrays are `parts`: equal parts share their bytes. */
const artifactOf = (parts: readonly number[], tag: number): Artifact => ({
  arrays: Object.fromEntries(
    parts.map((part, index) => {
      const data = new Float64Array(10 * (part + 1)).fill(part);
      return [`x${index}`, { data, shape: [data.length], dims: [`i${index}`], units: "1" }];
    }),
  ),
  values: { tag },
});

const day = (n: number): string => new Date(Date.UTC(2025, 0, 1 + n)).toISOString();
const noon = Date.UTC(2025, 0, 20);

async function make(
  store: LocalStore,
  { stage = "s", param = 0, seconds = 1, at = 0, parts = [0], tag = 0, source }: Partial<Made> = {},
): Promise<Result> {
  const input = source === undefined ? undefined : await store.save(artifactOf([source], 1_000 + source));
  const preImage = { stage, code: "c", params: { param }, inputs: input ? { in: input } : {} };
  const made = {
    ...{ key: keyOf(preImage), preImage, seconds, at: day(at) },
    where: { host: "h", pid: 1, node: "v20" },
  };
  return store.commit(made, artifactOf(parts, tag));
}

interface Made {
  readonly stage: string;
  readonly param: number;
  readonly seconds: number;
  readonly at: number;
  readonly parts: readonly number[];
  readonly tag: number;
  readonly source: number | undefined;
}

const runWith = (id: string, results: readonly Result[], at = 0): Run => ({
  id,
  ...{ begin: day(at), end: day(at), outcome: "done" },
  revision: { targets: [], configuration: {} },
  versions: { mesoflow: "0", node: "v20" },
  stages: results.map(({ key, content, preImage }) => ({
    ...{ stage: preImage.stage, ending: "hit", key, content },
  })),
});

/** A store whose clock stands still. */
const storeAt = (now = noon): LocalStore => new LocalStore(memoryTables(), () => now);

describe("for all stores", () => {
  const made = fc.record({
    stage: fc.constantFrom("a", "b", "c"),
    param: fc.nat(20),
    seconds: fc.nat(100),
    at: fc.nat(19),
    parts: fc.array(fc.nat(5), { maxLength: 3 }),
    tag: fc.nat(5),
    source: fc.option(fc.nat(3), { nil: undefined }),
  });
  const scenario = fc.record({
    all: fc.array(made, { minLength: 1, maxLength: 25 }),
    pinned: fc.array(fc.nat(24), { maxLength: 3 }),
    runs: fc.array(fc.array(fc.nat(24), { maxLength: 4 }), { maxLength: 4 }),
    keepRuns: fc.nat(3),
    planned: fc.array(fc.nat(24), { maxLength: 3 }),
    tenant: fc.option(
      fc.record({ keys: fc.array(fc.nat(24), { maxLength: 2 }), stage: fc.constantFrom("a", "z") }),
      {
        nil: undefined,
      },
    ),
    leased: fc.array(fc.nat(24), { maxLength: 2 }),
    maxBytes: fc.option(fc.nat(4_000), { nil: undefined }),
    maxAge: fc.option(fc.nat(20 * 86_400), { nil: undefined }),
    dryRun: fc.boolean(),
  });

  test("nothing that a root reaches is lost, limits are met where that leaves it possible, what is left decodes", async () => {
    await fc.assert(
      fc.asyncProperty(scenario, async (given) => {
        const store = storeAt();
        const results: Result[] = [];
        for (const each of given.all) results.push(await make(store, each));
        const pick = (indices: readonly number[]) => indices.map((index) => results[index % results.length]!);
        const keys = (indices: readonly number[]) => pick(indices).map(({ key }) => key);

        const pins = new Pins(store.tables);
        for (const [index, { key, content }] of pick(given.pinned).entries()) {
          await pins.pin({ name: String(index), key, content, at: day(0) });
        }
        const history = new History(store.tables);
        for (const [index, run] of given.runs.entries())
          await history.append(runWith(String(index), pick(run), index));
        for (const key of keys(given.leased)) await store.claim(key, newLeaseHolder(), true);
        const { tenant } = given;
        if (tenant) {
          await store.retain(newLeaseHolder(), {
            keys: keys(tenant.keys),
            contents: [],
            stages: [tenant.stage],
          });
        }
        const roots = [
          ...pick(given.pinned),
          ...pick(given.planned),
          ...pick(given.leased),
          ...pick(given.runs.slice(given.keepRuns === 0 ? given.runs.length : -given.keepRuns).flat()),
          ...pick(tenant?.keys ?? []),
          ...results.filter(({ preImage }) => preImage.stage === tenant?.stage),
        ];
        const rootContents = new Set(roots.map(({ content }) => content));
        const sources = roots.flatMap(({ preImage }) => Object.values(preImage.inputs));

        const before = store.stats();
        const { maxBytes, maxAge, dryRun } = given;
        const options: CollectOptions = {
          liveSet: { keys: keys(given.planned), contents: [], stages: [] },
          runs: given.keepRuns,
          ...(maxBytes !== undefined && { maxBytes }),
          ...(maxAge !== undefined && { maxAge }),
        };
        const preview = await collectGarbage(store, { ...options, dryRun: true });
        expect(store.stats()).toEqual(before);
        if (dryRun) return;
        const collection = await collectGarbage(store, options);
        expect(collection).toEqual(preview);

        for (const content of [...rootContents, ...sources]) expect(store.has(content)).toBe(true);
        const after = store.stats();
        expect(after.bytes).toBe(collection.left);
        expect(before.bytes - after.bytes).toBe(collection.bytes);
        expect(collection.fits).toBe(after.bytes <= (maxBytes ?? Number.POSITIVE_INFINITY));
        const left = results.filter(({ content }) => store.has(content) && !rootContents.has(content));
        if (!collection.fits) expect(left).toEqual([]);
        if (maxAge !== undefined && given.runs.length === 0) {
          for (const { content } of left) {
            const newest = results.filter((each) => each.content === content).map(({ at }) => Date.parse(at));
            expect((noon - Math.max(...newest)) / 1000).toBeLessThanOrEqual(maxAge);
          }
        }
        // Whatever is left has all its bytes, nothing else is stored, and what is gone is still described.
        for (const content of store.tables.artifacts.keys()) await store.load(content);
        for (const { key } of results) expect(store.result(key)?.key).toBe(key);
        const manifests = store.tables.artifacts.values().join();
        for (const blob of store.tables.blobs.keys()) expect(manifests).toContain(blob);
        expect((await collectGarbage(store, options)).freed).toEqual([]);
      }),
      { numRuns: 2_000, seed: 12 },
    );
  });
});

const stagesOf = ({ freed }: Collection) => freed.map(({ stages }) => stages.join());

test("what costs the fewest seconds a byte to make again goes first; the older of two alike", async () => {
  const store = storeAt();
  await make(store, { stage: "dear", seconds: 100, parts: [5], tag: 1 });
  await make(store, { stage: "newer", seconds: 1, parts: [4], tag: 2, at: 3 });
  await make(store, { stage: "older", seconds: 1, parts: [4, 4], tag: 2, at: 3 });
  await make(store, { stage: "cheap", seconds: 0, parts: [1], tag: 3 });
  const order = stagesOf(await collectGarbage(store, { maxBytes: 0, dryRun: true }));
  expect([order[0], order.at(-1)]).toEqual(["cheap", "dear"]);
  const one = await collectGarbage(store, { maxBytes: store.stats().bytes - 1, dryRun: true });
  expect(one).toMatchObject({ fits: true, seconds: 0 });
  expect(stagesOf(one)).toEqual(["cheap"]);
});

test("a result that was used lately is not old, though it was computed long ago", async () => {
  const store = storeAt();
  const used = await make(store, { stage: "used", parts: [1] });
  await make(store, { stage: "unused", parts: [2] });
  await new History(store.tables).append(runWith("1", [used], 18));
  const options = { maxAge: 5 * 86_400, runs: 0 };
  expect(stagesOf(await collectGarbage(store, options))).toEqual(["unused"]);
});

test("without limits only what nothing refers to goes", async () => {
  const store = storeAt();
  await make(store, { source: 1 });
  await store.save(artifactOf([9], 9));
  expect(stagesOf(await collectGarbage(store))).toEqual([""]);
  expect((await collectGarbage(store)).freed).toEqual([]);
});

test("an automatic limit leaves room", async () => {
  const store = storeAt();
  for (let param = 0; param < 10; param += 1) await make(store, { param, tag: param, parts: [param] });
  const { bytes } = store.stats();
  expect(await limitSize(store, bytes, {})).toBeUndefined();
  expect(await limitSize(store, bytes - 1, {})).toMatchObject({ fits: true });
  expect(store.stats().bytes).toBeLessThanOrEqual(0.9 * bytes);
});

test("a pin by content needs the artifact; what is pinned again takes the place", async () => {
  const store = storeAt();
  const [a, b] = [await make(store, { param: 1, tag: 1 }), await make(store, { param: 2, tag: 2 })];
  const pins = new Pins(store.tables);
  expect(await pins.pin({ name: "best", key: a.key, content: a.content, at: day(1) })).toBe(true);
  expect(await pins.pin({ name: "best", key: b.key, content: b.content, at: day(2) })).toBe(true);
  expect(await pins.pin({ name: "lost", key: b.key, content: "0".repeat(64), at: day(2) })).toBe(false);
  expect(pins.all().map(({ name, key }) => [name, key])).toEqual([["best", b.key]]);
  await collectGarbage(store, { maxBytes: 0 });
  expect([a, b].map(({ content }) => store.has(content))).toEqual([false, true]);
  expect(await pins.unpin("best")).toBe(true);
  expect(await pins.unpin("best")).toBe(false);
});

test("a run under way keeps all that it needs; what is freed is told as evicted, and made again", async () => {
  const store = memoryStore();
  const { stage, calls, at, call } = heldStage();
  const input = adding("in", { n: 1 });
  const outer = sourceOf("file", () => 7);
  const { engine } = engineOf([stage, input.stage], { store });
  await record(engine.run([input])).summary();

  const first = at("first", { in: input, file: outer });
  const run = record(engine.run([adding("last", { n: 0 }, { first, in: input })]));
  const running = await call("first");
  await collectGarbage(store, { maxBytes: 0, runs: 0 });
  running.finish(2);
  expect((await run.summary()).executed).toEqual(["held/first", "add/last"]);
  expect(calls).toHaveLength(1);
  expect(store.tables.tenants.keys()).toEqual([]);

  await collectGarbage(store, { maxBytes: 0, runs: 0 });
  expect(store.stats().artifacts).toBe(0);
  const plan = await engine.plan([input]);
  expect(plan.states.get(input)).toMatchObject({ state: "stale", reasons: [{ kind: "evicted" }] });
});
