import type { Job } from "../jobs/job.ts";
import type { SerializedError } from "../jobs/serialized-error.ts";
import { codeVersion, type Fingerprint, type PreImage } from "../key/key.ts";
import type { Result } from "../store/store.ts";
import type { StoreIdentity } from "./artifact-exchange.ts";

/** All that is said about a job on a queue; what it is computed from is found by its key. */
export interface JobMessage extends Pick<Job, "stage" | "key"> {
  readonly again?: true;
  readonly partOf?: string;
}

/** What comes back of a job that was done. */
export type CompletionMessage = Pick<Result, "content" | "seconds" | "at" | "where">;

/** Why a job was not done. */
export type FailureMessage =
  /** The content store has forgotten this: who waits for the job is to leave it there again. */
  | { readonly missing: string }
  /** Nobody waited for it any more. */
  | { readonly cancelled: true }
  /** The worker that was at it is gone, of which this was written down. */
  | { readonly lost: readonly string[] }
  /** It failed. */
  | { readonly thrown: SerializedError; readonly where: Result["where"] };

/** What keys in Redis begin with. The number is that of what is said there: those who speak otherwise do not meet. */
export const PREFIX = "mesoflow:2";

/**
 * The queue for a stage in one version of its code, of runs that share by one content store. A worker takes from the
 * queues of the versions and of the store that it has, so it never sees a job that it cannot serve.
 */
export const queueOf = (
  stage: string,
  of: PreImage | Fingerprint,
  { id }: Pick<StoreIdentity, "id">,
): string => `${stage}.${codeVersion(of)}.${id}`;

/** What a queue is for: a stage in a version (`code` tells both), and a content store. */
export function partsOfQueue(queue: string): {
  readonly stage: string;
  readonly code: string;
  readonly store: string;
} {
  const parts = queue.split(".");
  return {
    stage: parts.slice(0, -2).join("."),
    code: parts.slice(0, -1).join("."),
    store: parts.at(-1)!,
  };
}

/** A job's name on its queue: who asks for the same work by the same queue waits for the same job. */
export const jobIdOf = ({ key, recompute }: Pick<Job, "key" | "recompute">): string =>
  recompute ? `${key}.again` : key;

/** A job among those of all queues: by another content store, the same key is another job. */
export const addressOf = (queue: string, id: string): string => `${queue}:${id}`;

/** The order of a job, without anything that is as usual. */
export const jobMessageOf = ({ stage, key, recompute, partOf }: Job): JobMessage => ({
  stage,
  key,
  ...(recompute && { again: true as const }),
  ...(partOf !== undefined && { partOf }),
});

/** The name on the queue of a job that lost two workers: it runs alone, lest it takes others down with it. */
export const ALONE = "alone";
/** That of all others. */
export const JOB = "job";
