// @module-tag process
import { afterEach, describe, expect, test } from "vitest";
import { hasRedis, redisTitle } from "../../support/redis.ts";
import { jobsIn, until } from "./queue-ground.ts";
import { type Process, processGround } from "./queue-processes.ts";

/** How many faults the last test makes: a handful unless told. */
const FAULTS = Number(process.env.FAULTS ?? 6);

describe.skipIf(!hasRedis)(redisTitle("processes by way of Redis"), { timeout: 300_000 }, () => {
  let ground: Awaited<ReturnType<typeof processGround>>;
  afterEach(() => ground.end());

  const contentOf = (process: Process): string | undefined =>
    process.said().find(({ event }) => event === "finished" || event === "hit")?.content;
  /** What the grid is where nothing goes wrong. */
  const expected = async (): Promise<string> => {
    const alone = ground.start("alone", "alone", 8);
    expect(await alone.gone).toBe(0);
    return contentOf(alone)!;
  };

  test("the jobs of a worker that is killed run elsewhere within seconds", async () => {
    ground = await processGround({ points: 40, chunk: 2 });
    const content = await expected();
    const before = ground.computed().length;
    ground.hold();
    const workers = [ground.start("worker", "w1"), ground.start("worker", "w2")];
    const coordinator = ground.start("coordinator", "c", 8); // more than one worker takes
    const killed = workers[0]!.child;
    await until(() =>
      ground
        .computed()
        .slice(before)
        .some(({ pid }) => pid === killed.pid),
    );
    killed.kill("SIGKILL");
    await workers[0]!.gone;
    ground.open();
    expect(await coordinator.gone).toBe(0);
    expect(contentOf(coordinator)).toBe(content);
    const computed = ground.computed().slice(before);
    const again = computed.filter(({ point }) => computed.filter((one) => one.point === point).length > 1);
    expect(again.some(({ pid }) => pid === killed.pid)).toBe(true);
    expect(again.length).toBeLessThanOrEqual(2 * 2 * 2); // two jobs of two points, at both workers
  });

  test("a job that ends every worker which takes it fails alone, with their log", async () => {
    ground = await processGround({ points: 24, chunk: 2, poison: 7 });
    const coordinator = ground.start("coordinator", "c", 12);
    let deaths = 0;
    let isOver = false;
    const keepWorking = async (name: string): Promise<void> => {
      while (!isOver) if ((await ground.start("worker", name, 4).gone) === "SIGKILL") deaths += 1;
    };
    void keepWorking("w1");
    void keepWorking("w2");
    expect(await coordinator.gone).toBe(0);
    isOver = true;
    const failed = coordinator.said().find(({ event }) => event === "failed");
    expect(failed.failure.kind).toBe("worker");
    expect(failed.failure.message.match(/begun on .* by process \d+/g)).toHaveLength(4);
    expect(deaths).toBe(4);
    // Each point of the other jobs was computed, those that a death had taken along by another worker.
    const others = new Set(
      ground.computed().flatMap(({ point }) => (point === 6 || point === 7 ? [] : [point])),
    );
    expect(others.size).toBe(22);
  });

  test("a coordinator that is killed finds what was finished meanwhile when it is started again", async () => {
    ground = await processGround({ points: 40, chunk: 2, content: "content" });
    const content = await expected();
    const before = ground.computed().length;
    ground.hold();
    ground.start("worker", "w1");
    const first = ground.start("coordinator", "c", 40);
    const redis = ground.server.client();
    const jobs = async () => [...(await jobsIn(redis)).values()];
    await until(async () => (await jobs()).length === 20 && ground.computed().length > before);
    first.child.kill("SIGKILL");
    await first.gone;
    ground.open();
    await until(async () => (await jobs()).every(({ finishedOn }) => finishedOn !== undefined));
    const second = ground.start("coordinator", "c", 40);
    expect(await second.gone).toBe(0);
    expect(contentOf(second)).toBe(content);
    expect(ground.computed()).toHaveLength(before + 40);
  });

  test(
    `after ${FAULTS} random faults the grid is what it is without, and nothing is lost`,
    async () => {
      // A fault comes within 30 points after the last, so that none comes after all 40 for each.
      ground = await processGround({ points: 40 * FAULTS, chunk: 2, pause: 300 });
      const content = await expected();
      let state = Number(process.env.FUZZ_SEED ?? 2018);
      const chance = (below: number): number => {
        state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
        return Math.floor((state / 2 ** 32) * below);
      };
      const workers = [ground.start("worker", "w0"), ground.start("worker", "w1")];
      let coordinator = ground.start("coordinator", "c");
      let isDone = false;
      const watch = (process: Process) => {
        void process.gone.then((code) => {
          if (code === 0) isDone = true;
        });
      };
      watch(coordinator);
      const made = { worker: 0, redis: 0, coordinator: 0 };
      for (let fault = 0; fault < FAULTS && !isDone; fault += 1) {
        const next = ground.computed().length + 1 + chance(30);
        await until(() => isDone || ground.computed().length >= next);
        if (isDone) break;
        switch (chance(3)) {
          case 0: {
            const which = chance(2);
            workers[which]!.child.kill("SIGKILL");
            workers[which] = ground.start("worker", `w${which}`);
            made.worker += 1;
            break;
          }
          case 1:
            await ground.server.restart(chance(2) === 0 ? "SIGTERM" : "SIGKILL");
            made.redis += 1;
            break;
          default:
            coordinator.child.kill("SIGKILL");
            await coordinator.gone;
            if (isDone) break;
            coordinator = ground.start("coordinator", "c");
            watch(coordinator);
            made.coordinator += 1;
        }
      }
      expect(await coordinator.gone).toBe(0);
      expect(contentOf(coordinator)).toBe(content);
      console.log(`faults: ${JSON.stringify(made)}`);
      expect(made.worker + made.redis + made.coordinator).toBe(FAULTS);
    },
    300_000 + 40_000 * FAULTS,
  );
});
