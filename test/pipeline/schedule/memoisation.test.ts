// @module-tag slow
import { describe, expect, test } from "vitest";
import { memoryStore } from "../../../cache/index.ts";
import {
  add,
  adding,
  all,
  diamond,
  endsWith,
  engineOf,
  heldStage,
  nothing,
  record,
  sourceOf,
} from "../../support/harness.ts";

describe("memoisation", () => {
  test("every node of a diamond runs once; then all are hits", async () => {
    const { engine } = engineOf([add]);
    expect(endsWith(await record(engine.run([diamond()])).summary())).toEqual({ ...nothing, executed: all });
    expect(endsWith(await record(engine.run([diamond()])).summary())).toEqual({ ...nothing, hits: all });
    expect((await engine.compute(diamond())).values.n).toBe(112);
  });

  test("a changed parameter runs exactly what depends on it, and a former value is still known", async () => {
    const { engine } = engineOf([add]);
    await record(engine.run([diamond()])).summary();
    const changed = await record(engine.run([diamond({ b: 11 })])).summary();
    expect(endsWith(changed)).toEqual({ ...nothing, executed: ["add/b", "add/d"], hits: ["add/a", "add/c"] });
    expect((await record(engine.run([diamond()])).summary()).executed).toEqual([]);
  });

  test("a stage that gives the same output again stops the wave", async () => {
    const { engine } = engineOf([add]);
    await record(engine.run([diamond({ a: 1, mod: 2 })])).summary();
    const run = await record(engine.run([diamond({ a: 3, mod: 2 })])).summary();
    expect(endsWith(run)).toEqual({ ...nothing, executed: ["add/a"], hits: ["add/b", "add/c", "add/d"] });
  });

  test("changed code of a stage runs it again", async () => {
    const { store, engine } = engineOf([add]);
    await record(engine.run([diamond()])).summary();
    const later = engineOf([add], { store, fingerprint: () => ({ code: "2", packages: { zod: "4" } }) });
    const plan = await later.engine.plan([diamond()]);
    expect(plan.states.get(plan.nodes[0]!)).toMatchObject({
      state: "stale",
      reasons: [{ kind: "code" }, { kind: "package", name: "zod", to: "4" }],
    });
    expect((await record(later.engine.run([diamond()])).summary()).executed).toEqual(all);
  });

  test("forced nodes run although their results are known, and only they", async () => {
    const { engine } = engineOf([add]);
    await record(engine.run([diamond()])).summary();
    const target = diamond();
    const forced = new Set([target.inputs.b!]);
    const run = record(engine.run([target], { forced }));
    expect(endsWith(await run.summary())).toEqual({
      ...nothing,
      executed: ["add/b"],
      hits: ["add/a", "add/c", "add/d"],
    });
    expect(run.events).toContainEqual(
      expect.objectContaining({ event: "started", reasons: [{ kind: "forced" }] }),
    );
  });

  test("nodes that do the same under two names have two keys, and one artifact", async () => {
    const { engine, store } = engineOf([add]);
    await record(engine.run([adding("one", { n: 7 }), adding("two", { n: 7 })])).summary();
    expect(store.stats()).toMatchObject({ results: 2, artifacts: 1 });
  });

  test("a result whose artifact is lost is made anew", async () => {
    const store = memoryStore();
    const { engine } = engineOf([add], { store });
    await record(engine.run([diamond()])).summary();
    const { artifacts } = store.tables;
    for (const content of artifacts.keys()) artifacts.delete(content);
    const run = record(engine.run([diamond()]));
    expect((await run.summary()).executed).toEqual(all);
    expect(run.events).toContainEqual(
      expect.objectContaining({ event: "started", reasons: [{ kind: "evicted" }] }),
    );
  });
});

test("ten thousand nodes in a row are told to be hits without exhausting the stack", async () => {
  const { engine } = engineOf([add]);
  const chain = (first: number) => {
    let node = adding("0", { n: first, mod: 2 });
    for (let index = 1; index < 10_000; index += 1) node = adding(`${index}`, { n: 1 }, { node });
    return node;
  };
  await record(engine.run([chain(1)])).summary();
  const { executed, hits } = await record(engine.run([chain(3)])).summary();
  expect([executed, hits.length]).toEqual([["add/0"], 9_999]);
});

describe("sources", () => {
  test("a source is read anew at each run; equal readings are hits", async () => {
    const { engine } = engineOf([add]);
    let held = 1;
    const target = adding("a", { n: 1 }, { file: sourceOf("file", () => held) });
    const run = async () => endsWith(await record(engine.run([target])).summary());
    expect(await run()).toEqual({ ...nothing, executed: ["add/a"] });
    expect(await run()).toEqual({ ...nothing, hits: ["add/a"] });
    held = 2;
    expect(await run()).toEqual({ ...nothing, executed: ["add/a"] });
    expect((await engine.compute(target)).values.n).toBe(3);
  });

  test("a run uses one reading, whatever the source holds later", async () => {
    const { stage, at, call } = heldStage();
    const { engine } = engineOf([stage, add]);
    let held = 1;
    const file = sourceOf("file", () => held++);
    const first = at("first");
    const target = adding(
      "sum",
      { n: 0 },
      { file, first, second: adding("second", { n: 0 }, { file, first }) },
    );
    const run = record(engine.run([target]));
    (await call("first")).finish(0);
    await run.summary();
    expect(held).toBe(2);
    expect(run.events.filter(({ event }) => event === "finished")).toHaveLength(3);
  });
});
