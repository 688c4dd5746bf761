// @module-tag process
import { setTimeout } from "node:timers/promises";
import { beforeAll, expect, test } from "vitest";
import { openStore } from "../../cache/index.ts";
import { bundle } from "../support/bundle.ts";
import { contentsOf, give, playground, startToy, type Toy } from "./toy-processes.ts";

const kills = 200;
const lanes = 2;
const shape = { layers: 5, width: 5, pauses: [5, 50], size: 50_000 } as const;
let program: string;

beforeAll(async () => {
  const bundled = await bundle("../cache/toy-pipeline.ts");
  program = bundled.file;
  return bundled.remove;
});

/** Numbers from 0 to 1 (mulberry32). */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** What a run finds that nobody disturbs. */
async function undisturbed(): Promise<Map<string, string>> {
  const ground = playground(shape);
  const toy = startToy(program);
  give(toy, ground.order);
  expect(await toy.gone).toBe(0);
  const contents = contentsOf(ground.lines());
  ground.remove();
  return contents;
}

/** The stages whose results are in the store of a process that is gone; each with all its bytes. */
async function stored(folder: string): Promise<string[]> {
  const store = openStore(folder);
  const entries = store.entries();
  for (const { content } of entries) await store.load(content);
  await store.close();
  return entries.map(({ preImage }) => preImage.stage);
}

/** Runs and kills processes on one store after another, each store until its pipeline is done. */
async function lane(seed: number, expected: ReadonlyMap<string, string>): Promise<void> {
  const next = random(seed);
  let killed = 0;
  let spare = startToy(program); // it starts while the one before it works
  while (killed < kills / lanes) {
    const ground = playground(shape);
    let done = new Set<string>();
    let ending: number | string = "";
    while (ending !== 0) {
      const toy: Toy = spare;
      await toy.ready;
      spare = startToy(program);
      const before = ground.lines().length;
      give(toy, ground.order);
      // From before the store is opened to well into the run; most rounds end among the kills.
      const moment = killed < kills / lanes ? 250 * next() : undefined;
      const patience = new AbortController();
      if (moment !== undefined) {
        void setTimeout(moment, undefined, { signal: patience.signal }).then(
          () => toy.child.kill("SIGKILL"),
          () => {},
        );
      }
      ending = await toy.gone;
      patience.abort();
      if (ending === "SIGKILL") killed += 1;
      else expect(ending).toBe(0);
      const begun = ground
        .lines()
        .slice(before)
        .flatMap(({ event, stage }) => (event === "begin" ? [stage!] : []));
      expect(begun.filter((stage) => done.has(stage))).toEqual([]);
      const after = new Set(await stored(ground.order.folder));
      expect([...done].filter((stage) => !after.has(stage))).toEqual([]);
      for (const stage of ground.stagesOf("finished")) expect(after).toContain(stage);
      done = after;
    }
    expect(contentsOf(ground.lines())).toEqual(expected);
    ground.remove();
  }
  spare.child.kill();
  await spare.gone;
}

test(`a process that is killed at any of ${kills} moments loses at most the stages it was at`, async () => {
  const expected = await undisturbed();
  expect(expected.size).toBe(shape.layers * shape.width);
  const seeds = Array.from({ length: lanes }, (_, seed) => seed + 1);
  await Promise.all(seeds.map((seed) => lane(seed, expected)));
});
