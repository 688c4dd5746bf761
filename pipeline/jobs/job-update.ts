import type { Artifact } from "../artifact/artifact.ts";
import type { Failure } from "../failure.ts";
import type { LeaseHolder } from "../store/lease-holder.ts";
import type { Result } from "../store/store.ts";
import type { Assignment } from "./job.ts";
import type { WorkerShare } from "./worker-shares.ts";

/** How a job stands. */
export type JobUpdate =
  /** Under way in this process, since `begun` ms on the clock of `performance`. */
  | ({ readonly begun: number } & JobProgress)
  /** Of a grid: these points are there. */
  | { readonly part: CompletedChunk }
  /** It failed, but that may pass: it is tried again in so many seconds. */
  | { readonly retried: Failure; readonly wait: number }
  /** Another owner has the lease. */
  | { readonly waitsFor: LeaseHolder }
  /** Done, by this process or another. */
  | ({ readonly executed: boolean } & CompletedJob);

/** A result; of a grid also who computed the points that it lacked. */
export interface CompletedJob {
  readonly result: Result;
  readonly by?: readonly WorkerShare[];
}

/** How much of a job is done, from 0 to 1; of a grid, of the points that it lacked. */
export interface JobProgress {
  readonly progress: number;
  /** Of a grid: all its points, and how many of them are done, those that were there before included. */
  readonly points?: { readonly done: number; readonly total: number };
}

/** A chunk of a grid that is in the store. */
export interface CompletedChunk extends Pick<Result, "key" | "content"> {
  /** How many points of the grid it holds. */
  readonly points: number;
}

/** What a source held when the revision was planned. */
export interface SourceSnapshot {
  readonly name: string;
  readonly artifact: Artifact;
  readonly content: string;
}

/** What is done while a job's lease is held. */
export type RunJob = (
  job: Assignment,
  signal: AbortSignal,
  report: (state: JobProgress | { readonly part: CompletedChunk }) => void,
) => Promise<CompletedJob>;
