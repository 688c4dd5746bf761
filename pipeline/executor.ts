import { compute, turns } from "./computation.ts";
import { OtherCode } from "./errors.ts";
import { type Fingerprint, isOf, type PreImage } from "./key.ts";
import type { Owner } from "./owner.ts";
import type { Stage } from "./stage.ts";
import type { Result, Store } from "./store.ts";

/** A piece of work in terms that cross threads and machines: a stage by its id, inputs by content hash. */
export interface Job {
  /** The stage's id. */
  readonly stage: string;
  readonly key: string;
  readonly preImage: PreImage;
  /** It is executed although its result is known, which the new one is to replace. */
  readonly again: boolean;
  /** Of a chunk of a grid: what all points of the grid have in common. */
  readonly partOf?: string;
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
  /**
   * Rejects soon after `signal` is aborted, and has then written nothing and never will.
   *
   * @param progress told 0 when the stage begins, as its time limit counts from then on (not by an executor that keeps
   *   to it itself), and after that how much of it is done, up to 1
   */
  execute(job: Assignment, signal: AbortSignal, progress: (fraction: number) => void): Promise<Result>;
  /** Ends what it has under way, and its threads. */
  close(): Promise<void>;
}

/**
 * Runs stages in this thread. They share it by turns of a few milliseconds, as far as they await `progress`; a
 * stage that does not is not interrupted: `threads` can.
 *
 * @param fingerprints the versions of the stages' code as they are on disk, asked when a deferred stage has been loaded
 */
export function inProcess(store: Store, stages: Iterable<Stage>, fingerprints?: Fingerprints): Executor {
  const stageOf = stagesById(stages, fingerprints);
  const turn = turns();
  return {
    async execute(job, signal, progress) {
      // Many that never await anything would keep timers and interrupts waiting for the last of them.
      await turn();
      const beforeCommit = () => signal.throwIfAborted();
      return compute(await stageOf(job), job, store, { signal, progress, beforeCommit });
    },
    async close() {},
  };
}

/** Finds out the versions of stages' code. */
export type Fingerprints = () => Promise<(stage: Stage) => Fingerprint>;

/**
 * Finds the stages of jobs as executors do, and loads those that are deferred. Files may have changed between a plan
 * and that: a job that was planned with other code than was loaded is refused as `OtherCode`.
 */
export function stagesById(
  stages: Iterable<Stage>,
  fingerprints?: Fingerprints,
): (job: Pick<Job, "stage" | "preImage">) => Promise<Stage> {
  const byId = new Map([...stages].map((stage) => [stage.id, stage]));
  const loads = new Map<Stage, Promise<Fingerprint | undefined>>();
  /** The code that was loaded, where that was put off until now. */
  const load = async (stage: Stage) =>
    (await stage.load?.()) ? (await fingerprints?.())?.(stage) : undefined;
  return async ({ stage: id, preImage }) => {
    const stage = byId.get(id);
    if (!stage) throw new TypeError(`this executor knows no stage ${id}`);
    if (stage.load) {
      const loading = loads.get(stage) ?? load(stage);
      loads.set(stage, loading);
      const code = await loading;
      if (code && !isOf(preImage, code)) throw new OtherCode(preImage.stage);
    }
    return stage;
  };
}
