// @module-tag process
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { memoryStore } from "../../../cache/index.ts";
import {
  type Artifact,
  type Failure,
  grid,
  type PipelineEvent,
  place,
  type Stage,
  type StageNode,
  source,
  Transient,
} from "../../../pipeline/index.ts";
import { isTerminal } from "../../../pipeline/inspect.ts";
import { add, adding, asIs, engineOf, heldStage, num, record } from "../../support/harness.ts";
import { hasRedis, redisTitle } from "../../support/redis.ts";
import { queueGround, until } from "./queue-ground.ts";

describe.skipIf(!hasRedis)(redisTitle("by way of Redis"), { timeout: 300_000 }, () => {
  let ground: Awaited<ReturnType<typeof queueGround>>;
  beforeEach(async () => {
    ground = await queueGround();
  });
  afterEach(() => ground.end());

  const noise = source("noise", async (): Promise<Artifact> => {
    const data = Float64Array.from({ length: 5_000 }, (_, at) => Math.imul(at, 2_654_435_761) / 2 ** 31);
    return { arrays: { x: { data, shape: [5_000], dims: ["i"], units: "mV" } }, values: {} };
  });
  const scale: Stage<{ readonly by: number; readonly under: number }, { readonly x: Artifact }> = {
    id: "scale",
    params: asIs(),
    async run({ params: { by, under }, inputs, progress }) {
      await progress(0.5);
      const { data, ...array } = inputs.x.arrays.x!;
      const scaled = Float64Array.from(data as Float64Array, (value) => value * by - under);
      return { arrays: { y: { ...array, data: scaled } }, values: { factor: by } };
    },
  };
  const scaled = () =>
    grid(scale, "scale", {
      axes: { by: Array.from({ length: 30 }, (_, at) => at / 7) },
      params: { under: -0 },
      inputs: { x: noise },
      chunk: 4,
    });
  const stages = [scale, add] as unknown as Stage[];

  test("grids and single stages come out as they do in this process, bit for bit", async () => {
    const local = engineOf(stages);
    const worker = ground.work(stages);
    const { engine, store } = ground.coordinate();
    const nodes: StageNode[] = [scaled(), adding("two", { n: 2 }, { one: adding("one", { n: 1 }) })];
    for (const node of nodes) {
      const expected = local.store.identify(await local.engine.compute(node));
      expect(store.identify(await engine.compute(node))).toBe(expected);
    }
    expect(worker.told.filter(({ event }) => event === "finished")).toHaveLength(8 + 2);
  });

  test("a job says which stage and key, of which grid it is a part, and nothing else", async () => {
    ground.work(stages);
    const { engine, store } = ground.coordinate();
    await engine.compute(scaled());
    await engine.compute(adding("one", { n: 1 }));
    const jobs = await ground.jobs();
    const [base] = [...new Set(store.entries().flatMap(({ partOf }) => partOf ?? []))];
    const said = [...jobs].map(([id, { data }]) => ({ id, data: JSON.parse(data!) }));
    expect(said).toHaveLength(9);
    for (const { id, data } of said) {
      if (data.stage === "add") expect(data).toEqual({ stage: "add", key: id });
      else expect(data).toEqual({ stage: "scale", key: id, partOf: base });
    }
  });

  test("what one coordinator had computed another gets without, though its worker is gone", async () => {
    const worker = ground.work(stages);
    const one = ground.coordinate();
    const made = one.store.identify(await one.engine.compute(scaled()));
    await worker.end();
    const other = ground.coordinate();
    expect(other.store.identify(await other.engine.compute(scaled()))).toBe(made);
  });

  test("a result that the content store has lost or spoilt is left there again by whoever has it", async () => {
    const worker = ground.work(stages);
    const one = ground.coordinate();
    const made = one.store.identify(await one.engine.compute(adding("one", { n: 1 })));
    const damages = [
      () => ground.redis.del("mesoflow:content:blobs"),
      () => ground.redis.hset("mesoflow:content:blobs", made, "spoilt"),
    ];
    for (const damage of damages) {
      await damage();
      const other = ground.coordinate();
      expect(other.store.identify(await other.engine.compute(adding("one", { n: 1 })))).toBe(made);
      await other.close();
    }
    expect(worker.told.filter(({ event }) => event === "finished")).toHaveLength(3);
    expect(worker.store.entries()).toHaveLength(1);
  });

  test("inputs that are forgotten before a worker comes are left there again", async () => {
    const { engine, store } = ground.coordinate();
    const making = engine.compute(scaled());
    await until(async () => (await ground.jobs()).size === 8);
    await ground.redis.del("mesoflow:content:blobs", "mesoflow:content:used", "mesoflow:content:total");
    const worker = ground.work(stages);
    const local = engineOf(stages);
    expect(store.identify(await making)).toBe(local.store.identify(await local.engine.compute(scaled())));
    expect(worker.told.filter(({ event }) => event === "left").length).toBeGreaterThan(0);
  });

  test("what a stage throws arrives as it was, and what may pass is tried again", async () => {
    let tries = 0;
    const failing: Stage<{ readonly how: string }> = {
      id: "failing",
      params: asIs(),
      policy: { retries: 2, backoff: 0.01 },
      async run({ params: { how } }) {
        if (how === "input") throw Object.assign(new Error("this file is none"), { name: "BadInput" });
        if (how === "defect") throw new RangeError("one too many");
        if (how === "text") throw "only text";
        tries += 1;
        if (tries < 3) throw new Transient("not yet");
        return num(tries);
      },
    };
    ground.work([failing as unknown as Stage]);
    const { engine } = ground.coordinate();
    const nodes = ["input", "defect", "text", "passing"].map((how) =>
      place(failing, `failing/${how}`, { how }, {}),
    );
    const { events, summary } = record(engine.run(nodes, { keepGoing: true }));
    await summary();
    const failures = new Map<string, Failure>();
    for (const event of events) if (event.event === "failed") failures.set(event.stage, event.failure);
    expect(failures.get("failing/input")).toEqual({ kind: "bad-input", message: "this file is none" });
    expect(failures.get("failing/defect")).toMatchObject({ kind: "stage", message: "one too many" });
    expect(JSON.stringify(failures.get("failing/defect"))).toMatch(/queue\.test\.ts.*in process \d+ on /);
    expect(failures.get("failing/text")).toMatchObject({ kind: "stage", message: "only text" });
    expect(events.filter(({ event }) => event === "retry")).toHaveLength(2);
    expect(endingOf(events, "failing/passing")).toBe("finished");
  });

  test("progress travels", async () => {
    const held = heldStage();
    ground.work([held.stage as unknown as Stage]);
    const { engine } = ground.coordinate();
    const { events, summary } = record(engine.run([held.at("slow")]));
    const call = await held.call("slow");
    await call.progress(0.25);
    await until(() => events.some((event) => event.event === "progress" && event.fraction === 0.25));
    call.finish(1);
    await summary();
    expect(endingOf(events, "held/slow")).toBe("finished");
  });

  test("the time limit of a stage counts from when a worker begins it, however long it waited", async () => {
    const timeLimit = 2;
    const limited: Stage<{ readonly label: string }> = {
      id: "limited",
      params: asIs(),
      policy: { timeLimit, retries: 0 },
      run: async ({ params: { label } }) => (label === "soon" ? num(1) : new Promise(() => {})),
    };
    const { engine } = ground.coordinate();
    const nodes = ["soon", "never"].map((label) => place(limited, `limited/${label}`, { label }, {}));
    const { events, summary } = record(engine.run(nodes, { keepGoing: true }));
    await until(async () => {
      const jobs = [...(await ground.jobs()).values()];
      return jobs.length === 2 && jobs.every((job) => Date.now() - Number(job.timestamp) > 1000 * timeLimit);
    });
    ground.work([limited as unknown as Stage]);
    await summary();
    expect(endingOf(events, "limited/soon")).toBe("finished");
    expect(events.find((event) => event.event === "failed")).toMatchObject({
      ...{ stage: "limited/never", failure: { kind: "time-limit" } },
    });
  });

  test("who asks for the same waits for the same, and it goes on until nobody waits", async () => {
    const held = heldStage();
    const worker = ground.work([held.stage as unknown as Stage]);
    const [one, other] = [ground.coordinate(), ground.coordinate()];
    const first = record(one.engine.run([held.at("same")]));
    const call = await held.call("same");
    const second = record(other.engine.run([held.at("same")]));
    await until(async () => (await ground.redis.keys("mesoflow:2:waits:*")).length === 2);
    first.stop();
    await until(async () => (await ground.redis.keys("mesoflow:2:waits:*")).length === 1);
    await ground.renewed("*:lock", 2); // each time the worker asks whether it is cancelled
    expect(call.signal.aborted).toBe(false);
    second.stop();
    await until(() => call.signal.aborted);
    await until(() => worker.told.some(({ event }) => event === "left"));
    expect((await ground.jobs()).size).toBe(0);
  });

  test("a job that is cancelled before a worker has it is taken off the queue", async () => {
    const held = heldStage();
    const { engine } = ground.coordinate();
    const { stop } = record(engine.run([held.at("same")]));
    await until(async () => (await ground.jobs()).size === 1);
    stop();
    await until(async () => (await ground.jobs()).size === 0);
  });

  test("a worker with other code of a stage takes none of its jobs, and both sides say so once", async () => {
    const other = (stage: Stage) => ({ code: `other ${stage.id}` });
    const stranger = ground.work(stages, {
      fingerprint: (stage) => (stage === stages[0] ? other(stage) : { code: "same" }),
    });
    const { engine, store, notices } = ground.coordinate({ fingerprint: () => ({ code: "same" }) });
    expect(await engine.compute(adding("one", { n: 1 }))).toEqual(num(1));
    const making = engine.compute(scaled());
    await until(() => notices.length > 0 && stranger.told.some(({ event }) => event === "refused"));
    // They look again, and have said all they have to say.
    await Promise.all([ground.renewed("coordinator:*", 3), ground.renewed("worker:*", 2)]);
    expect(notices).toEqual([
      "No worker has this version of scale's code; one has another, and no job of it goes there.",
    ]);
    expect(stranger.told.filter(({ event }) => event === "refused")).toHaveLength(1);
    expect(stranger.told.filter(({ event }) => event === "began")).toHaveLength(1);
    const worker = ground.work(stages, { fingerprint: () => ({ code: "same" }) });
    const local = engineOf(stages);
    expect(store.identify(await making)).toBe(local.store.identify(await local.engine.compute(scaled())));
    expect(worker.told.filter(({ event }) => event === "finished")).toHaveLength(8);
  });

  test("without any worker it is told what is missing", async () => {
    const { engine, notices, faults } = ground.coordinate();
    const { stop } = record(engine.run([adding("one", { n: 1 })]));
    await until(() => notices.length > 0);
    expect(notices[0]).toBe("No worker takes jobs.");
    expect(faults).toEqual([{ what: "executor", reason: "unused" }]);
    stop();
  });

  test("a worker that is stopped puts back what it is at, and another does it", async () => {
    const held = heldStage();
    const first = ground.work([held.stage as unknown as Stage]);
    const { engine } = ground.coordinate();
    const { events, summary } = record(engine.run([held.at("slow")]));
    await held.call("slow");
    await first.end();
    expect(first.told.at(-1)).toMatchObject({ event: "left", why: "this worker was stopped" });
    ground.work([held.stage as unknown as Stage]);
    (await held.call("slow", 1)).finish(7);
    await summary();
    expect(endingOf(events, "held/slow")).toBe("finished");
    expect(events.filter(({ event }) => event === "retry")).toEqual([]);
  });

  test("what is forced is computed again, and takes the place of what was known", async () => {
    const worker = ground.work(stages);
    const { engine, store } = ground.coordinate({ store: memoryStore() });
    const node = adding("one", { n: 1 });
    await engine.compute(node);
    const before = store.entries()[0]!.at;
    await until(() => Date.now() > Date.parse(before)); // so that the time of what is made next is another
    for (let times = 0; times < 2; times += 1) {
      const { events, summary } = record(engine.run([node], { forced: new Set([node]) }));
      await summary();
      expect(endingOf(events, "add/one")).toBe("finished");
    }
    expect(store.entries()[0]!.at > before).toBe(true);
    expect(worker.told.filter(({ event }) => event === "began")).toHaveLength(3);
  });
});

const endingOf = (events: readonly PipelineEvent[], stage: string) =>
  events.filter(isTerminal).find((ending) => ending.stage === stage)?.event;
