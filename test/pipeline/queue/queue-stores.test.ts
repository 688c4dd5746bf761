import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { grid, type Stage, source } from "../../../pipeline/index.ts";
import { add, adding, asIs, engineOf, heldStage, type Num, num, record } from "../../support/harness.ts";
import { hasRedis, redisTitle } from "../../support/redis.ts";
import { type Content, queueGround, until } from "./queue-ground.ts";

describe.skipIf(!hasRedis)(redisTitle("content stores on one Redis"), { timeout: 300_000 }, () => {
  let ground: Awaited<ReturnType<typeof queueGround>>;
  let root: string;
  beforeEach(async () => {
    ground = await queueGround();
    root = mkdtempSync(join(tmpdir(), "mesoflow-stores-"));
  });
  afterEach(async () => {
    await ground.end();
    rmSync(root, { recursive: true, force: true });
  });

  const raise: Stage<{ readonly by: number }, { readonly x: Num }, Num> = {
    id: "raise",
    params: asIs(),
    run: async ({ params: { by }, inputs }) => num(inputs.x.values.n + by),
  };
  const stages = [add, raise] as unknown as Stage[];
  const chunks = () =>
    grid(raise, "raise", {
      axes: { by: [1, 2, 3, 4, 5, 6, 7, 8] },
      params: {},
      inputs: { x: source("x", async () => num(7)) },
      chunk: 2,
    });
  const folder = (name: string): Content => ({ folder: join(root, name) });
  const redis = (): Content => ({ room: 1e7 });
  const told = (worker: ReturnType<typeof ground.work>, kind: string) =>
    worker.told.filter(({ event }) => event === kind);

  test.each([
    ["Redis", "a folder", redis, () => folder("a")],
    ["a folder", "Redis", () => folder("a"), redis],
    ["a folder", "another folder", () => folder("a"), () => folder("b")],
  ])("a worker that shares by %s takes no job of a run that shares by %s", async (_, __, theirs, ours) => {
    const nameOf = async (content: Content) => (await ground.exchange(ground.redis, content).identity()).name;
    const stranger = ground.work(stages, { content: theirs() });
    const { engine, store, notices } = ground.coordinate({ content: ours() });
    const { events, summary } = record(engine.run([chunks()]));
    await until(() => notices.length > 0 || events.some(({ event }) => event === "failed"));
    const [our, their] = [await nameOf(ours()), await nameOf(theirs())];
    expect(notices).toEqual([
      `No worker with this code shares by ${our}, as this run does: one on ${hostname()} shares by ${their}.`,
    ]);
    await until(() => told(stranger, "refused").length > 0);
    expect(told(stranger, "ready")).toMatchObject([{ shares: their }]);
    expect(told(stranger, "refused")).toEqual([
      {
        event: "refused",
        stage: "raise",
        message: `jobs of raise are shared by ${our}, this worker shares by ${their}: they are left to others`,
      },
    ]);
    expect((await ground.jobs()).size).toBe(4);
    const worker = ground.work(stages, { content: ours() });
    await summary();
    const local = engineOf(stages);
    const expected = local.store.identify(await local.engine.compute(chunks()));
    expect(store.identify(await engine.compute(chunks()))).toBe(expected);
    expect(told(worker, "finished")).toHaveLength(4);
    expect(told(stranger, "began")).toEqual([]);
    expect(told(stranger, "refused")).toHaveLength(1);
    expect(notices).toHaveLength(1);
  });

  test("the same folder by another path is the same store", async () => {
    mkdirSync(join(root, "a"));
    symlinkSync(join(root, "a"), join(root, "mounted"));
    ground.work(stages, { content: folder("a") });
    const { engine } = ground.coordinate({ content: folder("mounted") });
    expect(await engine.compute(adding("one", { n: 1 }))).toEqual(num(1));
  });

  test("runs by two stores at once are both served, and neither cancels what the other waits for", async () => {
    const held = heldStage();
    const contents = [folder("a"), folder("b")];
    const workers = contents.map((content) => ground.work([held.stage as unknown as Stage], { content }));
    const [first, second] = contents.map((content) =>
      record(ground.coordinate({ content }).engine.run([held.at("same")])),
    );
    const calls = [await held.call("same", 0), await held.call("same", 1)];
    first!.stop();
    await until(() => told(workers[0]!, "left").length > 0);
    expect(calls.filter(({ signal }) => signal.aborted)).toHaveLength(1);
    for (const call of calls) call.finish(1);
    await second!.summary();
    expect(second!.told()).toContain("finished held/same");
    expect(told(workers[1]!, "left")).toEqual([]);
  });

  test("a worker with a smaller bound does not take from Redis what a run with a larger one leaves", async () => {
    const worker = ground.work(stages, { content: { room: 1 } });
    const { engine } = ground.coordinate({ content: { room: 1e7 } });
    expect(await engine.compute(adding("one", { n: 1 }))).toEqual(num(1));
    expect(told(worker, "left")).toEqual([]);
  });
});
