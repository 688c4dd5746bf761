/**
 * How little a grid costs beyond its points. Build it and run it, on the disk that is to be measured (default: the
 * system's temporary folder):
 *
 *     npx tsc -p bench/tsconfig.json && node dist/bench/grid.js [folder]
 *
 * Each chunk waits for the disk twice, at its claim and at its commit: on a slow disk most of the time goes there,
 * and the memory of 100,000 chunks takes long to measure; a folder in memory (/dev/shm) shows what is mesoflow's own.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { lastValueFrom } from "rxjs";
import { openStore } from "../cache/index.ts";
import {
  type Artifact,
  Engine,
  type GridNode,
  grid,
  type Stage,
  type Store,
  type Summary,
} from "../pipeline/index.ts";

interface Params {
  readonly a: number;
  readonly b: number;
}

let ran = 0;
const trivial: Stage<Params, Record<never, never>, Artifact<Record<never, never>, { sum: number }>> = {
  id: "trivial",
  params: { parse: (value) => value as Params },
  async run({ params: { a, b } }) {
    ran += 1;
    return { arrays: {}, values: { sum: a + b } };
  },
};

const upTo = (count: number): number[] => Array.from({ length: count }, (_, at) => at);
const product = (width: number, height: number): GridNode =>
  grid(trivial, "trivial", { axes: { a: upTo(width), b: upTo(height) }, params: {}, inputs: {} });
const list = (count: number): GridNode =>
  grid(trivial, "trivial/list", {
    points: upTo(count).map((a) => ({ a, b: a / 2 })),
    params: {},
    inputs: {},
  });

/** Places a grid anew, plans and runs it with an engine of its own. */
async function run(
  store: Store,
  node: () => GridNode,
): Promise<{ seconds: number; summary: Summary; ran: number }> {
  ran = 0;
  const begin = performance.now();
  const engine = new Engine({ store, stages: [trivial as unknown as Stage] });
  const summary = (await lastValueFrom(engine.run([node()]))) as Summary;
  return { seconds: (performance.now() - begin) / 1000, summary, ran };
}

const told: string[][] = [];
const tell = (what: string, measured: string, target: string) => told.push([what, measured, target]);
const ms = (seconds: number) => `${(seconds * 1000).toFixed(0)} ms`;
const each = (seconds: number, count: number) => `${((seconds / count) * 1e6).toFixed(1)} µs a point`;

/** What the stage itself takes for so many points, seconds. */
async function bare(count: number): Promise<number> {
  const { signal } = new AbortController();
  const progress = async () => {};
  const begin = performance.now();
  for (let a = 0; a < count; a += 1) await trivial.run({ params: { a, b: a }, inputs: {}, signal, progress });
  return (performance.now() - begin) / 1000;
}

async function measured(store: Store): Promise<void> {
  await run(store, () => product(20, 20)); // warm
  const own = await bare(100_000);
  for (const [name, full, more] of [
    ["product", () => product(1_000, 100), () => product(1_001, 100)],
    ["list", () => list(100_000), () => list(100_001)],
  ] as const) {
    const first = await run(store, full);
    tell(
      `100,000 points as ${name}`,
      `${ms(first.seconds)}, ${each(first.seconds - own, first.ran)} beyond their own`,
      "< 20 µs",
    );
    const again = await run(store, full);
    if (again.summary.hits.length !== 1) throw new Error("the grid was not known");
    tell("  confirmed", ms(again.seconds), "< 500 ms");
    const added = await run(store, more);
    tell("  with one value more", `${ms(added.seconds)} for ${added.ran} points`, "");
  }
}

/** Bytes that stay in memory after a run of so many chunks of one point. */
async function resident(chunks: number): Promise<number> {
  const store = openStore(join(root, `chunks-${chunks}`));
  const engine = new Engine({ store, stages: [trivial as unknown as Stage] });
  const node = grid(trivial, "trivial", {
    axes: { a: upTo(chunks) },
    params: { b: 0 },
    inputs: {},
    chunk: 1,
  });
  let most = 0;
  let seen = 0;
  await engine.run([node]).forEach(() => {
    seen += 1;
    if (seen % 64 === 0) most = Math.max(most, process.memoryUsage.rss());
  });
  await store.close();
  return Math.max(most, process.memoryUsage.rss());
}

const root = mkdtempSync(join(process.argv[2] ?? tmpdir(), "mesoflow-bench-"));
try {
  if (process.env.CHUNKS) {
    console.log(await resident(Number(process.env.CHUNKS)));
  } else {
    const store = openStore(join(root, "cache"));
    await measured(store);
    await store.close();
    const sizes = [1_000, 100_000].map((chunks) => {
      const { stdout } = spawnSync(process.execPath, [process.argv[1]!, root], {
        env: { ...process.env, CHUNKS: String(chunks) },
      });
      return Number(stdout);
    });
    tell(
      "memory at 1,000 and 100,000 chunks",
      sizes.map((bytes) => `${(bytes / 1e6).toFixed(0)} MB`).join(", "),
      "flat",
    );
    const widths = [0, 1].map((column) => Math.max(...told.map((row) => row[column]!.length)));
    for (const row of told)
      console.log(row.map((text, column) => text.padEnd(widths[column] ?? 0)).join("  "));
  }
} finally {
  rmSync(root, { recursive: true });
}
