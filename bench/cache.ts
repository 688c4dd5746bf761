/**
 * How fast the cache is. Build it and run it, on the disk that is to be measured (default: the system's
 * temporary folder):
 *
 *     npx tsc -p bench/tsconfig.json && node dist/bench/cache.js [folder]
 *
 * Each number is the median of several repetitions; ratios compare with what the machine does without mesoflow.
 */
import {
  closeSync,
  copyFileSync,
  fsyncSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { type LocalStore, openStore } from "../cache/index.ts";
import { type Artifact, Engine, type Json, place, type Stage, type StageNode } from "../pipeline/index.ts";
import { canonical, keyOf } from "../pipeline/inspect.ts";
import { newLeaseHolder } from "../pipeline/testing.ts";

const root = mkdtempSync(join(process.argv[2] ?? tmpdir(), "mesoflow-bench-"));

const number: Stage<{ at: number }> = {
  id: "number",
  params: { parse: (value) => value as { at: number } },
  run: async ({ params: { at } }) => ({ arrays: {}, values: { at } }),
};
const grid = (count: number): StageNode[] =>
  Array.from({ length: count }, (_, at) => place(number, `number/${at}`, { at }, {}));

const zeros = (bytes: number): Artifact => {
  const data = new Float64Array(bytes / 8).map((_, index) => index);
  return { arrays: { x: { data, shape: [data.length], dims: ["i"], units: "1" } }, values: {} };
};

/** Median seconds. */
async function seconds(repetitions: number, action: (repetition: number) => unknown): Promise<number> {
  const taken: number[] = [];
  for (let repetition = 0; repetition < repetitions; repetition += 1) {
    const begin = performance.now();
    await action(repetition);
    taken.push((performance.now() - begin) / 1000);
  }
  return taken.sort((a, b) => a - b)[repetitions >> 1]!;
}

const told: string[][] = [];
const tell = (what: string, measured: string, target: string) => told.push([what, measured, target]);
const ms = (value: number) => `${(value * 1000).toPrecision(3)} ms`;
const rate = (bytes: number, value: number) => `${(bytes / value / 1e6).toFixed(0)} MB/s`;

/** 100,000 small results, all known: planning them, as `status` does, and running them. */
async function small(store: LocalStore, count: number): Promise<void> {
  const engine = new Engine({ store, stages: [number as unknown as Stage] });
  // Written in one transaction: the engine would make one of each.
  const { nodes, fingerprints } = await engine.plan(grid(count));
  const [fingerprint] = fingerprints.values();
  const made = await store.commit(
    {
      key: "template",
      preImage: { stage: "template", ...fingerprint!, params: {}, inputs: {} },
      seconds: 1,
      at: new Date(0).toISOString(),
      where: { host: "here", pid: 1, node: process.version },
    },
    zeros(800),
  );
  store.tables.transaction(() => {
    for (const node of nodes as StageNode[]) {
      const preImage = { stage: node.name, ...fingerprint!, params: node.params, inputs: {} };
      const key = keyOf(preImage);
      store.tables.results.put(key, canonical({ ...made, key, preImage } as unknown as Json));
    }
  });
  const planned = await seconds(5, async () => {
    const plan = await engine.plan(grid(count));
    const states = new Set([...plan.states.values()].map(({ state }) => state));
    if (states.size !== 1 || !states.has("fresh")) throw new Error(`not all are fresh: ${[...states]}`);
  });
  tell(`plan of ${count} known stages`, ms(planned), "< 1 s");
}

/** A large artifact against plain files, all of it on the disk when the time is up. */
async function large(store: LocalStore, bytes: number): Promise<void> {
  const artifact = zeros(bytes);
  const data = artifact.arrays.x!.data as Float64Array;
  const plain = new Uint8Array(data.buffer);
  const file = join(root, "plain");
  writeFileSync(file, plain);
  const synced = (file: string) => {
    const descriptor = openSync(file, "r+");
    fsyncSync(descriptor);
    closeSync(descriptor);
  };
  // Each to a new file, as an artifact needs new room too: that is what costs the system most.
  const copied = await seconds(5, (repetition) => {
    const copy = join(root, `copied-${repetition}`);
    copyFileSync(file, copy);
    synced(copy);
  });
  const writtenPlain = await seconds(5, (repetition) => {
    const copy = join(root, `written-${repetition}`);
    writeFileSync(copy, plain);
    synced(copy);
  });
  const readPlain = await seconds(5, () => readFileSync(file));
  const written = await seconds(5, async (repetition) => {
    data[0] = -repetition; // another content
    await store.save(artifact);
  });
  const content = store.identify(artifact);
  const read = await seconds(5, () => store.load(content));
  const hashed = await seconds(5, () => store.identify(artifact));
  const speed = (value: number) => `${ms(value)}, ${rate(bytes, value)}`;
  const through = readPlain + writtenPlain;
  tell("copy by the system (cp), synced", speed(copied), "");
  tell("copy through memory (read, write, sync)", speed(through), "");
  tell("  of which reading", speed(readPlain), "");
  tell("  of which writing", speed(writtenPlain), "");
  tell("BLAKE3 alone", speed(hashed), "");
  for (const [what, value] of [
    ["written", written],
    ["read", read],
  ] as const) {
    const ratios = [through, copied].map((plainly) => (plainly / value).toFixed(2));
    tell(
      `artifact ${what}`,
      `${speed(value)}: ${ratios[0]} of copy through memory, ${ratios[1]} of cp`,
      ">= 0.33",
    );
  }
}

/** What a hit costs over reading the same bytes from a file. */
async function hit(store: LocalStore): Promise<void> {
  const stage: Stage<{ bytes: number }> = {
    id: "hit",
    params: { parse: (value) => value as { bytes: number } },
    run: async ({ params: { bytes } }) => zeros(bytes),
  };
  const { results } = store.stats();
  for (const bytes of [800, 800_000]) {
    const node = place(stage, `hit/${bytes}`, { bytes }, {});
    const engine = new Engine({ store, stages: [stage as unknown as Stage] });
    await engine.compute(node);
    const file = join(root, `hit-${bytes}`);
    writeFileSync(file, new Uint8Array(bytes));
    const { content } = store.result(store.lastKeys(node.name)!.key)!;
    const [plainly, checked, computing] = [
      () => readFileSync(file),
      () => store.load(content),
      () => engine.compute(node),
    ];
    for (const action of [plainly, checked, computing]) await seconds(200, action); // warm
    const [read, load, compute] = [
      await seconds(401, plainly),
      await seconds(401, checked),
      await seconds(401, computing),
    ];
    tell(
      `hit of ${bytes} bytes, ${results} results stored`,
      `${ms(compute)}: beyond a plain file ${ms(compute - read)}, of which check of bytes ${ms(load - read)}, the rest ${ms(compute - load)}`,
      "< 1 ms",
    );
  }
  const owner = newLeaseHolder();
  const leased = await seconds(51, async (repetition) => {
    await store.claim(`key ${repetition}`, owner);
    await store.releaseLease(`key ${repetition}`, owner);
  });
  tell("claim and release, both synced", ms(leased), "");
}

const store = openStore(join(root, "cache"));
try {
  await hit(store);
  await small(store, 100_000);
  await hit(store);
  await large(store, 100_000_000);
  const widths = [0, 1].map((column) => Math.max(...told.map((row) => row[column]!.length)));
  for (const row of told) console.log(row.map((text, column) => text.padEnd(widths[column] ?? 0)).join("  "));
} finally {
  await store.close();
  rmSync(root, { recursive: true });
}
