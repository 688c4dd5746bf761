import { describe, expect, test } from "vitest";
import { TimeLimitExceeded } from "../../pipeline/executors.ts";
import { BadInput, type Node, place, type Stage, StoreError, Transient } from "../../pipeline/index.ts";
import { failureOf, isError } from "../../pipeline/inspect.ts";
import { deserializeError, serializeError } from "../../pipeline/jobs/serialized-error.ts";
import {
  add,
  adding,
  asIs,
  endsWith,
  engineOf,
  heldStage,
  idle,
  type Num,
  nothing,
  num,
  record,
  sourceOf,
  withMethods,
} from "../support/harness.ts";

const failing: Stage<object, Record<string, Num>, Num> = {
  id: "failing",
  params: asIs(),
  run: async () => {
    throw new Error("no such luck");
  },
};
const fails = (inputs: Record<string, Node<Num>> = {}) => place(failing, "failing", {}, inputs);

describe("a stage that throws", () => {
  test("fails; what depends on it is blocked by it, however far", async () => {
    const { engine } = engineOf([add, failing]);
    const b = adding("b", { n: 1 }, { x: fails({ a: adding("a", { n: 1 }) }) });
    const run = record(engine.run([adding("c", { n: 1 }, { b })]));
    expect(endsWith(await run.summary())).toEqual({
      ...nothing,
      executed: ["add/a"],
      failed: ["failing"],
      blocked: ["add/b", "add/c"],
    });
    expect(run.events).toContainEqual({
      event: "failed",
      stage: "failing",
      failure: { kind: "stage", message: "no such luck", stack: expect.stringContaining("failure.test.ts") },
    });
    expect(run.events).toContainEqual({ event: "blocked", stage: "add/c", by: ["failing"] });
  });

  test("is executed again at the next run", async () => {
    const held = heldStage();
    const { engine } = engineOf([held.stage]);
    const first = record(engine.run([held.at("x")]));
    (await held.call("x")).fail(new Error("once"));
    expect((await first.summary()).failed).toEqual(["held/x"]);
    const second = record(engine.run([held.at("x")]));
    (await held.call("x", 1)).finish(1);
    expect((await second.summary()).executed).toEqual(["held/x"]);
  });

  test("aborts what else runs, and lets nothing begin any more", async () => {
    const held = heldStage();
    const { engine, store } = engineOf([held.stage, add], { jobs: 2 });
    const other = held.at("other");
    const x = held.at("x");
    const targets = [
      x,
      other,
      held.at("queued"),
      adding("behind", { n: 1 }, { other }),
      adding("behind-both", { n: 1 }, { x: held.at("x2"), other }),
      adding("behind-x", { n: 1 }, { x }),
    ];
    const run = record(engine.run(targets));
    const call = await held.call("other");
    (await held.call("x")).fail(new Error("down"));
    expect(endsWith(await run.summary())).toEqual({
      ...nothing,
      failed: ["held/x"],
      blocked: ["add/behind-x"],
      aborted: ["held/other", "held/queued", "add/behind", "held/x2", "add/behind-both"],
    });
    expect(run.told().slice(0, 4)).toEqual([
      "started held/x",
      "started held/other",
      "failed held/x",
      "aborted held/other",
    ]);
    await idle();
    expect(call.signal.aborted).toBe(true);
    call.finish(1);
    await idle();
    expect(store.stats().results).toBe(0);
    expect(held.calls).toHaveLength(2);
  });

  test("a node between a failed and an aborted input is blocked", async () => {
    const held = heldStage();
    const { engine } = engineOf([held.stage, add]);
    const target = adding("both", { n: 1 }, { slow: held.at("slow"), bad: held.at("bad") });
    const run = record(engine.run([target]));
    await held.call("slow");
    (await held.call("bad")).fail(new Error("down"));
    expect(endsWith(await run.summary())).toEqual({
      ...nothing,
      failed: ["held/bad"],
      aborted: ["held/slow"],
      blocked: ["add/both"],
    });
  });

  test("with keepGoing, all that does not depend on it is done", async () => {
    const held = heldStage();
    const { engine } = engineOf([held.stage, add, failing]);
    const bad = fails();
    const targets = [
      adding("b", { n: 1 }, { bad, slow: held.at("slow") }),
      adding("c", { n: 1 }, { slow: held.at("slower") }),
    ];
    const run = record(engine.run(targets, { keepGoing: true }));
    for (const label of ["slow", "slower"]) {
      const { finish, signal } = await held.call(label);
      await idle();
      expect(signal.aborted).toBe(false);
      finish(1);
    }
    expect(endsWith(await run.summary())).toEqual({
      ...nothing,
      executed: ["held/slow", "held/slower", "add/c"],
      failed: ["failing"],
      blocked: ["add/b"],
    });
  });

  test("a node behind two failures is blocked by both", async () => {
    const held = heldStage();
    const { engine } = engineOf([held.stage, add]);
    const run = record(
      engine.run([adding("c", { n: 1 }, { x: held.at("x"), y: held.at("y") })], { keepGoing: true }),
    );
    (await held.call("x")).fail("words, not an error");
    (await held.call("y")).fail(new Error("down"));
    await run.summary();
    expect(run.events).toContainEqual({ event: "blocked", stage: "add/c", by: ["held/x", "held/y"] });
    expect(run.events).toContainEqual({
      event: "failed",
      stage: "held/x",
      failure: { kind: "stage", message: "words, not an error", stack: "" },
    });
  });
});

describe("what a stage may not give", () => {
  test.each<[string, unknown]>([
    ["values JSON cannot carry", num(Number.NaN)],
    [
      "arrays that contradict themselves",
      { arrays: { x: { data: new Int8Array(1), shape: [2], dims: ["i"], units: "1" } }, values: {} },
    ],
    ["nothing", undefined],
  ])("%s", async (_, artifact) => {
    const stage = { ...failing, run: async () => artifact as Num };
    const { engine, store } = engineOf([stage]);
    const run = record(engine.run([place(stage, "failing", {}, {})]));
    expect((await run.summary()).failed).toEqual(["failing"]);
    expect(store.stats()).toMatchObject({ results: 0, artifacts: 0 });
  });
});

describe("a source that cannot be read", () => {
  const broken = sourceOf("recording.mat", () => {
    throw new BadInput("recording.mat is no MAT file");
  });

  test("fails, blocks what needs it, and nothing else begins", async () => {
    const { engine } = engineOf([add]);
    const target = adding("b", { n: 1 }, { a: adding("a", { n: 1 }, { broken }) });
    const run = record(engine.run([target, adding("other", { n: 1 })]));
    expect(endsWith(await run.summary())).toEqual({
      ...nothing,
      failed: ["recording.mat"],
      blocked: ["add/a", "add/b"],
      aborted: ["add/other"],
    });
    expect(run.told()).toEqual([
      "failed recording.mat",
      "blocked add/a",
      "blocked add/b",
      "aborted add/other",
    ]);
    expect(run.events[1]).toMatchObject({ failure: { kind: "bad-input" } });
  });

  test("with keepGoing the rest is done", async () => {
    const { engine } = engineOf([add]);
    const targets = [adding("a", { n: 1 }, { broken }), adding("other", { n: 1 })];
    const summary = await record(engine.run(targets, { keepGoing: true })).summary();
    expect(summary).toMatchObject({ failed: ["recording.mat"], blocked: ["add/a"], executed: ["add/other"] });
  });
});

describe("a store that fails", () => {
  const disk = () => Promise.reject(new StoreError("the disk is full"));

  test("while a result is written: the stage fails with kind store", async () => {
    const { store } = engineOf([]);
    const { engine } = engineOf([add], { store: withMethods(store, { commit: disk }) });
    const run = record(engine.run([adding("a", { n: 1 })]));
    await run.summary();
    expect(run.events).toContainEqual({
      event: "failed",
      stage: "add/a",
      failure: { kind: "store", message: "the disk is full" },
    });
  });

  test("while the trails of hits are written: the run ends with the error", async () => {
    const held = heldStage();
    const { store, engine: before } = engineOf([add]);
    await record(before.run([adding("a", { n: 1 })])).summary();
    const full = withMethods(store, { recordLastKeys: disk });
    const { engine } = engineOf([add, held.stage], { store: full });
    const run = record(engine.run([adding("a", { n: 1 }), held.at("x")]));
    (await held.call("x")).finish(1);
    await expect(run.summary()).rejects.toThrow(StoreError);
    expect(run.told()).toContain("finished held/x");
  });
});

test("errors become failures by their class", () => {
  class TooLong extends BadInput {}
  expect(failureOf(new BadInput("m"))).toEqual({ kind: "bad-input", message: "m." });
  expect(failureOf(new TooLong("m"))).toEqual({ kind: "bad-input", message: "m." });
  expect(failureOf(new StoreError("m"))).toEqual({ kind: "store", message: "m" });
  expect(failureOf(new Transient("m"))).toEqual({ kind: "transient", message: "m" });
  expect(failureOf(new RangeError(""))).toMatchObject({ kind: "stage", message: "RangeError" });
  expect(failureOf(undefined)).toEqual({ kind: "stage", message: "undefined", stack: "" });
});

test("an error of another copy of the package is recognised by the name of its class", () => {
  const other = Object.assign(new Error("m"), { name: "BadInput" });
  expect(other).not.toBeInstanceOf(BadInput);
  expect(isError(other, BadInput)).toBe(true);
  expect(isError(other, StoreError)).toBe(false);
  expect(failureOf(other)).toEqual({ kind: "bad-input", message: "m" });
  expect(isError({ name: "BadInput", message: "m" }, BadInput)).toBe(false);
});

describe("an error that crosses threads", () => {
  const crossed = (error: Error) => deserializeError(structuredClone(serializeError(error))) as Error;
  class TooLong extends BadInput {
    readonly steps = 3;
  }

  test.each([
    ["of the framework", new StoreError("the disk is full"), StoreError],
    ["with a fault", new StoreError("m", { fault: { what: "entry" } }), StoreError],
    ["whose message its constructor makes", new TimeLimitExceeded(2), TimeLimitExceeded],
    ["of a stage's own class", new TooLong("3 steps are too many"), BadInput],
    ["of another copy of the package", Object.assign(new Error("m"), { name: "Transient" }), Transient],
    ["that has no class of ours", new RangeError("too far"), Error],
  ])("%s is of the same class again", (_, error, kind) => {
    const { name, message, stack } = error;
    expect(crossed(error)).toBeInstanceOf(kind);
    expect(crossed(error)).toMatchObject({ name, message, stack });
    expect(failureOf(crossed(error))).toEqual(failureOf(error));
  });
});
