import { firstValueFrom, lastValueFrom, toArray } from "rxjs";
import { describe, expect, test } from "vitest";
import type { Stage, Summary } from "../../pipeline/index.ts";
import { stagesOf } from "../../pipeline/inspect.ts";
import type { Num } from "../support/harness.ts";
import {
  add,
  adding,
  all,
  asIs,
  diamond,
  engineOf,
  heldStage,
  idle,
  nothing,
  num,
  record,
  sourceOf,
  until,
} from "../support/harness.ts";

describe("plan", () => {
  test("it says what would run and why, and runs nothing", async () => {
    const { engine, store } = engineOf([add]);
    const states = async (target: ReturnType<typeof diamond>, forced = false) => {
      const plan = await engine.plan([target], forced ? new Set([target]) : undefined);
      return stagesOf(plan).map((node) => plan.states.get(node)!);
    };
    expect(await states(diamond())).toMatchObject([
      { state: "stale", reasons: [{ kind: "never-run" }] },
      { state: "waiting", reasons: [{ kind: "never-run" }, { kind: "upstream", nodes: ["add/a"] }] },
      { state: "waiting" },
      { state: "waiting", reasons: [{ kind: "never-run" }, { kind: "upstream", nodes: ["add/b", "add/c"] }] },
    ]);
    expect(store.stats().artifacts).toBe(0);
    await record(engine.run([diamond()])).summary();
    expect((await states(diamond())).map(({ state }) => state)).toEqual(["fresh", "fresh", "fresh", "fresh"]);
    expect(await states(diamond({ c: 101 }))).toMatchObject([
      { state: "fresh" },
      { state: "fresh" },
      { state: "stale", reasons: [{ kind: "parameter", path: "n", from: 100, to: 101 }] },
      { state: "waiting", reasons: [{ kind: "upstream", nodes: ["add/c"] }] },
    ]);
    expect((await states(diamond({ c: 101 }), true))[3]).toMatchObject({
      state: "waiting",
      reasons: [{ kind: "forced" }, { kind: "upstream", nodes: ["add/c"] }],
    });
  });

  test("a run begins with the names of all stages and of those that may run", async () => {
    const { engine } = engineOf([add]);
    const broken = sourceOf("broken", () => {
      throw new Error("gone");
    });
    await record(engine.run([diamond()])).summary();
    const targets = [diamond({ c: 101 }), adding("e", { n: 1 }, { broken })];
    expect(await firstValueFrom(engine.run(targets))).toEqual({
      event: "planned",
      stages: [...all, "add/e"],
      toRun: ["add/c", "add/d"],
    });
  });

  test("two nodes of one name are an error of the run", async () => {
    const { engine } = engineOf([add]);
    await expect(
      record(engine.run([adding("a", { n: 1 }), adding("a", { n: 2 })])).summary(),
    ).rejects.toThrow("two nodes of the graph are named add/a");
  });
});

describe("events", () => {
  test("their order for one node that runs and its dependent that is hit", async () => {
    const { engine } = engineOf([add]);
    const chain = (a: number) => adding("b", { n: 1 }, { a: adding("a", { n: a, mod: 2 }) });
    await record(engine.run([chain(1)])).summary();
    const events = await lastValueFrom(engine.run([chain(3)]).pipe(toArray()));
    const { key, content } = events[3] as { key: string; content: string };
    expect(events).toEqual([
      { event: "planned", stages: ["add/a", "add/b"], toRun: ["add/a", "add/b"] },
      {
        event: "started",
        stage: "add/a",
        key: expect.stringMatching(/^[0-9a-f]{64}$/),
        reasons: [{ kind: "parameter", path: "n", from: 1, to: 3 }],
      },
      {
        event: "finished",
        stage: "add/a",
        key: expect.any(String),
        content: expect.any(String),
        seconds: expect.any(Number),
      },
      { event: "hit", stage: "add/b", key, content },
      { event: "summary", ...nothing, executed: ["add/a"], hits: ["add/b"], seconds: expect.any(Number) },
    ]);
  });

  test("progress is told with what remains, never as 0", async () => {
    const { stage, at, call } = heldStage();
    const run = record(engineOf([stage]).engine.run([at("x")]));
    const { progress, finish } = await call("x");
    await progress(0);
    await progress(0.5);
    finish(1);
    await run.summary();
    const told = run.events.filter(({ event }) => event === "progress");
    expect(told).toEqual([
      { event: "progress", stage: "held/x", fraction: 0.5, remaining: expect.any(Number) },
    ]);
  });

  test("no more stages run at once than jobs allow, and none is said to have started before it has", async () => {
    const held = heldStage();
    const { engine } = engineOf([held.stage], { jobs: 2 });
    const names = ["a", "b", "c", "d", "e"];
    const run = record(engine.run(names.map((name) => held.at(name))));
    for (const [index, name] of names.entries()) {
      const call = await held.call(name);
      const begun = Math.min(index + 2, names.length);
      await until(() => held.calls.length >= begun);
      await idle();
      expect(held.calls.map(({ label }) => label)).toEqual(names.slice(0, begun));
      expect(run.told().filter((text) => text.startsWith("started"))).toHaveLength(begun);
      call.finish(index);
    }
    expect((await run.summary()).executed).toEqual(names.map((name) => `held/${name}`));
  });

  test("results are recorded with what they came from", async () => {
    const { engine, store } = engineOf([add]);
    const target = adding("b", { n: 2 }, { a: adding("a", { n: 1 }) });
    await record(engine.run([target])).summary();
    const a = store.result(store.lastKeys("add/a")!.key)!;
    const b = store.result(store.lastKeys("add/b")!.key)!;
    expect(b.preImage).toMatchObject({ stage: "add/b", params: { n: 2 }, inputs: { a: a.content } });
    expect(b.where).toEqual({ host: expect.any(String), pid: process.pid, node: process.version });
    await record(engine.run([adding("b", { n: 3 }, { a: adding("a", { n: 1 }) })])).summary();
    expect(store.lastKeys("add/a")).toEqual({ key: a.key });
    expect(store.lastKeys("add/b")).toMatchObject({ previous: b.key });
  });
});

describe("two runs of one engine", () => {
  test("what both need is executed once; when one leaves, the other still gets it", async () => {
    const held = heldStage();
    const { engine } = engineOf([held.stage]);
    const one = record(engine.run([held.at("x")]));
    const call = await held.call("x");
    const other = record(engine.run([held.at("x")]));
    await until(() => other.told().length === 1);
    one.stop();
    await idle();
    expect(call.signal.aborted).toBe(false);
    call.finish(1);
    expect((await other.summary()).executed).toEqual(["held/x"]);
    expect(held.calls).toHaveLength(1);
    expect(one.told()).toEqual(["started held/x"]);
  });
});

describe("compute", () => {
  test("gives the artifact, computed or remembered", async () => {
    const { engine } = engineOf([add]);
    expect((await engine.compute(diamond())).values.n).toBe(112);
    const again: Num = await engine.compute(diamond());
    expect(again.values.n).toBe(112);
  });
  test("throws with the stage's name where anything fails", async () => {
    const failing: Stage<object, Record<never, never>, Num> = {
      id: "failing",
      params: asIs(),
      run: async () => {
        throw new Error("no such luck");
      },
    };
    const { engine } = engineOf([add, failing]);
    const { place } = await import("../../pipeline/index.ts");
    const target = adding("a", { n: 1 }, { x: place(failing, "failing", {}, {}) });
    await expect(engine.compute(target)).rejects.toThrow("failing: no such luck");
    await expect(engine.compute(target)).rejects.toMatchObject({ cause: { kind: "stage" } });
  });
});

test("an engine that was not given a stage says so", async () => {
  const summary: Summary = await record(engineOf([]).engine.run([adding("a", { n: 1 })])).summary();
  expect(summary.failed).toEqual(["add/a"]);
  expect(num(1)).toEqual({ arrays: {}, values: { n: 1 } });
});
