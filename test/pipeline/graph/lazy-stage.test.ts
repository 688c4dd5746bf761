import { describe, expect, it } from "vitest";
import { memoryStore } from "../../../cache/index.ts";
import { inProcess } from "../../../pipeline/executors.ts";
import {
  type Artifact,
  Engine,
  type Fingerprint,
  grid,
  lazyStage,
  place,
  type Stage,
} from "../../../pipeline/index.ts";
import { fingerprintOfText } from "../../../pipeline/inspect.ts";
import { record } from "../../support/harness.ts";

type Params = { readonly n: number };
type Num = Artifact<Record<never, never>, { made: number }>;

const params = { parse: (value: unknown) => value as Params };
const twice: Stage<Params, Record<never, never>, Num> = {
  id: "twice",
  params,
  run: async ({ params: { n } }) => ({ arrays: {}, values: { made: 2 * n } }),
};

/** A deferred stage, and how often its module was imported. */
function counted(whole: Stage<Params, Record<never, never>, Num> = twice) {
  let loads = 0;
  const stage = lazyStage({ id: "twice", params }, async () => {
    loads += 1;
    return { default: whole };
  });
  return { stage, loads: () => loads };
}
const at = (stage: Stage<Params, Record<never, never>, Num>, n: number) =>
  place(stage, `twice/${n}`, { n }, {});
const code =
  (text: string): ((stage: Stage) => Fingerprint) =>
  () => ({ code: text });

describe("a deferred stage", () => {
  it("is loaded when it first runs, not when it is placed, planned or found", async () => {
    const store = memoryStore();
    const first = counted();
    const engine = new Engine({ store, stages: [first.stage], fingerprint: code("a") });
    await engine.plan([at(first.stage, 4)]);
    expect(first.loads()).toBe(0);
    expect((await engine.compute(at(first.stage, 4))).values.made).toBe(8);
    expect(first.loads()).toBe(1);

    const second = counted();
    const later = new Engine({ store, stages: [second.stage], fingerprint: code("a") });
    expect((await later.compute(at(second.stage, 4))).values.made).toBe(8);
    expect(second.loads()).toBe(0);
  });

  it("runs as a whole stage does, without an executor too, and in batches where it has them", async () => {
    const { stage } = counted({
      ...twice,
      batch: async ({ points }) =>
        points.map(({ params: { n } }) => ({ arrays: {}, values: { made: 1000 + n } })),
    });
    const context = {
      params: { n: 3 },
      inputs: {},
      signal: new AbortController().signal,
      progress: async () => {},
    };
    expect((await counted().stage.run(context)).values.made).toBe(6);
    const engine = new Engine({ store: memoryStore(), stages: [stage], fingerprint: code("a") });
    const gathered = await engine.compute(
      grid(stage, "twice", { axes: { n: [1, 2, 3] }, params: {}, inputs: {}, chunk: 2 }),
    );
    expect([...gathered.arrays.made.data]).toEqual([1001, 1002, 1003]);
  });

  it("fails where its module cannot be loaded", async () => {
    const stage = lazyStage({ id: "twice", params }, async (): Promise<{ default: typeof twice }> => {
      throw new SyntaxError("cut short");
    });
    const engine = new Engine({ store: memoryStore(), stages: [stage], fingerprint: fingerprintOfText });
    const { events, summary } = record(engine.run([at(stage, 1)]));
    await summary();
    expect(events).toContainEqual(
      expect.objectContaining({
        event: "failed",
        failure: expect.objectContaining({ message: "cut short" }),
      }),
    );
  });

  it("does not run with other code than it was planned with, whichever job loads it", async () => {
    const store = memoryStore();
    const { stage, loads } = counted();
    let onDisk = "b";
    const executor = inProcess(store, [stage], async () => code(onDisk));
    const engine = new Engine({ store, executor, fingerprint: code("a") });
    const failures: string[] = [];
    for (const n of [1, 2]) {
      const { events, summary } = record(engine.run([at(stage, n)]));
      await summary();
      for (const event of events) if (event.event === "failed") failures.push(event.failure.message);
      onDisk = "a"; // what was loaded stays what it was
    }
    expect(failures).toEqual(
      [1, 2].map((n) => `the code of twice/${n} has changed since it was planned; run again`),
    );
    expect(loads()).toBeGreaterThan(0);
    expect(store.entries()).toEqual([]);
    const newer = new Engine({ store, executor, fingerprint: code("b") });
    expect((await newer.compute(at(stage, 5))).values.made).toBe(10);
  });
});
