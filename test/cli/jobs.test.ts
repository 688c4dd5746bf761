import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { cpSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openStore } from "../../cache/index.ts";
import { verify } from "../../cache/inspect.ts";
import { optionsOf } from "../../cli/options.ts";
import {
  fast,
  isBuilt,
  jsonLines,
  main,
  mesoflow,
  printed,
  processTitle,
  start,
  workingFolders,
} from "../support/command-line.ts";

const folders = workingFolders();
afterAll(folders.clear);

/** Runs the pipeline and gives its summary and how many threads it started. */
function counted(cwd: string, ...args: string[]) {
  const hook = fileURLToPath(new URL("count-threads.cjs", import.meta.url));
  const run = spawnSync(process.execPath, ["--require", hook, main, "run", "--json", ...args], {
    cwd,
    encoding: "utf8",
  });
  return { threads: run.stderr.split("thread started\n").length - 1, summary: jsonLines(run.stdout).at(-1) };
}

/** Has the cache of a folder say that a stage took that long. */
async function tookBefore(folder: string, stage: string, seconds: number): Promise<void> {
  const store = openStore(join(folder, ".mesoflow"));
  const results = store.entries().filter(({ preImage }) => preImage.stage === stage);
  expect(results).toHaveLength(1);
  for (const { key, ...result } of results) {
    store.tables.transaction(() =>
      store.tables.results.put(key, JSON.stringify({ key, ...result, seconds })),
    );
  }
  await store.close();
}

/** Every stage's artifact, and that every run has said the same of it. */
const contents = (text: string) =>
  Object.fromEntries(
    jsonLines(text).flatMap(({ event, stage, content }) => (event === "finished" ? [[stage, content]] : [])),
  );

describe("--jobs", () => {
  it("is the number of processors unless given", () => {
    expect(optionsOf({}).jobs).toBe(Math.min(availableParallelism(), 64));
  });

  it("is refused where it is more than a cache can serve", () => {
    expect(() => optionsOf({ jobs: "65" })).toThrow(
      /^--jobs is 65, but at most 64 stages can run at once; this machine has \d+ processors?, more jobs than that make nothing faster\.$/,
    );
    expect(optionsOf({ jobs: "64" }).jobs).toBe(64);
  });
});

describe.skipIf(!isBuilt)(processTitle("runs with several jobs"), { tags: ["process"] }, () => {
  let cwd: string;
  let one: Record<string, string>;
  beforeAll(() => {
    cwd = folders.make();
    one = contents(printed(cwd, "run", "--json", "--jobs", "1", ...fast));
  });

  it("give what a run with one gives", () => {
    expect(contents(printed(folders.make(), "run", "--json", "--jobs", "3", ...fast))).toEqual(one);
    expect(Object.keys(one).length).toBeGreaterThan(10);
  });

  it("start threads for what is not known to be short, and for nothing else", () => {
    expect(counted(folders.make(), "--jobs", "1", ...fast)).toMatchObject({ threads: 0 });
    const cold = counted(folders.make(), "--jobs", "2", ...fast);
    expect(cold.threads).toBeGreaterThan(0);
    expect(cold.threads).toBeLessThanOrEqual(2);
    expect(counted(cwd, "--jobs", "2", ...fast)).toMatchObject({ threads: 0, summary: { executed: [] } });
  });

  it.each([
    ["none for what took a millisecond", 0.001, 0],
    ["one for what took a minute", 60, 1],
  ])("start %s before", async (_, seconds, threads) => {
    const folder = folders.make();
    cpSync(join(cwd, ".mesoflow"), join(folder, ".mesoflow"), { recursive: true });
    await tookBefore(folder, "inference", seconds);
    const one = ["inference", "--jobs", "2", "--set", "inference.durations.example=10", ...fast];
    expect(counted(folder, ...one)).toMatchObject({ threads, summary: { executed: ["inference"] } });
  });

  it.each(["SIGINT", "SIGTERM"] as const)(
    "that are stopped by %s leave nothing half-done",
    async (signal) => {
      const folder = folders.make();
      const run = start(folder, "run", "--json", "--jobs", "2", "--set", "tf.duration=100");
      const output: string[] = [];
      let isSent = false; // a second signal would meet no handler
      run.stderr.resume();
      run.stdout.setEncoding("utf8").on("data", (text) => {
        output.push(text);
        if (!isSent && text.includes('"progress"')) isSent = run.kill(signal);
      });
      const [status] = await once(run, "close");
      expect(status).toBe(130);
      const { executed } = jsonLines(output.join("")).at(-1);
      const store = openStore(`${folder}/.mesoflow`);
      expect(
        store
          .entries()
          .map(({ preImage }) => preImage.stage)
          .sort(),
      ).toEqual([...executed].sort());
      expect(store.leases.living()).toEqual([]);
      expect((await verify(store)).findings).toEqual([]);
      await store.close();
    },
  );

  it("whose stages fail say what they say with one", () => {
    const broken = ["--set", "tf.max_rate=1e-9", "--keep-going", ...fast];
    const ends = (jobs: string) => {
      const { status, stdout } = mesoflow(folders.make(), "run", "--json", "--jobs", jobs, ...broken);
      const lines = jsonLines(stdout);
      const failed = lines.filter(({ event }) => event === "failed");
      const order = (a: { stage: string }, b: { stage: string }) => (a.stage < b.stage ? -1 : 1);
      const failures = failed.map(({ stage, failure }) => ({ stage, failure })).sort(order);
      const { seconds: _, ...summary } = lines.at(-1);
      return { status, failures, summary };
    };
    const alone = ends("1");
    expect(alone.failures.length).toBeGreaterThan(0);
    expect(ends("3")).toEqual(alone);
  });
});
