import { describe, expect, test } from "vitest";
import {
  type Artifact,
  type LabelledArray,
  type Node,
  place,
  type Stage,
  source,
} from "../../../pipeline/index.ts";
import { ancestors, checkArtifact, inputsOf } from "../../../pipeline/inspect.ts";
import { adding, asIs, num, sourceOf } from "../../support/harness.ts";

describe("place", () => {
  const stage: Stage<{ dt: number }, Record<never, never>, Artifact> = {
    id: "ring-trial",
    params: {
      parse(value) {
        const { dt = 0.5 } = value as { dt?: number };
        if (dt <= 0) throw new RangeError("dt must be positive");
        return { dt };
      },
    },
    run: async () => num(1),
  };

  test("a node is named after its stage", () => {
    expect(place(stage, "ring-trial", { dt: 1 }, {}).name).toBe("ring-trial");
    expect(place(stage, "ring-trial/baseline", { dt: 1 }, {}).name).toBe("ring-trial/baseline");
    for (const name of ["ring", "ring-trials", "ring-trial-2/baseline", "baseline"]) {
      expect(() => place(stage, name, { dt: 1 }, {})).toThrow(`not ${name}`);
    }
  });
  test("its parameters pass the schema, which fills in and refuses", () => {
    expect(place(stage, "ring-trial", {} as { dt: number }, {}).params).toEqual({ dt: 0.5 });
    expect(() => place(stage, "ring-trial", { dt: -1 }, {})).toThrow("dt must be positive");
  });
  test("parameters that are not JSON are refused at once", () => {
    expect(() => place(stage, "ring-trial", { dt: Number.NaN }, {})).toThrow("$.dt is NaN");
  });
});

describe("closure", () => {
  test("every node once, after its inputs", () => {
    const a = adding("a", { n: 1 });
    const b = adding("b", { n: 1 }, { a });
    const c = adding("c", { n: 1 }, { a });
    const d = adding("d", { n: 1 }, { c, b });
    const order = ancestors([d, b]);
    expect(order.map(({ name }) => name).sort()).toEqual(["add/a", "add/b", "add/c", "add/d"]);
    for (const node of order) {
      for (const input of inputsOf(node)) expect(order.indexOf(input)).toBeLessThan(order.indexOf(node));
    }
  });
  test("two nodes of one name are refused, also where one is a source", () => {
    const twin = adding("b", { n: 2 }, { a: adding("a", { n: 1 }) });
    expect(() => ancestors([adding("a", { n: 1 }), twin])).toThrow("two nodes of the graph are named add/a");
    expect(() => ancestors([adding("a", { n: 1 }), sourceOf("add/a", () => 1)])).toThrow(TypeError);
  });
});

describe("artifacts are checked where they are made", () => {
  const array = (over: Partial<LabelledArray>): Artifact => ({
    arrays: {
      x: { data: new Float64Array(6), shape: [2, 3], dims: ["time", "space"], units: "mV", ...over },
    },
    values: {},
  });
  test.each<[string, Artifact]>([
    ["needs 8 elements", array({ shape: [2, 4] })],
    ["2 axes but 1 dimension names", array({ dims: ["time"] })],
    ["whole numbers", array({ shape: [-2, -3] })],
    ["whole numbers", array({ shape: [1.5, 4] })],
    ["whole numbers", array({ shape: [Number.NaN, 3] })],
    ["no units", array({ units: undefined as unknown as string })],
    ["no dtype", array({ data: new Float64Array(6).buffer as unknown as Float64Array })],
    [
      "2 along time, another array",
      {
        arrays: {
          time: { data: new Float64Array(3), shape: [3], dims: ["time"], units: "ms" },
          ...array({}).arrays,
        },
        values: {},
      },
    ],
  ])("%s", async (message, artifact) => {
    expect(() => checkArtifact(artifact)).toThrow(message);
    await expect(source("s", async () => artifact).read()).rejects.toThrow(message);
  });
  test("numbers and empty arrays pass", () => {
    checkArtifact(array({ data: new Float64Array(1), shape: [], dims: [] }));
    checkArtifact(array({ data: new Float64Array(0), shape: [0, 3] }));
  });
});

test("the compiler refuses a graph whose artifacts do not fit", () => {
  type Trace = Artifact<{ V: LabelledArray<Float64Array> }, Record<never, never>>;
  type Spikes = Artifact<{ spike_times: LabelledArray<Float64Array> }, Record<never, never>>;
  type Counts = Artifact<{ V: LabelledArray<Int32Array> }, Record<never, never>>;
  const trace = source("trace", async () => ({}) as Trace);
  const spikes = source("spikes", async () => ({}) as Spikes);
  const counts = source("counts", async () => ({}) as Counts);
  const fit: Stage<{ order: number }, { trace: Trace }, Spikes> = {
    id: "fit",
    params: asIs(),
    run: async () => ({}) as Spikes,
  };

  const fitted = place(fit, "fit", { order: 2 }, { trace });
  // @ts-expect-error: another artifact
  place(fit, "fit/1", { order: 2 }, { trace: spikes });
  // @ts-expect-error: the output of a stage that is none
  place(fit, "fit/2", { order: 2 }, { trace: fitted });
  // @ts-expect-error: the right name, another dtype
  place(fit, "fit/3", { order: 2 }, { trace: counts });
  // @ts-expect-error: an input is missing
  place(fit, "fit/4", { order: 2 }, {});
  // @ts-expect-error: no such parameter
  place(fit, "fit/5", { oder: 2 }, { trace });
  const known: Node<Spikes> = fitted;
  // @ts-expect-error: what it makes is known, too
  const wrong: Node<Trace> = fitted;
  expect([known, wrong]).toEqual([fitted, fitted]);
});
