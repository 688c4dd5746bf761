import { lastValueFrom } from "rxjs";
import { describe, expect, it } from "vitest";
import { memoryStore } from "../../../cache/index.ts";
import { lastChange, rootCausesOf } from "../../../cli/inspect/root-causes.ts";
import { type Artifact, Engine, place, type Stage, type StageNode } from "../../../pipeline/index.ts";

type Value = Artifact<Record<never, never>, { value: number }>;

/** Adds its parameter to its inputs. */
const add: Stage<{ own: number }, Readonly<Record<string, Value>>, Value> = {
  id: "add",
  params: { parse: (value) => value as { own: number } },
  async run({ params, inputs }) {
    const sum = Object.values(inputs).reduce((total, { values }) => total + values.value, params.own);
    return { arrays: {}, values: { value: sum } };
  },
};

/** a → b → d ← c ← a, and a → d */
function diamond(own: { a: number; b: number; c: number; d: number }): StageNode<Value> {
  const a = place(add, "add/a", { own: own.a }, {});
  const b = place(add, "add/b", { own: own.b }, { a });
  const c = place(add, "add/c", { own: own.c }, { a });
  return place(add, "add/d", { own: own.d }, { b, c, a });
}

async function after(...runs: StageNode[]) {
  const store = memoryStore();
  const engine = new Engine({ store, stages: [add] });
  for (const target of runs) await lastValueFrom(engine.run([target]));
  return {
    store,
    async causes(target: StageNode) {
      const plan = await engine.plan([target]);
      return rootCausesOf(target, plan, store).map(({ stage, reasons, way }) => ({
        stage: stage.name,
        reasons: reasons.map((reason) => (reason.kind === "parameter" ? reason.to : reason.kind)),
        way: way.join(" "),
      }));
    },
    async change(target: StageNode) {
      const nodeState = (await engine.plan([target])).states.get(target)!;
      return lastChange(target, "key" in nodeState ? nodeState.key : "", store);
    },
  };
}

const before = { a: 1, b: 2, c: 3, d: 4 };

describe("the causes of a stage's run", () => {
  it("are none where it is up to date", async () => {
    expect(await (await after(diamond(before))).causes(diamond(before))).toEqual([]);
  });

  it("are its own parameters", async () => {
    const { causes } = await after(diamond(before));
    expect(await causes(diamond({ ...before, d: 9 }))).toEqual([
      { stage: "add/d", reasons: [9], way: "add/d" },
    ]);
  });

  it("are traced by the shortest way to the stages that will run first", async () => {
    const { causes } = await after(diamond(before));
    expect(await causes(diamond({ ...before, a: 9, c: 8, d: 7 }))).toEqual([
      { stage: "add/a", reasons: [9], way: "add/a add/d" },
      { stage: "add/c", reasons: [8], way: "add/c add/d" },
      { stage: "add/d", reasons: [7], way: "add/d" },
    ]);
  });

  it("are traced through inputs that were computed anew meanwhile", async () => {
    const changed = diamond({ ...before, a: 9 });
    const { causes } = await after(
      diamond(before),
      changed.inputs.b as StageNode,
      changed.inputs.c as StageNode,
    );
    expect(await causes(changed)).toEqual([{ stage: "add/a", reasons: [9], way: "add/a add/d" }]);
  });

  it("stay inputs where nothing tells what they were", async () => {
    const node = (own: number) =>
      place(add, "add/e", { own: 1 }, { f: place(add, `add/f${own}`, { own }, {}) });
    const { causes } = await after(node(1), node(2).inputs.f as StageNode);
    expect(await causes(node(2))).toEqual([{ stage: "add/e", reasons: ["input"], way: "add/e" }]);
  });
});

describe("the last change", () => {
  it("is against the run before, or against the last run where this is an older one", async () => {
    const [first, second] = [diamond(before), diamond({ ...before, d: 9 })];
    const { change } = await after(first, second);
    const reason = { kind: "parameter", path: "own" };
    expect(await change(second)).toEqual({ isLast: true, reasons: [{ ...reason, from: 4, to: 9 }] });
    expect(await change(first)).toEqual({ isLast: false, reasons: [{ ...reason, from: 9, to: 4 }] });
  });

  it("is unknown at the first run", async () => {
    expect(await (await after(diamond(before))).change(diamond(before))).toBeUndefined();
  });
});
