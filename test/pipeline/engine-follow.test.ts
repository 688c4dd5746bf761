import { Subject } from "rxjs";
import { describe, expect, test } from "vitest";
import { type Node, type Revision, source } from "../../pipeline/index.ts";
import {
  add,
  adding,
  endsWith,
  engineOf,
  heldStage,
  idle,
  type Num,
  nothing,
  num,
  record,
  until,
} from "../support/harness.ts";

/** An engine that follows the revisions a test pushes. */
function following() {
  const held = heldStage();
  const { engine, store } = engineOf([held.stage, add]);
  const revisions = new Subject<Revision>();
  const run = record(engine.follow(revisions));
  const planned = () => run.events.filter(({ event }) => event === "planned").length;
  /** Pushes a revision and waits until it has been planned. */
  const revise = async (...targets: Node[]) => {
    const before = planned();
    revisions.next({ targets });
    await until(() => planned() > before);
  };
  return { held, store, revisions, run, revise, planned };
}

describe("unsubscribing", () => {
  test("aborts what runs and lets nothing be recorded", async () => {
    const held = heldStage();
    const { engine, store } = engineOf([held.stage], { jobs: 1 });
    const run = record(engine.run([held.at("x"), held.at("queued")]));
    const call = await held.call("x");
    run.stop();
    await until(() => call.signal.aborted);
    await expect(call.progress(0.5)).rejects.toThrow("abort");
    call.finish(1); // a stage that does not look at its signal
    await idle();
    expect(store.stats()).toMatchObject({ results: 0, artifacts: 0 });
    expect(store.lastKeys("held/x")).toBeUndefined();
    expect(held.calls).toHaveLength(1);
    expect(run.told()).toEqual(["started held/x"]);
  });

  test("leaves the engine as it was: the next run executes anew", async () => {
    const held = heldStage();
    const { engine } = engineOf([held.stage], { jobs: 1 });
    const run = record(engine.run([held.at("x")]));
    const call = await held.call("x");
    run.stop();
    await until(() => call.signal.aborted);
    const next = record(engine.run([held.at("x")]));
    (await held.call("x", 1)).finish(2);
    expect((await next.summary()).executed).toEqual(["held/x"]);
  });

  test("before anything was planned, nothing happens", async () => {
    const held = heldStage();
    const run = record(engineOf([held.stage]).engine.run([held.at("x")]));
    run.stop();
    await idle();
    expect([run.events, held.calls]).toEqual([[], []]);
  });
});

describe("a new revision", () => {
  test("aborts what it does not need and lets go on what it still needs", async () => {
    const { held, run, revise, revisions } = following();
    await revise(adding("sum", { n: 0 }, { kept: held.at("kept"), dropped: held.at("dropped", {}, "old") }));
    const kept = await held.call("kept");
    const dropped = await held.call("old");
    await kept.progress(0.25);

    await revise(adding("sum", { n: 0 }, { kept: held.at("kept"), dropped: held.at("dropped", {}, "new") }));
    await until(() => dropped.signal.aborted);
    expect(kept.signal.aborted).toBe(false);
    (await held.call("new")).finish(2);
    kept.finish(1);
    revisions.complete();
    expect(endsWith(await run.summary())).toEqual({
      ...nothing,
      executed: ["held/kept", "held/dropped", "add/sum"],
    });
    const ofKept = run.events.filter((event) => "stage" in event && event.stage === "held/kept");
    expect(ofKept.map(({ event }) => event)).toEqual([
      "started",
      "progress",
      "started",
      "progress",
      "finished",
    ]);
    expect(held.calls.map(({ label }) => label)).toEqual(["kept", "old", "new"]);
    expect(run.events.filter(({ event }) => event === "summary")).toHaveLength(1);
  });

  test("after the end of the one before runs what changed", async () => {
    const { held, run, revise, revisions } = following();
    const graph = (n: number) => adding("sum", { n }, { x: held.at("x") });
    await revise(graph(1));
    (await held.call("x")).finish(1);
    await until(() => run.events.at(-1)?.event === "summary");
    await revise(graph(2));
    revisions.complete();
    expect(endsWith(await run.summary())).toEqual({ ...nothing, executed: ["add/sum"], hits: ["held/x"] });
  });

  test("a node that waits in both revisions gets one input from one revision", async () => {
    const { held, run, store, revise, revisions } = following();
    // Both arms of the diamond come from `top`; a mix of revisions would give 1 + 20 or 10 + 2.
    const graph = (label: string) => {
      const top = held.at("top", {}, label);
      return adding(
        "sum",
        { n: 0 },
        { left: adding("left", { n: 0 }, { top }), right: held.at("right", { top }) },
      );
    };
    await revise(graph("one"));
    (await held.call("one")).finish(1);
    const stale = await held.call("right");
    await until(() => run.told().includes("finished add/left"));
    await revise(graph("two"));
    expect(stale.signal.aborted).toBe(false);
    (await held.call("two")).finish(10);
    await until(() => stale.signal.aborted);
    stale.finish(2);
    const right = await held.call("right", 1);
    expect(right.inputs.top!.values.n).toBe(10);
    right.finish(20);
    revisions.complete();
    await run.summary();
    const sum = store.result(store.lastKeys("add/sum")!.key)!;
    expect((await store.load(sum.content)).values.n).toBe(30);
    expect(run.told().filter((text) => text === "finished add/sum")).toHaveLength(1);
  });

  test("what runs goes on while its inputs are made again, and is used if they come out as they were", async () => {
    const { held, run, revise, revisions } = following();
    const graph = (label: string) => held.at("below", { top: held.at("top", {}, label) });
    await revise(graph("one"));
    (await held.call("one")).finish(1);
    const below = await held.call("below");
    await revise(graph("two"));
    const two = await held.call("two");
    await idle();
    expect(below.signal.aborted).toBe(false);
    two.finish(1);
    await until(() => run.told().filter((text) => text === "finished held/top").length === 2);
    below.finish(2);
    revisions.complete();
    expect((await run.summary()).executed).toEqual(["held/top", "held/below"]);
    expect(held.calls.map(({ label }) => label)).toEqual(["one", "below", "two"]);
  });

  test("says what has changed, also of revisions that were overtaken", async () => {
    const { held, run, revisions } = following();
    for (const label of ["a", "b"]) revisions.next({ targets: [held.at("x", {}, label)], changes: [label] });
    (await held.call("b")).finish(1);
    revisions.complete();
    await run.summary();
    expect(run.events.filter(({ event }) => event === "revision")).toEqual([
      { event: "revision", number: 1, changes: ["a", "b"] },
    ]);
  });

  test("forces what it names, once", async () => {
    const { held, run, revisions, revise } = following();
    const x = held.at("x");
    await revise(x);
    (await held.call("x")).finish(1);
    await until(() => run.events.at(-1)?.event === "summary");
    revisions.next({ targets: [x], forced: new Set([x]) });
    (await held.call("x", 1)).finish(1);
    await until(() => run.events.filter(({ event }) => event === "summary").length === 2);
    await revise(x);
    revisions.complete();
    expect(endsWith(await run.summary())).toEqual({ ...nothing, hits: ["held/x"] });
  });

  test("bursts coalesce: only the last of several is executed", async () => {
    const { held, run, revisions, planned } = following();
    for (const label of ["a", "b", "c"]) revisions.next({ targets: [held.at("x", {}, label)] });
    (await held.call("c")).finish(1);
    revisions.complete();
    await run.summary();
    expect(held.calls.map(({ label }) => label)).toEqual(["c"]);
    expect(planned()).toBe(1);
  });

  test("that is overtaken while it is planned never starts, and the one before goes on meanwhile", async () => {
    const { held, run, revisions, revise, planned } = following();
    const readings: ((n: number) => void)[] = [];
    const slow = source("slow", () => new Promise<Num>((resolve) => readings.push((n) => resolve(num(n)))));
    await revise(held.at("x"));
    const x = await held.call("x");
    revisions.next({ targets: [adding("overtaken", { n: 1 }, { slow })] });
    await until(() => readings.length === 1);
    await idle();
    expect(x.signal.aborted).toBe(false);
    revisions.next({ targets: [adding("last", { n: 1 }, { slow }), held.at("x")] });
    await until(() => readings.length === 2);
    for (const read of readings) read(1);
    await until(() => planned() === 2);
    x.finish(1);
    revisions.complete();
    expect((await run.summary()).executed.toSorted()).toEqual(["add/last", "held/x"]);
    expect(run.told().join()).not.toContain("overtaken");
    expect(held.calls).toHaveLength(1);
  });

  test("takes the place of a failed one", async () => {
    const { held, run, revise, revisions } = following();
    await revise(held.at("x", {}, "bad"));
    (await held.call("bad")).fail(new Error("down"));
    await until(() => run.events.at(-1)?.event === "summary");
    await revise(held.at("x", {}, "good"));
    (await held.call("good")).finish(1);
    revisions.complete();
    expect(endsWith(await run.summary())).toEqual({ ...nothing, executed: ["held/x"] });
  });

  test("finds in the queue what it still needs", async () => {
    const held = heldStage();
    const { engine } = engineOf([held.stage], { jobs: 1 });
    const revisions = new Subject<Revision>();
    const run = record(engine.follow(revisions));
    revisions.next({ targets: [held.at("a"), held.at("b"), held.at("c")] });
    const a = await held.call("a");
    revisions.next({ targets: [held.at("b"), held.at("d")] });
    await until(() => a.signal.aborted);
    (await held.call("b")).finish(2);
    (await held.call("d")).finish(4);
    revisions.complete();
    expect((await run.summary()).executed).toEqual(["held/b", "held/d"]);
    expect(held.calls.map(({ label }) => label)).toEqual(["a", "b", "d"]);
  });
});
