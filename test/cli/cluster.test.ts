import { once } from "node:events";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { hasRedis, redisTitle, startRedis, type TestRedis } from "../redis.ts";
import {
  fast,
  isBuilt,
  jsonLines,
  mesoflow,
  printed,
  processTitle,
  start,
  summaryOf,
  workingFolders,
} from "./command-line.ts";

const folders = workingFolders();
afterAll(() => folders.clear());

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
  }, 180_000);

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
    const waits = () => redis.keys("mesoflow:waits:*");
    while ((await waits()).length === 0) await new Promise((resolve) => setTimeout(resolve, 50));
    child.kill("SIGINT");
    expect((await once(child, "close"))[0]).toBe(130);
    const queues = (await redis.keys("mesoflow:*:wait")).map((key) => redis.llen(key));
    expect((await Promise.all(queues)).reduce((sum, length) => sum + length, 0)).toBe(0);
  });
});
