import { expect, test } from "vitest";
import { memoryStore } from "../../../cache/index.ts";
import { type Artifact, Engine, place, type Stage, StoreError, source } from "../../../pipeline/index.ts";
import {
  add,
  adding,
  asIs,
  endsWith,
  engineOf,
  heldStage,
  type Num,
  nothing,
  num,
  record,
  sourceOf,
} from "../../support/harness.ts";

/** A store whose artifacts a test can spoil, and an engine that counts nothing but runs `add`. */
function spoilable(stages: Stage[] = [add]) {
  const store = memoryStore();
  const { engine } = engineOf(stages, { store });
  const contentOf = (name: string) => store.result(store.lastKeys(name)!.key)!.content;
  const spoil = (content: string) => store.tables.artifacts.put(content, '{"version":1}');
  return { store, engine, contentOf, spoil };
}

/** a → b → c, and d beside c. */
const graph = ({ c = 0, d = 0 } = {}) => {
  const a = adding("a", { n: 1 });
  const b = adding("b", { n: 10 }, { a });
  return [adding("c", { n: c }, { b }), adding("d", { n: d }, { b })];
};
const what = "its manifest does not match its hash";

test("a damaged input is reported and made again, then who needs it runs", async () => {
  const { engine, contentOf, spoil } = spoilable();
  await record(engine.run(graph())).summary();
  const content = contentOf("add/b");
  spoil(content);
  const run = record(engine.run([graph({ c: 1 })[0]!]));
  expect(endsWith(await run.summary())).toEqual({
    ...nothing,
    executed: ["add/b", "add/c"],
    hits: ["add/a"],
  });
  expect(run.events).toContainEqual({ event: "damaged", stage: "add/b", content, what });
  expect(run.told()).toEqual([
    "hit add/a",
    "hit add/b",
    "started add/c",
    "damaged add/b",
    "started add/b",
    "finished add/b",
    "started add/c",
    "finished add/c",
  ]);
});

test("two that miss the same input have it made again once", async () => {
  const { engine, contentOf, spoil } = spoilable();
  await record(engine.run(graph())).summary();
  spoil(contentOf("add/b"));
  const run = record(engine.run(graph({ c: 1, d: 1 })));
  expect((await run.summary()).executed).toEqual(["add/b", "add/c", "add/d"]);
  expect(run.told().filter((text) => /finished add.b|damaged/.test(text))).toEqual([
    "damaged add/b",
    "finished add/b",
  ]);
});

test("two in a row that share one artifact have it made again by the first", async () => {
  const { engine, contentOf, spoil } = spoilable();
  const a = adding("a", { n: 1 });
  const b = adding("b", { n: 0 }, { a });
  await record(engine.run([b])).summary();
  expect(contentOf("add/a")).toBe(contentOf("add/b"));
  spoil(contentOf("add/b"));
  const run = record(engine.run([adding("c", { n: 5 }, { b })]));
  expect(endsWith(await run.summary())).toEqual({
    ...nothing,
    executed: ["add/a", "add/c"],
    hits: ["add/b"],
  });
});

test("damage is made good as far up as it goes", async () => {
  const { engine, store, contentOf, spoil } = spoilable();
  await record(engine.run(graph())).summary();
  for (const name of ["add/a", "add/b"]) spoil(contentOf(name));
  const run = record(engine.run(graph({ c: 1 })));
  expect(endsWith(await run.summary())).toEqual({
    ...nothing,
    executed: ["add/a", "add/b", "add/c"],
    hits: ["add/d"],
  });
  expect((await store.load(contentOf("add/c"))).values.n).toBe(12);
});

test("what a source held is stored again", async () => {
  const { engine, store, contentOf, spoil } = spoilable();
  const file = sourceOf("file", () => 5);
  await record(engine.run([adding("a", { n: 1 }, { file })])).summary();
  spoil(store.identify(num(5)));
  const run = record(engine.run([adding("a", { n: 2 }, { file })]));
  expect((await run.summary()).executed).toEqual(["add/a"]);
  expect(run.told()).toContain("damaged file");
  expect((await store.load(contentOf("add/a"))).values.n).toBe(7);
});

test("an artifact is made again once a run; after that it is a failure of the store", async () => {
  const { engine, store, contentOf, spoil } = spoilable();
  await record(engine.run(graph())).summary();
  const content = contentOf("add/b");
  spoil(content);
  const { put } = store.tables.artifacts;
  store.tables.artifacts.put = (key, manifest) => put(key, key === content ? "{}" : manifest);
  const run = record(engine.run([graph({ c: 1 })[0]!]));
  expect(endsWith(await run.summary())).toEqual({
    ...nothing,
    executed: ["add/b"],
    hits: ["add/a"],
    failed: ["add/c"],
  });
  expect(run.events).toContainEqual({
    event: "failed",
    stage: "add/c",
    failure: {
      kind: "store",
      message: expect.stringContaining(`${content} of add/b is damaged: ${what}`),
      fault: { what: "artifact", content, stage: "add/b" },
    },
  });
});

test("a stage that makes something else the second time fails: nothing is computed from a mix", async () => {
  let calls = 0;
  const fickle: Stage<object, Record<never, never>, Num> = {
    id: "fickle",
    params: asIs(),
    run: async () => num(calls++),
  };
  const { engine, contentOf, spoil } = spoilable([add, fickle]);
  const fickleNode = place(fickle, "fickle", {}, {});
  const target = (n: number) => adding("a", { n }, { x: fickleNode });
  await record(engine.run([target(1)])).summary();
  spoil(contentOf("fickle"));
  const run = record(engine.run([target(2)]));
  expect(await run.summary()).toMatchObject({ executed: [], failed: ["fickle"], blocked: ["add/a"] });
  expect(run.events).toContainEqual({
    event: "failed",
    stage: "fickle",
    failure: { kind: "store", message: expect.stringContaining("the stage is not deterministic") },
  });
  expect((await record(engine.run([target(2)])).summary()).executed).toEqual(["add/a"]);
});

test("compute gives an artifact that was damaged where it lay", async () => {
  const { engine, contentOf, spoil } = spoilable();
  const [target] = graph();
  expect((await engine.compute(target!)).values.n).toBe(11);
  spoil(contentOf("add/c"));
  expect((await engine.compute(target!)).values.n).toBe(11);
});

test("a source that changes while a stage runs changes none of its inputs", async () => {
  const held = heldStage();
  const { engine, store, contentOf } = spoilable([held.stage, add]);
  let value = 1;
  const file = sourceOf("file", () => value);
  const target = () => adding("after", { n: 0 }, { file, held: held.at("x", { file }) });
  const first = record(engine.run([target()]));
  const call = await held.call("x");
  value = 2;
  call.finish(call.inputs.file!.values.n * 10);
  await first.summary();
  expect((await store.load(contentOf("add/after"))).values.n).toBe(11);
  const second = record(engine.run([target()]));
  const later = await held.call("x", 1);
  later.finish(later.inputs.file!.values.n * 10);
  expect((await second.summary()).executed).toEqual(["held/x", "add/after"]);
  expect((await store.load(contentOf("add/after"))).values.n).toBe(22);
  for (const { preImage, content } of store.entries()) {
    if (preImage.stage !== "held/x") continue;
    const input = (await store.load(preImage.inputs.file!)).values.n as number;
    expect((await store.load(content)).values.n).toBe(input * 10);
  }
});

test("memory that is written to after it was read is no input: nothing is remembered of it", async () => {
  const data = Float64Array.of(1);
  const reading: Artifact = { arrays: { x: { data, shape: [1], dims: ["i"], units: "1" } }, values: {} };
  const sum: Stage<object, { x: Artifact; gate: Num }, Num> = {
    id: "sum",
    params: asIs(),
    run: async ({ inputs }) => num(inputs.x.arrays.x!.data[0]!),
  };
  const held = heldStage();
  const store = memoryStore();
  const engine = new Engine({ store, stages: [sum as unknown as Stage, held.stage] });
  const x = source("live", async () => reading);
  const run = record(engine.run([place(sum, "sum", {}, { x, gate: held.at("gate") })]));
  const gate = await held.call("gate");
  data[0] = 2;
  gate.finish(0);
  expect((await run.summary()).failed).toEqual(["sum"]);
  expect(run.events).toContainEqual({
    event: "failed",
    stage: "sum",
    failure: { kind: "bad-input", message: "live was changed in memory after it had been read; run again." },
  });
  expect(store.entries().map(({ preImage }) => preImage.stage)).toEqual(["held/gate"]);
});

test("a store that cannot be written still serves nothing damaged, and says so", async () => {
  const { store, engine, contentOf, spoil } = spoilable();
  await record(engine.run(graph())).summary();
  const content = contentOf("add/b");
  spoil(content);
  store.tables.transaction = () => {
    throw new StoreError("the disk is full");
  };
  await expect(store.load(content)).rejects.toThrow(`${content} of add/b is damaged`);
  const run = record(engine.run(graph({ c: 1 })));
  expect((await run.summary()).failed).toEqual(["add/c"]);
  expect(run.events).toContainEqual({
    event: "failed",
    stage: "add/c",
    failure: { kind: "store", message: "the disk is full" },
  });
});
