import { describe, expect, test } from "vitest";
import { memoryStore } from "../../../cache/index.ts";
import {
  type Artifact,
  type GridNode,
  grid,
  type Node,
  type Stage,
  source,
} from "../../../pipeline/index.ts";
import { add, adding, engineOf, idle, type Num, record, until } from "../../support/harness.ts";
import { madeOf, type Pairs, type Params, pairs, passing } from "./grid-stage.ts";

const x = adding("x", { n: 1000 });

/** An engine with the stage, and grids of it over `a` and `inner.b`. */
function setUp({
  before,
  jobs = 2,
  store = memoryStore(),
}: {
  before?: (params: Params) => unknown;
  jobs?: number;
  store?: ReturnType<typeof memoryStore>;
} = {}) {
  const counted = pairs(before);
  const { engine } = engineOf([counted.stage, add], { jobs, store });
  const at = (
    a: readonly number[],
    b: readonly number[] = [10, 20],
    more: { x?: Node<Num>; chunk?: number } = {},
  ) =>
    grid(counted.typed, "pairs", {
      axes: { a, "inner.b": b },
      params: {},
      inputs: { x: more.x ?? x },
      chunk: more.chunk ?? 2,
    });
  /** The points that a run of a grid computes. */
  const computedBy = async (node: GridNode, forced?: ReadonlySet<Node>): Promise<unknown[]> => {
    counted.computed.length = 0;
    const summary = await record(engine.run([node], forced && { forced })).summary();
    expect(summary.failed).toEqual([]);
    return [...counted.computed];
  };
  return { ...counted, engine, store, at, computedBy };
}

describe("what a grid gathers", () => {
  test("is one labelled array of each array and number, with the axes' coordinates", async () => {
    const { engine, typed } = setUp();
    const node = grid(typed, "pairs", {
      axes: { a: [1, 2, 3], "inner.b": [10, 20] },
      params: {},
      inputs: { x },
      units: { a: "s" },
      chunk: 4,
    });
    const { arrays, values } = await engine.compute(node);
    const axis = (name: string, data: number[], units: string) => ({
      data: Float64Array.from(data),
      shape: [data.length],
      dims: [name],
      units,
    });
    expect(values).toEqual({});
    expect(arrays.a).toEqual(axis("a", [1, 2, 3], "s"));
    expect(arrays["inner.b"]).toEqual(axis("inner.b", [10, 20], "1"));
    expect(arrays.sum).toEqual({
      data: Float64Array.of(1011, 1021, 1012, 1022, 1013, 1023),
      shape: [3, 2],
      dims: ["a", "inner.b"],
      units: "1",
    });
    expect(arrays.pair).toEqual({
      data: Float64Array.of(1, 10, 1, 20, 2, 10, 2, 20, 3, 10, 3, 20),
      shape: [3, 2, 2],
      dims: ["a", "inner.b", "which"],
      units: "mV",
    });
  });

  test("along nodes of which two come to the same content has the point in both places, computed once", async () => {
    const { engine, typed, computed } = setUp();
    const nodes = [adding("one", { n: 5 }), adding("two", { n: 6 }), adding("same", { n: 5 })];
    const node = grid(typed, "pairs", {
      axes: { x: nodes, a: [1, 2] },
      params: { inner: { b: 0 } },
      inputs: {},
    });
    const { arrays, values } = await engine.compute(node);
    expect([...arrays.sum.data]).toEqual([6, 7, 7, 8, 6, 7]);
    expect(values).toEqual({ x: ["one", "two", "same"] });
    expect(computed).toHaveLength(4);
  });

  test("keeps every dtype, and values that are no numbers as lists", async () => {
    const types = [
      Float64Array,
      Float32Array,
      Int32Array,
      Uint32Array,
      Int16Array,
      Uint16Array,
      Int8Array,
      Uint8Array,
    ];
    const stage: Stage<{ a: number }, Record<never, never>, Artifact> = {
      id: "typed",
      params: { parse: (value) => value as { a: number } },
      run: async ({ params: { a } }) => ({
        arrays: Object.fromEntries(
          types.map((type) => [type.name, { data: type.of(a, a + 1), shape: [2], dims: ["i"], units: "1" }]),
        ),
        values: { word: `w${a}`, list: [a, null] },
      }),
    };
    const { engine } = engineOf([stage as unknown as Stage]);
    const { arrays, values } = await engine.compute(
      grid(stage, "typed", { axes: { a: [1, 2, 3] }, params: {}, inputs: {}, chunk: 2 }),
    );
    for (const type of types) expect(arrays[type.name]!.data).toEqual(type.of(1, 2, 2, 3, 3, 4));
    expect(values).toEqual({
      word: ["w1", "w2", "w3"],
      list: [
        [1, null],
        [2, null],
        [3, null],
      ],
    });
  });

  test("is the same with `batch`", async () => {
    const one = setUp();
    const other = setUp();
    const batches: number[] = [];
    other.typed.batch = async ({ points }) => {
      batches.push(points.length);
      return points.map(({ params, inputs }) => madeOf(params, inputs.x.values.n));
    };
    expect(await other.engine.compute(other.at([1, 2, 3]))).toEqual(
      await one.engine.compute(one.at([1, 2, 3])),
    );
    expect(batches).toEqual([2, 2, 2]);
    expect(other.computed).toEqual([]);
  });
});

describe("what a grid computes again", () => {
  test.each<[string, number[], number[], unknown[]]>([
    [
      "a value added",
      [1, 2, 3],
      [10, 20],
      [
        [3, 10, 1000],
        [3, 20, 1000],
      ],
    ],
    [
      "a value inserted",
      [1, 7, 2],
      [10, 20],
      [
        [7, 10, 1000],
        [7, 20, 1000],
      ],
    ],
    [
      "one of the other axis",
      [1, 2],
      [10, 15, 20],
      [
        [1, 15, 1000],
        [2, 15, 1000],
      ],
    ],
    ["another order", [2, 1], [20, 10], []],
    ["a value removed", [2], [10, 20], []],
    ["nothing changed", [1, 2], [10, 20], []],
  ])("%s", async (_, a, b, expected) => {
    const { at, computedBy, engine } = setUp();
    expect(await computedBy(at([1, 2]))).toHaveLength(4);
    expect(await computedBy(at(a, b))).toEqual(expected);
    const { arrays } = await engine.compute(at(a, b));
    expect([...arrays.sum.data]).toEqual(a.flatMap((first) => b.map((second) => first + second + 1000)));
  });

  test("all, where what the points have in common changes", async () => {
    const { at, computedBy } = setUp();
    await computedBy(at([1, 2]));
    expect(await computedBy(at([1, 2], [10, 20], { x: adding("x", { n: 2000 }) }))).toHaveLength(4);
  });

  test("all, where it is forced", async () => {
    const { at, computedBy } = setUp();
    const node = at([1, 2]);
    await computedBy(node);
    expect(await computedBy(node, new Set([node]))).toHaveLength(4);
    expect(await computedBy(node)).toEqual([]);
  });

  test("the points of an input along an axis that has another content; none where only its name changes", async () => {
    const { typed, computedBy } = setUp();
    const over = (...nodes: Node<Num>[]) =>
      grid(typed, "pairs", { axes: { x: nodes }, params: { a: 1, inner: { b: 2 } }, inputs: {} });
    await computedBy(over(adding("one", { n: 5 }), adding("two", { n: 6 })));
    expect(await computedBy(over(adding("one", { n: 5 }), adding("two", { n: 7 })))).toEqual([[1, 2, 7]]);
    expect(await computedBy(over(adding("renamed", { n: 5 }), adding("two", { n: 7 })))).toEqual([]);
  });

  test("a chunk that is damaged, and no other", async () => {
    const { at, computedBy, store } = setUp();
    await computedBy(at([1, 2]));
    const chunk = store.entries().find(({ partOf }) => partOf !== undefined)!;
    const { arrays } = JSON.parse(store.tables.artifacts.get(chunk.content)!) as {
      arrays: { sum: { blob: string } };
    };
    store.tables.transaction(() => store.tables.blobs.put(arrays.sum.blob, new Uint8Array(16)));
    const computed = await computedBy(at([2, 1]));
    expect(computed).toEqual(chunk.preImage.points!.rows.map((row) => [...row, 1000]));
  });
});

describe("a grid that is not finished", () => {
  test("keeps its finished chunks when it is left", async () => {
    const { at, engine, store, computed, computedBy } = setUp({
      jobs: 1,
      before: async ({ a }) => a === 3 && !isOpen && new Promise(() => {}),
    });
    let isOpen = false;
    const run = record(engine.run([at([1, 2, 3])]));
    await until(() => run.events.filter(({ event }) => event === "part").length === 2);
    run.stop();
    await idle();
    expect(computed).toHaveLength(4);
    expect(store.leases.living()).toEqual([]);
    isOpen = true;
    expect(await computedBy(at([1, 2, 3]))).toEqual([
      [3, 10, 1000],
      [3, 20, 1000],
    ]);
  });

  test("fails with one of its points, says which, and keeps its other chunks", async () => {
    const { at, engine, computedBy } = setUp({
      jobs: 1,
      before: ({ a, inner }) => {
        if (a === 2 && inner.b === 20 && isBad) throw new Error("no such luck");
      },
    });
    let isBad = true;
    const node = at([1, 2, 3], [10, 20], { chunk: 1 });
    const run = record(engine.run([node]));
    expect((await run.summary()).failed).toEqual(["pairs"]);
    expect(run.events.find(({ event }) => event === "failed")).toMatchObject({
      failure: { kind: "stage", message: "no such luck (at a = 2, inner.b = 20)" },
    });
    isBad = false;
    expect(await computedBy(node)).toEqual([
      [2, 20, 1000],
      [3, 10, 1000],
      [3, 20, 1000],
    ]);
  });

  test("tries each chunk again after failures that may pass", async () => {
    const { typed, stage, computed } = pairs(passing(1));
    const patient = { ...typed, policy: { retries: 2, backoff: 0.001 } };
    const { engine } = engineOf([{ ...stage, ...patient } as unknown as Stage, add]);
    const node = grid(patient, "pairs", {
      axes: { a: [1, 2, 3, 4] },
      params: { inner: { b: 0 } },
      inputs: { x },
      chunk: 2,
    });
    const run = record(engine.run([node]));
    expect((await run.summary()).failed).toEqual([]);
    expect(new Set(computed.map((point) => JSON.stringify(point))).size).toBe(4);
  });

  test("tells of its chunks as they come, and of progress that never falls", async () => {
    const { at, engine } = setUp({ before: idle }); // so that other chunks are told of meanwhile
    const run = record(engine.run([at([1, 2, 3, 4, 5])]));
    await run.summary();
    const parts = run.events.filter(({ event }) => event === "part");
    expect(parts.map((part) => "points" in part && part.points)).toEqual([2, 2, 2, 2, 2]);
    const fractions = run.events.flatMap((event) => (event.event === "progress" ? [event.fraction] : []));
    expect(fractions.length).toBeGreaterThan(0);
    expect(fractions).toEqual(fractions.toSorted((one, other) => one - other));
  });

  test("counts points that were there among those that are done", async () => {
    const { at, engine } = setUp();
    const toldBy = async (a: readonly number[]) => {
      const run = record(engine.run([at(a)]));
      await run.summary();
      return run.events.flatMap((event) => (event.event === "progress" ? [event] : []));
    };
    for (const [a, before] of [
      [[1, 2, 3], 0],
      [[1, 2, 3, 4, 5], 6],
    ] as const) {
      const told = await toldBy(a);
      expect(told.length).toBeGreaterThan(0);
      const total = 2 * a.length;
      for (const { fraction, ...event } of told) {
        const done = before + Math.floor(fraction * (total - before));
        expect(event).toMatchObject({ done, total });
      }
    }
  });
});

test("engines over one store share chunks", async () => {
  const store = memoryStore();
  const [one, other] = [setUp({ store, jobs: 1 }), setUp({ store, jobs: 1 })];
  const runs = [one, other].map(({ engine, at }) => record(engine.run([at([1, 2, 3])])).summary());
  for (const { failed } of await Promise.all(runs)) expect(failed).toEqual([]);
  expect([...one.computed, ...other.computed]).toHaveLength(6);
});

describe("a grid is refused", () => {
  const { typed } = pairs();
  const inner = { b: 1 };
  test.each<[string, () => unknown, string]>([
    [
      "with an empty axis",
      () => grid(typed, "pairs", { axes: { a: [] }, params: { inner }, inputs: { x } }),
      "the axis a of pairs has no values",
    ],
    [
      "with a value twice",
      () => grid(typed, "pairs", { axes: { a: [1, 1] }, params: { inner }, inputs: { x } }),
      "the axis a of pairs has the value 1 twice",
    ],
    [
      "with a wrong value",
      () =>
        grid(typed, "pairs", {
          // @ts-expect-error a value of another type
          axes: { a: [1, "b"] },
          params: { inner },
          inputs: { x },
        }),
      'the axis a of pairs has the value "b": a must be a number',
    ],
    [
      "with chunks of nothing",
      () => grid(typed, "pairs", { axes: { a: [1] }, params: { inner }, inputs: { x }, chunk: 0 }),
      "a chunk of 0 points is none",
    ],
    [
      "under another name",
      () => grid(typed, "other", { axes: { a: [1] }, params: { inner }, inputs: { x } }),
      "a place of stage pairs is named pairs or pairs/…, not other",
    ],
  ])("%s", (_, make, message) => {
    expect(make).toThrow(message);
  });

  test("by the compiler: axes that are no parameter, nodes of other artifacts, inputs that are missing", () => {
    const words = source("words", async () => ({ arrays: {}, values: { word: "w" } }));
    const make = (stage: Pairs) => [
      // @ts-expect-error no parameter
      () => grid(stage, "pairs", { axes: { z: [1] }, params: { inner }, inputs: { x } }),
      // @ts-expect-error no input x
      () => grid(stage, "pairs", { axes: { a: [1] }, params: { inner }, inputs: {} }),
      // @ts-expect-error another artifact
      () => grid(stage, "pairs", { axes: { x: [words] }, params: { a: 1, inner }, inputs: {} }),
    ];
    expect(make(typed)).toHaveLength(3);
  });

  test("by the compiler: parameters that neither an axis nor every point sets are missing", () => {
    const inputs = { x };
    const make = (stage: Pairs) => [
      // @ts-expect-error no a
      () => grid(stage, "pairs", { axes: { "inner.b": [1] }, params: {}, inputs }),
      // @ts-expect-error no inner
      () => grid(stage, "pairs", { axes: { a: [1] }, params: {}, inputs }),
      // @ts-expect-error no inner.b
      () => grid(stage, "pairs", { axes: { a: [1] }, params: { inner: { c: 1 } }, inputs }),
      // @ts-expect-error a in one point alone
      () => grid(stage, "pairs", { points: [{ a: 1 }, { inner: { b: 1 } }], params: { inner }, inputs }),
      () => grid(stage, "pairs", { axes: { "inner.b": [1] }, params: { a: 1, inner: { c: 1 } }, inputs }),
      () => grid(stage, "pairs", { points: [{ a: 1, inner: { b: 1 } }], params: {}, inputs }),
      () => grid(stage, "pairs", { axes: { a: [1] }, points: [{ inner: { b: 1 } }], params: {}, inputs }),
    ];
    expect(make(typed)).toHaveLength(7);
  });

  test("when its points have different shapes", async () => {
    const stage: Stage<{ a: number }, Record<never, never>, Artifact> = {
      id: "ragged",
      params: { parse: (value) => value as { a: number } },
      run: async ({ params: { a } }) => ({
        arrays: { y: { data: new Float64Array(a), shape: [a], dims: ["i"], units: "1" } },
        values: {},
      }),
    };
    const { engine } = engineOf([stage as unknown as Stage]);
    for (const chunk of [1, 2]) {
      const node = grid(stage, "ragged", { axes: { a: [1, 2] }, params: {}, inputs: {}, chunk });
      await expect(engine.compute(node)).rejects.toThrow(/different shapes|same arrays/);
    }
  });
});
