import { appendFileSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import { openStore } from "../../../cache/index.ts";
import { Engine, grid, type Stage } from "../../../pipeline/index.ts";
import { num } from "../../support/harness.ts";

/** Run as a process: computes a grid of so many points in a cache folder, and logs each point that it computes. */
const [folder, log, points, chunk, jobs] = process.argv.slice(2) as [string, string, string, string, string];
const slow: Stage<{ at: number }> = {
  id: "slow",
  params: { parse: (value) => value as { at: number } },
  async run({ params: { at } }) {
    await setTimeout(3);
    appendFileSync(log, `${at}\n`);
    return num(2 * at);
  },
};
const store = openStore(folder);
const engine = new Engine({ store, stages: [slow as unknown as Stage], jobs: Number(jobs) });
const at = Array.from({ length: Number(points) }, (_, point) => point);
const { arrays } = await engine.compute(
  grid(slow, "slow", { axes: { at }, params: {}, inputs: {}, chunk: Number(chunk) }),
);
process.stdout.write(JSON.stringify([...arrays.n!.data]));
await store.close();
