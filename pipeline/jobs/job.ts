import type { PreImage } from "../key/key.ts";
import type { LeaseHolder } from "../store/lease-holder.ts";
import type { Result } from "../store/store.ts";

/** A piece of work in terms that cross threads and machines: a stage by its id, inputs by content hash. */
export interface Job {
  /** The stage's id. */
  readonly stage: string;
  readonly key: string;
  readonly preImage: PreImage;
  /** It is executed although its result is known, which the new one is to replace. */
  readonly recompute: boolean;
  /** Of a chunk of a grid: what all points of the grid have in common. */
  readonly partOf?: string;
}

/** A job with the one who has its lease, which covers the commit. */
export interface Assignment extends Job {
  readonly owner: LeaseHolder;
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
