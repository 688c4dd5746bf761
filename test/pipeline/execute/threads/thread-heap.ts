/**
 * A process that has many small jobs done in threads and prints how many bytes its heap has grown meanwhile. It is
 * given the worker's module, a folder, and how many jobs; Node has to be told --expose-gc.
 */
import { pathToFileURL } from "node:url";
import { openStore } from "../../../../cache/index.ts";
import { threadExecutor } from "../../../../pipeline/executors.ts";
import { jobOf } from "./thread-job.ts";

const [worker, folder, count] = process.argv.slice(2) as [string, string, string];
const store = openStore(folder);
const executor = threadExecutor(store, pathToFileURL(worker), { jobs: 2, data: folder });
const signal = new AbortController().signal;

/** Bytes on the heap once all that nobody holds is gone. */
async function held(): Promise<number> {
  for (let turn = 0; turn < 3; turn += 1) {
    await new Promise((resolve) => setTimeout(resolve, 5));
    globalThis.gc!();
  }
  return process.memoryUsage().heapUsed;
}

let n = 0;
async function lane(until: number): Promise<void> {
  while (n < until) {
    n += 1;
    await executor.execute(jobOf(`x-${n}`, { what: "add", n }), signal, () => {});
  }
}
const done = async (until: number) => void (await Promise.all([lane(until), lane(until)]));

await done(200);
const before = await held();
await done(200 + Number(count));
process.stdout.write(`${(await held()) - before}\n`);
await executor.close();
await store.close();
