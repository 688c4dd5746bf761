import type { Artifact } from "./artifact.ts";
import type { Failure } from "./failure.ts";
import type { Assignment } from "./job.ts";
import type { Owner } from "./owner.ts";
import type { Runner } from "./runners.ts";
import type { Result } from "./store.ts";

/** How a job stands. */
export type Flight =
  /** Under way in this process, since `begun` ms on the clock of `performance`. */
  | ({ readonly begun: number } & Progress)
  /** Of a grid: these points are there. */
  | { readonly part: Part }
  /** It failed, but that may pass: it is tried again in so many seconds. */
  | { readonly retried: Failure; readonly wait: number }
  /** Another owner has the lease. */
  | { readonly waitsFor: Owner }
  /** Done, by this process or another. */
  | ({ readonly executed: boolean } & Done);

/** A result; of a grid also who computed the points that it lacked. */
export interface Done {
  readonly result: Result;
  readonly by?: readonly Runner[];
}

/** How much of a job is done, from 0 to 1; of a grid, of the points that it lacked. */
export interface Progress {
  readonly progress: number;
  /** Of a grid: all its points, and how many of them are done, those that were there before included. */
  readonly points?: { readonly done: number; readonly total: number };
}

/** A chunk of a grid that is in the store. */
export interface Part extends Pick<Result, "key" | "content"> {
  /** How many points of the grid it holds. */
  readonly points: number;
}

/** What a source held when the revision was planned. */
export interface Snapshot {
  readonly name: string;
  readonly artifact: Artifact;
  readonly content: string;
}

/** What is done while a job's lease is held. */
export type Work = (
  job: Assignment,
  signal: AbortSignal,
  report: (state: Progress | { readonly part: Part }) => void,
) => Promise<Done>;
