import { workerData } from "node:worker_threads";
import { openStore } from "../../cache/index.ts";
import type { Artifact } from "../../pipeline/index.ts";
import { madeBy } from "./samples.ts";

/**
 * Run as a process or a thread of its own: writes `count` results into the store of a folder, every second one
 * with an artifact that all writers share, and says the key of each once it is recorded.
 */
const [folder, name, count] = (workerData ?? process.argv.slice(2)) as [string, string, string];

const filled = (value: number, length: number): Artifact => ({
  arrays: { x: { data: new Float64Array(length).fill(value), shape: [length], dims: ["x"], units: "1" } },
  values: {},
});

const store = openStore(folder);
for (let index = 0; index < Number(count); index += 1) {
  const shared = index % 2 === 0;
  const artifact = shared ? filled(index, 5_000) : { ...filled(-index, 50_000), values: { name } };
  const result = await store.commit(madeBy(`${name}/${index}`), artifact);
  await store.recordLastKeys(new Map([["shared", result.key]]));
  await store.load(result.content);
  process.stdout.write(`${result.key}\n`);
  await new Promise(setImmediate);
}
await store.close();
