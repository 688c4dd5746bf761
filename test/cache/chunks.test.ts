import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  collectGarbage,
  History,
  type LocalStore,
  memoryStore,
  openStore,
  type Run,
} from "../../cache/index.ts";
import {
  audit,
  clear,
  costOf,
  Pins,
  resultsIn,
  secondsByStage,
  suspectsOf,
  verify,
} from "../../cache/inspect.ts";
import { inProcess } from "../../pipeline/executors.ts";
import { type GridNode, grid, type Stage, type StageNode } from "../../pipeline/index.ts";
import { baseOf, coverageOf, liveSetOf } from "../../pipeline/inspect.ts";
import { newLeaseHolder } from "../../pipeline/testing.ts";
import { adding, asIs, engineOf, type Num, num, record, until } from "../support/harness.ts";

/** A stage whose points a test may hold; it counts them. */
function squares() {
  const computed: number[] = [];
  const gate = { isOpen: true };
  const stage: Stage<{ readonly side: number }, { readonly x: Num }, Num> = {
    id: "squares",
    params: asIs(),
    async run({ params: { side }, inputs }) {
      if (!gate.isOpen) await until(() => gate.isOpen);
      computed.push(side);
      return num(side * side + inputs.x.values.n);
    },
  };
  const x = adding("x", { n: 0 });
  const over = (...values: number[]) =>
    grid(stage, "squares", { axes: { side: values }, params: {}, inputs: { x }, chunk: 2 });
  return { stages: [stage as unknown as Stage, x.stage], computed, gate, over };
}

let folder: string;

describe.each([
  ["in memory", () => memoryStore()],
  ["in a folder", () => openStore(folder)],
] as const)("chunks of grids %s", (_, open) => {
  let store: LocalStore;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "mesoflow-chunks-"));
    store = open();
  });
  afterEach(async () => {
    await store.close();
    rmSync(folder, { recursive: true });
  });

  const chunks = () => resultsIn(store.tables).filter(({ partOf }) => partOf !== undefined);
  const setUp = () => {
    const made = squares();
    const { engine } = engineOf(made.stages, { store, jobs: 1 });
    return { ...made, engine, run: (node: StageNode) => record(engine.run([node])).summary() };
  };

  test("are counted apart, and what they took once", async () => {
    const { run, over } = setUp();
    await run(over(1, 2, 3, 4, 5));
    const { results, chunks: count, seconds } = store.stats();
    expect([results, count]).toEqual([2, 3]); // add/x and the grid
    const whole = resultsIn(store.tables).find(({ preImage }) => preImage.axes)!;
    const others = resultsIn(store.tables).filter((each) => each !== whole && each.key !== whole.key);
    expect(seconds).toBeCloseTo(
      others.reduce((sum, each) => sum + each.seconds, 0),
      12,
    );
  });

  test("stay while a grid that may need them is planned, or runs, and go when nobody does", async () => {
    const { engine, computed, gate, over, run } = setUp();
    await run(over(1, 2, 3, 4));
    const wider = over(1, 2, 3, 4, 5);
    const liveSet = liveSetOf(await engine.plan([wider]));
    expect(liveSet.stages).toEqual(["squares"]);
    expect(liveSetOf(await engine.plan([over(1, 2, 3, 4)])).stages).toEqual([]);
    await collectGarbage(store, { liveSet, maxBytes: 0, runs: 0 });
    expect(chunks().every(({ content }) => store.has(content))).toBe(true);

    gate.isOpen = false;
    const running = record(engine.run([wider]));
    await until(() => running.told().includes("started squares"));
    await collectGarbage(store, { maxBytes: 0, runs: 0 });
    gate.isOpen = true;
    expect((await running.summary()).executed).toEqual(["squares"]);
    expect(computed).toEqual([1, 2, 3, 4, 5]);

    await collectGarbage(store, { maxBytes: 0, runs: 0 });
    expect(store.stats().artifacts).toBe(0);
    await run(wider);
    expect(computed).toHaveLength(10);
  });

  test("outlive the grid, which costs nothing to gather again", async () => {
    const { computed, over, run } = setUp();
    await run(over(1, 2, 3, 4));
    const { bytes } = store.stats();
    const { freed } = await collectGarbage(store, { maxBytes: bytes - 1, runs: 0 });
    expect(freed).toMatchObject([{ stages: ["squares"], seconds: 0 }]);
    expect(chunks().every(({ content }) => store.has(content))).toBe(true);
    await run(over(1, 2, 3, 4));
    expect(computed).toHaveLength(4);
  });

  test("are as new as the last run of a grid over their base", async () => {
    const { over, run } = setUp();
    const node = over(1, 2);
    await run(node);
    for (const { key, ...result } of resultsIn(store.tables)) {
      const old = JSON.stringify({ ...result, key, at: "2020-01-01T00:00:00.000Z" });
      store.tables.transaction(() => store.tables.results.put(key, old));
    }
    const [chunk] = chunks();
    const { key } = store.lastKeys("squares")!;
    const { content } = store.result(key)!;
    const now = new Date().toISOString();
    const used: Run = {
      ...{ id: "1", begin: now, end: now, outcome: "done", versions: { mesoflow: "0", node: "v20" } },
      revision: { targets: [], configuration: {} },
      stages: [{ stage: "squares", ending: "hit", key, content }],
    };
    await new History(store.tables).append(used);
    await collectGarbage(store, { maxAge: 3600, runs: 0 });
    expect([chunk!.content, content].map((each) => store.has(each))).toEqual([true, true]);
    expect(store.has(store.result(store.lastKeys("add/x")!.key)!.content)).toBe(false);
  });

  test("a pin keeps the grid; clearing leaves no chunk, and no trace of one in the index", async () => {
    const { computed, over, run, engine } = setUp();
    const node = over(1, 2, 3, 4);
    await run(node);
    const { key } = store.lastKeys("squares")!;
    const { content } = store.result(key)!;
    await new Pins(store.tables).pin({ name: "squares", key, content, at: "2025-01-01T00:00:00.000Z" });
    await clear(store);
    expect([chunks(), store.tables.parts.keys()]).toEqual([[], []]);
    expect(store.has(content)).toBe(true);
    await engine.compute(over(1, 2, 3, 4, 5));
    expect(computed).toHaveLength(9);
  });

  test("a lease on one of them keeps the store from being cleared", async () => {
    await store.claim("0".repeat(64), newLeaseHolder());
    await expect(clear(store)).rejects.toThrow("a stage is being computed");
  });

  test("are verified, with their index", async () => {
    const { engine, computed, over, run } = setUp();
    await run(over(1, 2, 3, 4));
    const { tables } = store;
    expect((await verify(store)).findings).toEqual([]);
    const rows = tables.parts.keys();
    expect(rows).toHaveLength(2);
    const stray = `${"0".repeat(64)} ${"1".repeat(64)}`;
    const [, key] = rows[1]!.split(" ");
    const misplaced = `${"0".repeat(64)} ${key}`;
    tables.transaction(() => {
      tables.parts.delete(rows[0]!);
      for (const row of [stray, misplaced]) tables.parts.put(row, "");
    });
    const { findings } = await verify(store);
    const what = "it names no chunk that is remembered";
    const gap = { kind: "index", row: rows[0], what: "a chunk of a grid was not in the index" };
    expect(findings).toHaveLength(3);
    for (const finding of [
      gap,
      { kind: "index", row: stray, what },
      { kind: "index", row: misplaced, what },
    ]) {
      expect(findings).toContainEqual(finding);
    }
    expect(tables.parts.keys()).toEqual(rows);
    expect((await verify(store)).findings).toEqual([]);
    await engine.compute(over(1, 2, 3, 4, 5));
    expect(computed).toHaveLength(5);
  });

  test("are what an audit of a grid computes once more", async () => {
    const { computed, over, run, stages } = setUp();
    const node = over(1, 2, 3);
    await run(node);
    const suspects = suspectsOf(node, store.lastKeys("squares")!.key, store);
    expect(suspects.map(({ id }) => id)).toEqual(["squares", "squares"]);
    const outcomes: string[] = [];
    for await (const { outcome } of audit(store, suspects, (shadow) => inProcess(shadow, stages))) {
      outcomes.push(outcome);
    }
    expect(outcomes).toEqual(["equal", "equal"]);
    expect(computed.sort()).toEqual([1, 1, 2, 2, 3, 3]);
  });

  test("tell how much of a grid is known, and what the rest will take", async () => {
    const { engine, over, run } = setUp();
    const plans = async (node: GridNode, forced?: ReadonlySet<GridNode>) => {
      const plan = await engine.plan([node], forced);
      return { plan, coverage: coverageOf(node, plan, store) };
    };
    expect((await plans(over(1, 2, 3, 4))).coverage).toEqual({ points: 4 }); // add/x has yet to run
    await run(over(1, 2, 3, 4));
    expect((await plans(over(1, 2, 3, 4))).coverage).toEqual({ points: 4, known: 4 });
    const wider = over(0, 1, 2, 9);
    const { plan, coverage } = await plans(wider);
    expect(coverage).toEqual({ points: 4, known: 2 });
    const forced = await plans(wider, new Set([wider]));
    expect(forced.coverage).toEqual({ points: 4, known: 0 });

    for (const chunk of chunks()) {
      const text = JSON.stringify({ ...chunk, seconds: 6 }); // for two points
      store.tables.transaction(() => store.tables.results.put(chunk.key, text));
    }
    const seconds = secondsByStage(resultsIn(store.tables));
    expect(seconds.get("squares")).toBe(3);
    expect(costOf(plan, store, seconds)).toEqual({ seconds: 6, unknown: [] });
    expect(costOf(forced.plan, store, seconds)).toEqual({ seconds: 12, unknown: [] });
  });

  test("have their grids' base, whatever values these have", async () => {
    const { over, run } = setUp();
    await run(over(1, 2));
    await run(over(2, 3, 4));
    const bases = resultsIn(store.tables).flatMap(({ partOf, preImage }) =>
      preImage.axes ? [baseOf(preImage)] : (partOf ?? []),
    );
    expect(new Set(bases).size).toBe(1);
  });
});
