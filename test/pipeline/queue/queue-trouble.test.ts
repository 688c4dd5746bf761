// @module-tag process
import { setImmediate } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { memoryStore } from "../../../cache/index.ts";
import { remoteExecutor } from "../../../cli/session/cluster.ts";
import { Engine, place, type Stage, StoreError } from "../../../pipeline/index.ts";
import { fingerprintOfText } from "../../../pipeline/inspect.ts";
import { connect } from "../../../pipeline/queue/index.ts";
import { LEASE } from "../../../pipeline/store/store.ts";
import { adding, asIs, heldStage, num, record, withMethods } from "../../support/harness.ts";
import { hasRedis, redisTitle, startRedis } from "../../support/redis.ts";
import { passed, queueGround, until } from "./queue-ground.ts";

const bare = (stage: unknown) => stage as Stage;

describe.skipIf(!hasRedis)(redisTitle("trouble on the way"), { timeout: 300_000 }, () => {
  let ground: Awaited<ReturnType<typeof queueGround>>;
  beforeEach(async () => {
    ground = await queueGround();
  });
  afterEach(() => ground.end());

  const held = heldStage();
  /** A stage of which these tests tell each run by its label. */
  const at = (label: string, policy = {}) => place({ ...held.stage, policy }, `held/${label}`, { label }, {});
  const of = (run: ReturnType<typeof record>, kind: string) =>
    run.events.filter(({ event }) => event === kind);

  test("a Redis that stands still for longer than a lease costs no job that runs", async () => {
    const labels = ["a", "b", "c", "d"].map((name) => `still-${name}`);
    ground.work([bare(held.stage)]);
    ground.work([bare(held.stage)]);
    const run = record(ground.coordinate().engine.run(labels.map((label) => at(label))));
    const calls = await Promise.all(labels.map((label) => held.call(label)));
    await ground.renewed("coordinator:*", 2); // it has looked after them before
    ground.server.signal("SIGSTOP");
    await passed(1.5 * LEASE); // so that every lock has run out
    ground.server.signal("SIGCONT");
    await until(async () => (await ground.redis.keys("mesoflow:2:*:lock")).length === labels.length);
    await passed(LEASE); // from then on whoever is not heard of counts as gone
    await Promise.all([ground.renewed("*:lock", 2), ground.renewed("coordinator:*", 3)]);
    expect(calls.map(({ signal }) => signal.aborted)).toEqual([false, false, false, false]);
    for (const call of calls) call.finish(1);
    await run.summary();
    expect(of(run, "retry")).toEqual([]);
    expect(of(run, "finished")).toHaveLength(4);
  });

  test("a run that is stopped at any moment leaves nothing on the queue", async () => {
    const { engine, close } = ground.coordinate();
    for (let n = 0; n < 40; n += 1) {
      const run = record(engine.run([at(`left-${n}`)]));
      for (let turn = 0; turn < 3 * n; turn += 1) await setImmediate();
      run.stop();
    }
    await close(); // from then on it puts nothing on a queue
    const waits = () => ground.redis.keys("mesoflow:2:waits:*");
    await until(async () => (await waits()).length === 0 && (await ground.jobs()).size === 0);
  });

  test("a result that the content store has no room for fails its stage, with what to do", async () => {
    const big: Stage<{ readonly n: number }> = {
      id: "big",
      params: asIs(),
      async run({ params: { n } }) {
        const data = Float64Array.from({ length: 20_000 }, (_, i) => Math.imul(i + n, 2_654_435_761));
        return { arrays: { y: { data, shape: [20_000], dims: ["i"], units: "1" } }, values: {} };
      },
    };
    const content = { room: 50_000 };
    const worker = ground.work([bare(big)], { content });
    const run = record(ground.coordinate({ content }).engine.run([place(big, "big/1", { n: 1 }, {})]));
    await run.summary();
    expect(of(run, "failed")).toMatchObject([
      {
        failure: {
          kind: "store",
          message: expect.stringContaining("forgets what big/1 needs or makes before it is taken"),
          fault: { what: "exchange", reason: "forgotten" },
        },
      },
    ]);
    expect(worker.told.filter(({ event }) => event === "finished").length).toBeLessThan(10);
  });

  test("of a job that is on the queue again no time passes", async () => {
    const timeLimit = 2;
    let times = 0;
    const twice: Stage = {
      id: "twice",
      params: asIs(),
      policy: { timeLimit, retries: 0 },
      async run() {
        times += 1;
        return times === 1 ? new Promise(() => {}) : num(1);
      },
    };
    const first = ground.work([twice]);
    const run = record(ground.coordinate().engine.run([place(twice, "twice", {}, {})]));
    await until(() => times === 1);
    await first.end();
    await passed(1000 * timeLimit);
    ground.work([twice]);
    await run.summary();
    expect(of(run, "finished")).toHaveLength(1);
    expect(times).toBe(2);
  });

  test("what another coordinator was told has failed is cancelled with the last who waits for it", async () => {
    ground.work([bare(held.stage)]);
    const policy = { retries: 0 };
    const first = record(ground.coordinate().engine.run([at("failed", policy)]));
    (await held.call("failed")).fail(new Error("no"));
    await first.summary();
    const second = record(ground.coordinate().engine.run([at("failed", policy)]));
    const call = await held.call("failed", 1);
    second.stop();
    await until(() => call.signal.aborted);
    await until(async () => (await ground.jobs()).size === 0);
  });

  test("a result that its coordinator cannot store stays on the queue for the next", async () => {
    ground.work([bare(held.stage)]);
    const store = withMethods(memoryStore(), {
      commit: async () => {
        throw new StoreError("the disk is full");
      },
    });
    const run = record(ground.coordinate({ store }).engine.run([at("unstored")]));
    (await held.call("unstored")).finish(7);
    await run.summary();
    expect(of(run, "failed")).toMatchObject([{ failure: { kind: "store", message: "the disk is full" } }]);
    const next = record(ground.coordinate().engine.run([at("unstored")]));
    await next.summary();
    expect(of(next, "finished")).toHaveLength(1);
    expect(held.calls.filter(({ label }) => label === "unstored")).toHaveLength(1);
  });

  test("a worker that cannot store ends and says why, and others do its jobs", async () => {
    const store = withMethods(memoryStore(), {
      commit: async () => {
        throw new StoreError("the disk is full");
      },
    });
    const unfit = ground.work([bare(held.stage)], { store });
    const run = record(ground.coordinate().engine.run([at("unfit")]));
    (await held.call("unfit")).finish(1);
    await expect(unfit.done).rejects.toThrow("the disk is full");
    expect(unfit.told.map(({ event }) => event)).toEqual(["ready", "began", "left"]);
    ground.work([bare(held.stage)]);
    (await held.call("unfit", 1)).finish(1);
    await run.summary();
    expect(of(run, "retry")).toEqual([]);
    expect(of(run, "finished")).toHaveLength(1);
  });

  test("a worker that is stopped while Redis is away ends all the same", async () => {
    const worker = ground.work([bare(held.stage)], { jobs: 1 });
    const run = record(ground.coordinate().engine.run([at("away")]));
    await held.call("away");
    ground.server.signal("SIGSTOP");
    await worker.end(); // the test's time limit is what it must not exceed
    ground.server.signal("SIGCONT");
    run.stop();
  });

  test("queues of versions that nobody has used for long are removed, those in use are not", async () => {
    const { redis } = ground;
    const keys = () => redis.keys("mesoflow:2:held.*");
    const first = ground.work([bare(held.stage)]);
    const run = record(ground.coordinate().engine.run([at("old")]));
    (await held.call("old")).finish(1);
    await run.summary();
    await first.end();
    const old = await until(async () => (await redis.zrange("mesoflow:2:used", "0", "-1"))[0]);
    expect((await keys()).length).toBeGreaterThan(0);
    await redis.zadd("mesoflow:2:used", String(Date.now() - 25 * 3_600_000), old);
    ground.work([bare(adding("one", { n: 1 }).stage)]);
    const later = ground.coordinate();
    record(later.engine.run([adding("one", { n: 1 })]));
    await until(async () => (await keys()).length === 0);
    await until(async () => (await redis.zrange("mesoflow:2:used", "0", "-1")).length > 0);
    expect(await redis.zrange("mesoflow:2:used", "0", "-1")).not.toContain(old);
  });
});

describe.skipIf(!hasRedis)(redisTitle("connecting"), () => {
  const connected = (url: string) => connect({ url, patience: 500, notice: () => {} });

  test("a database that is not there is refused", async () => {
    const server = await startRedis();
    const url = server.url.replace(/\/0$/, "/99");
    await expect(connected(url)).rejects.toThrow(
      /^redis:\/\/127\.0\.0\.1:\d+\/99 cannot be used: .*out of range/,
    );
    (await connected(` ${server.url}\n`)).disconnect();
    await server.stop();
  });

  test.each([
    ["options", "redis://127.0.0.1:1/0?path=/tmp/socket"],
    ["a fragment", "redis://127.0.0.1:1/0#x"],
    ["a password that is not encoded", "redis://:50%off@127.0.0.1:1/0"],
    ["a password that ends the host", "redis://user:12?abc@127.0.0.1:1/0"],
  ])("%s in a URL are refused, without repeating it", async (_, url) => {
    await expect(connected(url)).rejects.toMatchObject({
      name: "BadInput",
      message: expect.stringMatching(/^The executor is no URL of a Redis/),
    });
    await expect(connected(url)).rejects.not.toThrow(/50%off|12\?abc/);
  });

  test("an executor whose Redis was not there tries again with the next job", async () => {
    const server = await startRedis();
    const executor = remoteExecutor(memoryStore(), { executor: server.url, content: "redis" }, () => {});
    const engine = new Engine({ store: memoryStore(), executor, fingerprint: fingerprintOfText });
    await server.stop();
    const first = record(engine.run([adding("one", { n: 1 })]));
    await first.summary();
    expect(first.events.find(({ event }) => event === "failed")).toMatchObject({
      failure: { kind: "bad-input" },
    });
    const again = await startRedis({ port: server.port });
    const second = record(engine.run([adding("one", { n: 1 })]));
    await until(async () => (await again.client().keys("mesoflow:2:waits:*")).length > 0);
    second.stop();
    await engine.close();
    await again.stop();
  });
});
