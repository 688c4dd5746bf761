import { hostname } from "node:os";
import { performance } from "node:perf_hooks";
import { setImmediate } from "node:timers/promises";
import { type Artifact, checkArtifact } from "./artifact.ts";
import type { PreImage } from "./key.ts";
import type { Stage } from "./stage.ts";
import type { Result, Store } from "./store.ts";

/** A piece of work in terms that cross threads and machines: a stage by its id, inputs by content hash. */
export interface Job {
  readonly stage: string;
  readonly key: string;
  readonly preImage: PreImage;
}

/** Runs jobs. Bytes go through the store; only the result's description comes back. */
export interface Executor {
  execute(job: Job, signal: AbortSignal, progress: (fraction: number) => void): Promise<Result>;
  close(): Promise<void>;
}

/** Runs stages in this thread, one piece of work between two turns of the event loop. */
export function inProcess(store: Store, stages: Iterable<Stage>): Executor {
  const byId = new Map([...stages].map((stage) => [stage.id, stage]));
  return {
    async execute({ stage: id, key, preImage }, signal, progress) {
      const stage = byId.get(id);
      if (!stage) throw new TypeError(`this executor knows no stage ${id}`);
      const inputs: Record<string, Artifact> = {};
      for (const [name, content] of Object.entries(preImage.inputs)) inputs[name] = await store.load(content);
      const begin = performance.now();
      const artifact = await stage.run({
        params: preImage.params,
        inputs,
        signal,
        async progress(fraction) {
          progress(fraction);
          await setImmediate();
          signal.throwIfAborted();
        },
      });
      signal.throwIfAborted();
      checkArtifact(artifact);
      const seconds = (performance.now() - begin) / 1000;
      const result: Result = {
        key,
        preImage,
        content: await store.save(artifact),
        seconds,
        at: new Date().toISOString(),
        where: { host: hostname(), pid: process.pid, node: process.version },
      };
      await store.record(result);
      return result;
    },
    async close() {},
  };
}
