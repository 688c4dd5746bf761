/**
 * What work by way of Redis costs beyond the work. It needs redis-server; build it and run it:
 *
 *     npm run bench:cluster                    a chunk of nothing, and memory at 1,000 and 10,000 chunks
 *     CHUNKS=100000 npm run bench:cluster      memory at so many
 *     npm run bench:cluster -- scan 5          the scan by threads, and by 1, 2 and 4 workers; 2 unless given
 *
 * Times of two kinds of executors are compared within one run, as machines differ.
 */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { artifactExchange, openStore, redisBlobs } from "../cache/index.ts";
import { inProcess } from "../pipeline/executors.ts";
import { Engine, grid, type Stage } from "../pipeline/index.ts";
import { fingerprintOfText } from "../pipeline/inspect.ts";
import { connect, queueExecutor, worker } from "../pipeline/queue/index.ts";

interface Params {
  readonly a: number;
}
const trivial: Stage<Params> = {
  id: "trivial",
  params: { parse: (value) => value as Params },
  run: async ({ params: { a } }) => ({ arrays: {}, values: { sum: a } }),
};
const stages = [trivial as unknown as Stage];
const root = mkdtempSync(join(process.env.BENCH_FOLDER ?? tmpdir(), "mesoflow-bench-"));
const elsewhere = async (url: string) => {
  const redis = await connect({ url, patience: 10_000, notice: console.error });
  return { redis, exchange: artifactExchange(redisBlobs(redis, { maxBytes: 1e9 })) };
};

/** Run as a process: a worker for empty chunks. */
async function work(url: string): Promise<void> {
  const store = openStore(join(root, "worker"));
  const executor = inProcess(store, stages);
  const options = { store, executor, stages, fingerprint: fingerprintOfText, jobs: 4, tell: () => {} };
  await worker({ ...(await elsewhere(url)), ...options }, new AbortController().signal);
}

/** MB of this process that no file stands behind: pages of LMDB's file are the system's to keep or drop. */
const anonymous = (): number =>
  Number(/RssAnon:\s+(\d+)/.exec(readFileSync("/proc/self/status", "utf8"))?.[1] ?? Number.NaN) / 1e3;

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

/** Run as a process: a coordinator for so many empty chunks, and what they took. */
async function coordinate(url: string, chunks: number): Promise<void> {
  const { redis, exchange } = await elsewhere(url);
  const store = openStore(join(root, "coordinator"));
  const engine = new Engine({
    store,
    executor: queueExecutor(store, { redis, exchange, notice: console.error }),
    jobs: 256,
  });
  const a = Array.from({ length: chunks }, (_, at) => at);
  const node = grid(trivial, "trivial", { axes: { a }, params: {}, inputs: {}, chunk: 1 });
  const figure = async (name: string) =>
    Number(new RegExp(`${name}:([\\d.]+)`).exec(await redis.info())?.[1] ?? Number.NaN);
  const counted = [
    ...["total_commands_processed", "total_net_input_bytes", "total_net_output_bytes"],
    ...["used_cpu_user", "used_cpu_sys"],
  ];
  const before = await Promise.all(counted.map(figure));
  const begin = performance.now();
  const processor = process.cpuUsage();
  const most = { resident: 0, anonymous: 0, heap: 0, "heap in use": 0 };
  const look = setInterval(() => {
    const { rss, heapUsed } = process.memoryUsage();
    most.resident = Math.max(most.resident, rss / 1e6);
    most.heap = Math.max(most.heap, heapUsed / 1e6);
    most.anonymous = Math.max(most.anonymous, anonymous());
  }, 50);
  const weigh = setInterval(() => {
    collect(); // what is left is in use
    most["heap in use"] = Math.max(most["heap in use"], process.memoryUsage().heapUsed / 1e6);
  }, 500);
  await engine.run([node]).forEach((event) => {
    if (event.event === "failed") throw new Error(event.failure.message);
  });
  const seconds = (performance.now() - begin) / 1000;
  clearInterval(look);
  clearInterval(weigh);
  const used = process.cpuUsage(processor);
  const own = (used.user + used.system) / 1000 / chunks;
  const after = await Promise.all(counted.map(figure));
  const [commands, received, sent, user, system] = after.map((value, at) => (value - before[at]!) / chunks);
  const memory = Object.entries(most).map(([kind, mb]) => `${kind} ${mb.toFixed(0)} MB`);
  console.log(
    `${chunks} empty chunks: ${((1000 * seconds) / chunks).toFixed(2)} ms each (target < 5), of which ${own.toFixed(2)} ms of the coordinator's processor and ${(1000 * (user! + system!)).toFixed(2)} ms of Redis'; ` +
      `${commands!.toFixed(1)} commands, ${received!.toFixed(0)} bytes to Redis and ${sent!.toFixed(0)} from it each; ` +
      `Redis holds ${((await figure("used_memory")) / 1e6).toFixed(0)} MB; coordinator: ${memory.join(", ")}`,
  );
  await engine.close();
  redis.disconnect();
  await store.close();
}

/** The N-point scan of three recordings by threads and by workers, through the command line. */
async function scan(url: string, points: string, start: (...args: string[]) => ChildProcess): Promise<void> {
  const main = fileURLToPath(new URL("../cli/main.js", import.meta.url));
  const recordings = process.env.BENCH_RECORDINGS;
  const settings = ["--set", `scan.points=${points}`, "--set", "tf.duration=0.2"];
  if (recordings) settings.push("--set", `recordings=${recordings}`);
  const run = (cache: string, ...args: string[]) => {
    const begin = performance.now();
    const all = [main, "run", "scan", ...settings, "--cache", join(root, cache), "--json", ...args];
    const { stdout, status } = spawnSync(process.execPath, all, { encoding: "utf8", maxBuffer: 2 ** 28 });
    if (status !== 0) throw new Error(`the run ended with ${status}`);
    const contents = stdout.matchAll(/"event":"finished","stage":"([^"]+)","key":"\w+","content":"(\w+)"/g);
    const made = [...contents]
      .map(([, stage, content]) => `${stage} ${content}`)
      .sort()
      .join("\n");
    return { seconds: (performance.now() - begin) / 1000, made };
  };
  const local = run("threads", "--jobs", "2");
  console.log(`threads, 2 jobs: ${local.seconds.toFixed(1)} s`);
  for (const workers of [1, 2, 4]) {
    const all = Array.from({ length: workers }, (_, at) =>
      start(main, "worker", "--executor", url, "--jobs", "1", "--cache", join(root, `w${workers}.${at}`)),
    );
    await setTimeout(3000);
    const { seconds, made } = run(`by-${workers}`, "--executor", url);
    for (const child of all) {
      child.kill("SIGKILL");
      await once(child, "exit");
    }
    spawnSync("redis-cli", ["-u", url, "flushall"]);
    console.log(
      `${workers} workers of 1 job: ${seconds.toFixed(1)} s, ${(seconds / local.seconds).toFixed(2)} of that, artifacts ` +
        (made === local.made ? "the same" : "OTHERS"),
    );
  }
}

const [, program = "", what = "chunks", more = "2", count = "0"] = process.argv;
try {
  if (what === "worker") await work(more);
  else if (what === "coordinator") await coordinate(more, Number(count));
  else {
    process.env.BENCH_FOLDER = root; // what the others make is removed with it
    const listener = createServer().listen(0, "127.0.0.1");
    await once(listener, "listening");
    const address = listener.address();
    const port = typeof address === "object" && address ? address.port : 0;
    listener.close();
    const running: ChildProcess[] = [];
    const startProgram = (name: string, ...args: string[]) => {
      const child = spawn(name, args, { stdio: ["ignore", "ignore", "inherit"] });
      running.push(child);
      return child;
    };
    const start = (...args: string[]) => startProgram(process.execPath, ...args);
    const server = ["--port", String(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "yes"];
    startProgram("redis-server", ...server, "--dir", root);
    await setTimeout(500);
    const url = `redis://127.0.0.1:${port}/0`;
    if (what === "scan") await scan(url, more, start);
    else {
      start(program, "worker", url);
      const sizes = process.env.CHUNKS ? [Number(process.env.CHUNKS)] : [1_000, 10_000];
      for (const chunks of sizes) {
        spawnSync(process.execPath, [program, "coordinator", url, String(chunks)], { stdio: "inherit" });
      }
    }
    for (const child of running) child.kill("SIGKILL");
  }
} finally {
  rmSync(root, { recursive: true, force: true });
}
process.exit(0);
