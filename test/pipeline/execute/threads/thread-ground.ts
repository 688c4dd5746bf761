import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type LocalStore, openStore } from "../../../../cache/index.ts";
import { type ThreadExecutorOptions, threadExecutor } from "../../../../pipeline/executors.ts";
import { Engine, type Executor } from "../../../../pipeline/index.ts";
import { bundle } from "../../../support/bundle.ts";
import { threadsIn } from "./thread-worker.ts";

/** The worker of `thread-worker.ts`, as threads can load it. */
export async function workerModule(): Promise<{ module: URL; remove: () => void }> {
  const { file, remove } = await bundle("../pipeline/execute/threads/thread-worker.ts");
  return { module: pathToFileURL(file), remove };
}

/** A store in a folder of its own, and what runs on it. */
export interface Ground {
  readonly folder: string;
  readonly store: LocalStore;
  executor(options?: Partial<ThreadExecutorOptions>): Executor;
  engine(options?: Partial<ThreadExecutorOptions>): Engine;
  /** How many threads have opened the store. */
  opened(): number;
  remove(): Promise<void>;
}

export function groundFor(module: URL): Ground {
  const folder = mkdtempSync(join(tmpdir(), "mesoflow-threads-"));
  const store = openStore(folder);
  const executor: Ground["executor"] = (options) =>
    threadExecutor(store, module, { jobs: 2, data: folder, ...options });
  return {
    folder,
    store,
    executor,
    engine: (options) => new Engine({ store, executor: executor(options), jobs: options?.jobs ?? 2 }),
    opened: () =>
      existsSync(threadsIn(folder)) ? readFileSync(threadsIn(folder), "utf8").trim().split("\n").length : 0,
    async remove() {
      await store.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
