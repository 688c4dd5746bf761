/**
 * How fast the spiking network is, beside Brian2 (bench/peers/network.py) where it is installed:
 *
 *     npm run build && npx tsc -p bench/tsconfig.json && node dist/bench/network.js
 *
 * 1.5 s of the 10,000-neuron network with all set-up, one thread. Ours and Brian2's runs take turns; each number is a
 * median of seconds of processor time, which a busy machine disturbs least. Brian2's compilation is not counted.
 */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { cells } from "../stages/model/parameters/cells.ts";
import { networks } from "../stages/model/parameters/networks.ts";
import { spikingSchema } from "../stages/model/spiking/spiking.ts";
import network from "../stages/network.ts";
import { remember } from "./history.ts";

const rounds = 5;
const target = 0.6;
const python = process.env.PYTHON ?? "/usr/bin/python3";
const peer = fileURLToPath(new URL("../../bench/peers/network.py", import.meta.url));

/** Processor seconds of one run of ours. */
async function ours(events: "as-coded" | "poisson"): Promise<number> {
  const params = {
    cells: { exc: cells["RS-cell"], inh: cells["FS-cell"] },
    network: networks.CONFIG1,
    mean_field: { drive: 4 },
    spiking: spikingSchema.parse({ events }),
  };
  const begin = process.cpuUsage();
  await network.run({ params, inputs: {}, signal: new AbortController().signal, progress: async () => {} });
  const { user, system } = process.cpuUsage(begin);
  return (user + system) / 1e6;
}

/** A process of Brian2 that is compiled once and does a run whenever it is asked. */
class Brian2 {
  readonly #process: ChildProcess;
  readonly #lines: AsyncIterator<string>;

  constructor(mode: "cython" | "cpp_standalone", events: "bernoulli" | "input") {
    const options = ["--events", events, "--paced", "--runs", "1000"];
    this.#process = spawn(python, [peer, mode, ...options], { stdio: ["pipe", "pipe", "ignore"] });
    this.#lines = createInterface({ input: this.#process.stdout! })[Symbol.asyncIterator]();
  }

  /** Processor seconds of one run. */
  async run(): Promise<number> {
    await this.#next(); // it is ready
    this.#process.stdin!.write("\n");
    return (await this.#next()).processor!;
  }

  async #next(): Promise<{ processor?: number }> {
    const { done, value } = await this.#lines.next();
    if (done) throw new Error(`${peer} ended: run it by hand to see why`);
    return JSON.parse(value);
  }

  close(): void {
    this.#process.stdin!.end();
  }
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1]!;

const hasBrian2 = spawnSync(python, ["-c", "import brian2"], { stdio: "ignore" }).status === 0;
const contestants: Record<string, () => Promise<number>> = {
  "mesoflow, events as coded": () => ours("as-coded"),
  "mesoflow, Poisson events": () => ours("poisson"),
};
const peers: Brian2[] = [];
if (hasBrian2) {
  for (const [name, mode, events] of [
    ["Brian2 C++ standalone, events as coded", "cpp_standalone", "bernoulli"],
    ["Brian2 C++ standalone, PoissonInput", "cpp_standalone", "input"],
    ["Brian2 Cython, events as coded", "cython", "bernoulli"],
  ] as const) {
    const brian2 = new Brian2(mode, events);
    peers.push(brian2);
    contestants[name] = () => brian2.run();
  }
} else {
  console.log(`Brian2 is left out: ${python} has none (Debian: apt-get install python3-brian).`);
}

const taken = new Map(Object.keys(contestants).map((name) => [name, [] as number[]]));
for (let round = 0; round <= rounds; round++) {
  for (const [name, run] of Object.entries(contestants)) {
    const seconds = await run();
    if (round > 0) taken.get(name)!.push(seconds); // the first one warms up
  }
}
for (const brian2 of peers) brian2.close();

const best = median([...taken.values()][0]!);
remember(
  [...taken].map(([name, seconds]) => {
    const isPeer = name.startsWith("Brian2");
    const ms = 1000 * median(seconds);
    return { measure: `network, ${name}`, ours: isPeer ? 1000 * best : ms, peer: isPeer ? ms : undefined };
  }),
);
for (const [name, seconds] of taken) {
  const ratio = name.startsWith("Brian2")
    ? `  ours/this ${(best / median(seconds)).toFixed(2)} (<= ${target})`
    : "";
  console.log(`${name.padEnd(40)}  ${median(seconds).toFixed(2)} s${ratio}`);
}
