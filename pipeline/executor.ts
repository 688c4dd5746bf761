import { hostname } from "node:os";
import { performance } from "node:perf_hooks";
import { setImmediate } from "node:timers/promises";
import { type Artifact, checkArtifact } from "./artifact.ts";
import type { PreImage } from "./key.ts";
import type { Owner } from "./owner.ts";
import type { Stage } from "./stage.ts";
import type { Result, Store } from "./store.ts";

/** A piece of work in terms that cross threads and machines: a stage by its id, inputs by content hash. */
export interface Job {
  readonly stage: string;
  readonly key: string;
  readonly preImage: PreImage;
  /** It is executed although its result is known, which the new one is to replace. */
  readonly again: boolean;
}

/** A job with the one who has its lease, which covers the commit. */
export interface Assignment extends Job {
  readonly owner: Owner;
}

/**
 * Runs jobs. Bytes go through the store: inputs are loaded by their content hashes, so a job computes from
 * exactly what its key says, whatever becomes of files meanwhile; the result is committed under the owner's
 * lease, and only its description comes back.
 */
export interface Executor {
  execute(job: Assignment, signal: AbortSignal, progress: (fraction: number) => void): Promise<Result>;
  close(): Promise<void>;
}

/** Runs stages in this thread, one piece of work between two turns of the event loop. */
export function inProcess(store: Store, stages: Iterable<Stage>): Executor {
  const byId = new Map([...stages].map((stage) => [stage.id, stage]));
  return {
    async execute({ stage: id, key, preImage, again, owner }, signal, progress) {
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
      const made: Omit<Result, "content"> = {
        key,
        preImage,
        seconds: (performance.now() - begin) / 1000,
        at: new Date(store.now()).toISOString(),
        where: { host: hostname(), pid: process.pid, node: process.version },
      };
      return store.commit(made, artifact, { owner, replace: again });
    },
    async close() {},
  };
}
