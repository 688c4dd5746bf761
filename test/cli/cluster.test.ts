// @module-tag process
import { once } from "node:events";
import { readFileSync, realpathSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { titled } from "../golden.ts";
import {
  fast,
  isBuilt,
  jsonLines,
  mesoflow,
  printed,
  processTitle,
  start,
  startIn,
  summaryOf,
  workingFolders,
} from "../support/command-line.ts";
import { hasRedis, hasTls, redisTitle, startRedis, type TestRedis } from "../support/redis.ts";

const folders = workingFolders();
afterAll(() => folders.clear());

/** How long to look for what is sure to come, ms: the tests' own limits end it. */
const PATIENCE = { timeout: 400_000, interval: 50 };

/** The scan of the bundled recording, by a grid of few points. */
const scan = ["scan", ...fast, "--set", "scan.points=2"];

describe.skipIf(!isBuilt)(processTitle("an executor that cannot be used"), () => {
  const cwd = folders.make();
  test.each([
    ["no URL", ["--executor", "localhost"], "The executor is no URL of a Redis: give it as redis://"],
    ["another protocol", ["--executor", "http://me:secret@host"], "The executor is no URL of a Redis"],
    [
      "no size",
      ["--executor", "redis://host", "--content", "redis:much"],
      "--content is much, but must be a size",
    ],
    [
      "nobody there",
      ["--executor", "redis://me:secret@127.0.0.1:1/0"],
      "Cannot reach redis://127.0.0.1:1/0: connect ECONNREFUSED 127.0.0.1:1; start Redis there, or name another with --executor URL.",
    ],
  ])("%s", (_, args, sentence) => {
    const { status, stdout, stderr } = mesoflow(cwd, "run", "tf-simulation", ...fast, ...args);
    expect(stderr).toContain(sentence);
    expect(`${stdout}${stderr}`).not.toContain("secret");
    expect(status).toBe(2);
  });

  test("a worker without one is told to name it", () => {
    const { status, stderr } = mesoflow(cwd, "worker");
    expect(stderr).toContain("A worker needs to know where jobs are: give --executor redis://host:port/db");
    expect(status).toBe(2);
  });
});

describe.skipIf(!isBuilt || !hasTls)(processTitle(titled("TLS", hasTls, "openssl and redis-server")), () => {
  let server: TestRedis;
  const cwd = folders.make();
  beforeAll(async () => {
    server = await startRedis({ tls: true, password: "secret" });
  });
  afterAll(() => server.stop());
  const trusting = () => ({ NODE_EXTRA_CA_CERTS: join(server.folder, "authority.pem") });

  test("carries jobs and results where the authority is trusted", async () => {
    const env = { ...trusting(), MESOFLOW_EXECUTOR: server.url };
    const worker = startIn(env, cwd, "worker", "--cache", "w", "--jobs", "1");
    const gone = once(worker, "close");
    const run = startIn(env, cwd, "run", "tf-fit/RS-cell", ...fast, "--json");
    run.stdout.resume();
    expect(await once(run, "close")).toEqual([0, null]);
    worker.kill("SIGKILL");
    await gone;
    const [made] = jsonLines(printed(cwd, "cache", "ls", "--json")).filter(
      ({ stage }) => stage === "tf-fit/RS-cell",
    );
    expect(made!.where).toMatchObject({ pid: worker.pid });
  });

  test.each([
    ["nobody vouches for", () => ({}), "127.0.0.1", "self-signed certificate"],
    ["is another host's", trusting, "localhost", "Hostname/IP does not match certificate's altnames"],
  ])("a certificate that %s is refused, with what to do", async (_, env, host, cause) => {
    const url = server.url.replace("127.0.0.1", host);
    const child = startIn(env(), cwd, "run", "tf-fit/RS-cell", ...fast, "--force", "--executor", url);
    let said = "";
    child.stdout.resume();
    child.stderr.setEncoding("utf8").on("data", (text) => {
      said += text;
    });
    expect(await once(child, "close")).toEqual([2, null]);
    expect(said).toContain(`Cannot reach ${url.replace(/:[^/]*@/, "")}: ${cause}`);
    expect(said).toContain("; name the file of the authority that has signed it in NODE_EXTRA_CA_CERTS");
    expect(said).not.toContain("secret");
  });
});

describe.skipIf(!isBuilt || !hasRedis)(processTitle(redisTitle("the pipeline by way of Redis")), () => {
  const secret = "p@ss/word:1";
  let server: TestRedis;
  const cwd = folders.make();
  const running: ReturnType<typeof startWorker>[] = [];
  beforeAll(async () => {
    server = await startRedis({ password: secret });
  });
  afterAll(() => server.stop());
  afterEach(async () => {
    for (const worker of running.splice(0)) await worker.stop("SIGKILL");
  });

  function startWorker(cache: string, ...args: string[]) {
    const child = start(cwd, "worker", "--executor", server.url, "--cache", cache, "--jobs", "1", ...args);
    let [out, err] = ["", ""];
    child.stdout.setEncoding("utf8").on("data", (text) => {
      out += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text) => {
      err += text;
    });
    const gone = once(child, "close").then(([code, signal]) => code ?? signal);
    return {
      pid: child.pid!,
      said: () => ({ out, err }),
      stop(signal: NodeJS.Signals) {
        child.kill(signal);
        return gone;
      },
    };
  }
  const work = (...args: Parameters<typeof startWorker>) => {
    const worker = startWorker(...args);
    running.push(worker);
    return worker;
  };
  /** Keys and contents of what a run made, by stage. */
  const made = (...args: string[]) =>
    jsonLines(printed(cwd, "run", "--json", ...args))
      .flatMap(({ event, stage, key, content }) =>
        event === "finished" ? [`${stage} ${key} ${content}`] : [],
      )
      .sort();

  test("a scan by one worker and by two is the local one, bit for bit", () => {
    const local = made(...scan, "--cache", "local");
    for (const [index, workers] of [["w1"], ["w2", "w3"]].entries()) {
      const content = index === 0 ? [] : ["--content", "content"];
      for (const cache of workers) work(cache, ...content);
      const cache = `elsewhere${index}`;
      expect(made(...scan, "--executor", server.url, "--cache", cache, ...content)).toEqual(local);
      expect(summaryOf(cwd, ...scan, "--cache", cache).executed).toEqual([]);
    }
  }, 400_000);

  test("a run by a folder is served by the worker that shares it, whoever else is there", async () => {
    const stranger = work("stranger");
    await vi.waitUntil(() => stranger.said().err.includes("shares by this Redis (database 0, "), PATIENCE);
    const args = ["tf-fit", ...fast, "--cache", "shared", "--executor", server.url, "--content", "other"];
    const run = start(cwd, "run", "--json", ...args);
    let [out, err] = ["", ""];
    run.stdout.setEncoding("utf8").on("data", (text) => {
      out += text;
    });
    run.stderr.setEncoding("utf8").on("data", (text) => {
      err += text;
    });
    const gone = once(run, "close");
    const own = `the folder ${join(realpathSync(cwd), "other")}`;
    await vi.waitUntil(() => err.includes(`No worker with this code shares by ${own} (`), PATIENCE);
    expect(err).toMatch(/one on .* shares by this Redis .*; start workers with the run's --content/);
    await vi.waitUntil(() => stranger.said().err.includes("refused: jobs of tf-"), PATIENCE);
    const worker = work("w6", "--content", "other");
    expect(await gone).toEqual([0, null]);
    expect(worker.said().err).toContain(`and shares by ${own} (`);
    expect(jsonLines(out).filter(({ event }) => event === "finished").length).toBeGreaterThan(0);
    expect(stranger.said().err).not.toMatch(/^(runs|ran|left|failed) /m);
    expect(jsonLines(out).filter(({ passing }) => passing)).toHaveLength(1);
  }, 400_000);

  test("who ran what is told with each stage, and stays in the history and in the report", async () => {
    await server.client().flushall(); // what others have computed before is theirs
    const workers = [work("who1"), work("who2")];
    for (const { said } of workers) {
      await vi.waitUntil(() => said().err.includes("takes up to"), PATIENCE);
    }
    const pids = workers.map(({ pid }) => pid).sort();
    const args = [...scan, "--cache", "who", "--executor", server.url];
    const by = jsonLines(printed(cwd, "run", "--json", ...args)).find(
      ({ event, stage }) => event === "finished" && stage === "scan",
    )!.by as { pid: number; points: number }[];
    expect(by.map(({ pid }) => pid).sort()).toEqual(pids);
    expect(by.reduce((sum, { points }) => sum + points, 0)).toBe(64);
    const [host, pid] = [hostname(), expect.any(Number)];
    expect(by[0]).toEqual({ host, pid, points: expect.any(Number) });
    const last = ["cache", "history", "last", "--cache", "who"];
    expect(printed(cwd, ...last)).toContain(`by 2 processes on ${host}`);
    expect(printed(cwd, ...last)).toMatch(
      new RegExp(`tf-fit/RS-cell .*by process (${pids.join("|")}) on ${host}`),
    );
    printed(cwd, "report", "tf-fit/RS-cell", ...fast, "--cache", "who", "--out", "told");
    const { stages } = JSON.parse(readFileSync(join(cwd, "told", "provenance.json"), "utf8"));
    expect(stages.find(({ name }: { name: string }) => name === "tf-fit/RS-cell").made.by).toEqual([
      { host, pid: expect.toBeOneOf(pids) },
    ]);
  }, 400_000);

  test("nobody is told the password", async () => {
    const worker = work("w4", "--json");
    const { stdout, stderr } = mesoflow(
      cwd,
      "run",
      "tf-fit",
      ...fast,
      "--executor",
      server.url,
      "--cache",
      "secret",
    );
    const history = printed(cwd, "cache", "history", "last", "--json", "--cache", "secret");
    await worker.stop("SIGINT");
    const { out, err } = worker.said();
    for (const text of [stdout, stderr, history, out, err]) {
      expect(text.length).toBeGreaterThan(0);
      for (const spelling of [secret, encodeURIComponent(secret)]) expect(text).not.toContain(spelling);
    }
    const wrong = server.url.replace(/:[^:@]+@/, ":guess@");
    const refused = mesoflow(cwd, "run", "tf-fit", ...fast, "--executor", wrong, "--cache", "refused");
    expect(refused.stderr).toMatch(/Cannot reach redis:\/\/127\.0\.0\.1:\d+\/0: .*WRONGPASS/);
    expect(`${refused.stdout}${refused.stderr}`).not.toContain("guess");
    expect(refused.status).toBe(2);
  });

  test("an interrupted worker ends in order, and says what it did", async () => {
    const worker = work("w5", "--json");
    printed(cwd, "run", "tf-fit", ...fast, "--executor", server.url, "--cache", "orderly", "--force");
    expect(await worker.stop("SIGINT")).toBe(130);
    const { out, err } = worker.said();
    const events = jsonLines(out).map(({ event }) => event);
    expect(events[0]).toBe("ready");
    expect(events).toContain("finished");
    expect(err).toMatch(/^takes up to 1 jobs at once from redis:\/\/127\.0\.0\.1:\d+\/0/);
  });

  test("Ctrl-C on a run takes its jobs off the queue", async () => {
    const child = start(
      cwd,
      "run",
      ...scan,
      "--executor",
      server.url,
      "--cache",
      "stopped",
      "--set",
      "tf.dt=0.02",
    );
    const redis = server.client();
    const waits = () => redis.keys("mesoflow:2:waits:*");
    await vi.waitUntil(async () => (await waits()).length > 0, PATIENCE);
    child.kill("SIGINT");
    expect((await once(child, "close"))[0]).toBe(130);
    const queues = (await redis.keys("mesoflow:2:*:wait")).map((key) => redis.llen(key));
    expect((await Promise.all(queues)).reduce((sum, length) => sum + length, 0)).toBe(0);
  }, 400_000);
});
