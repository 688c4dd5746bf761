/** What the page and its server say to each other: types alone, so that neither loads the other. */

import type { WorkerShare } from "../pipeline/executors.ts";
import type { Json, PipelineEvent, Reason } from "../pipeline/index.ts";

/** A setting stands alone, or two of them side by side; every open page shows the same. */
export type Side = "a" | "b";
export const sides: readonly Side[] = ["a", "b"];

/**
 * What a page changes of the configuration that the server was started with: value by path ("ring.v_c"). Paths that
 * are not here are as they were. It is also what a link holds, so equal settings are equal links.
 */
export type Setting = Readonly<Record<string, Json>>;

/** A parameter, as the schemas describe it, with what a field or slider for it needs. Of intervals: of both ends. */
export interface ParameterInfo {
  readonly path: string;
  readonly unit: string;
  readonly description: string;
  readonly type: "number" | "whole number" | "interval" | "intervals" | "choice" | "text" | "numbers by name";
  readonly choices: readonly string[];
  /** In words: "above 0 and at most 1000 mm/s". */
  readonly requirement: string;
  /** The bounds, if there are any; they may themselves be excluded, as `requirement` says ("above 0"). */
  readonly minimum?: number;
  readonly maximum?: number;
  /** What the server was started with; null for none. */
  readonly base: Json;
  /** Pages may not change it: what it names is files. */
  readonly fixed: boolean;
}

/** A stage of a side, as far as is known. */
export interface StageState {
  /**
   * `known`: up to date without having run; `aborted`: stopped, as what an overtaken revision was at is until the one
   * in its place begins it.
   */
  readonly state: "waiting" | "running" | "known" | "finished" | "failed" | "blocked" | "aborted";
  readonly key?: string;
  readonly content?: string;
  /** What it took, of one that has finished. */
  readonly seconds?: number;
  /** Who ran it, where the server's own process did not. */
  readonly by?: readonly WorkerShare[];
  readonly fraction?: number;
  readonly remaining?: number;
  /** Of a grid: points done of all. */
  readonly done?: number;
  readonly total?: number;
  readonly failure?: string;
  readonly blockedBy?: readonly string[];
  readonly reasons?: readonly Reason[];
}

/** All that is known of a side: what a page that has just opened, or has slept too long, begins with. */
export interface SideState {
  readonly setting: Setting;
  /** Goes up with every change of the setting. */
  readonly revision: number;
  /** What a user should know though nothing has failed, in sentences. */
  readonly warnings: readonly string[];
  /** What holds the work up, in a sentence, until it goes on. */
  readonly holdup?: string;
  /** By name, in the order of the plan. */
  readonly stages: Readonly<Record<string, StageState>>;
  readonly isRunning: boolean;
}

export interface Snapshot {
  readonly sides: { readonly a: SideState; readonly b?: SideState };
}

/** A message of `GET /api/events` (server-sent events, one JSON object each). */
export type Message =
  /** What was said before counts no more. */
  { readonly kind: "snapshot"; readonly snapshot: Snapshot } | SideEvent;

/** A side's own event, as docs/events.md tells: `noted` (web/side-state.ts) says what it does to the side's state. */
export interface SideEvent {
  readonly kind: "event";
  readonly side: Side;
  /** Of the setting that the event belongs to. */
  readonly revision: number;
  readonly event: PipelineEvent;
  /** With the event `revision`, the first of each: the setting from here on. */
  readonly setting?: Setting;
}

/** `GET /api/pipeline`: what does not change while the server runs. */
export interface PipelineInfo {
  readonly version: string;
  readonly parameters: readonly ParameterInfo[];
  readonly profile: string;
}

/** `GET /api/graph/:side`: stages in the order of the plan, and what each takes. */
export interface GraphInfo {
  readonly revision: number;
  readonly stages: readonly {
    readonly name: string;
    readonly needs: readonly string[];
    readonly isGrid: boolean;
  }[];
}

/** `GET /api/why/:side/<stage>`: what a stage's result was computed from, and why it ran. */
export interface WhyInfo {
  readonly stage: string;
  readonly state: StageState;
  /** The pre-image of its key, if that is known. */
  readonly preImage?: Json;
  /** In sentences, as `mesoflow why` tells it. */
  readonly sentences: readonly string[];
}

/*
 * Other requests:
 *   PUT    /api/settings/:side        {setting}; 200 {revision}, 422 {faults}. Side b begins so, beside a.
 *   DELETE /api/settings/b            ends side b; 204
 *   GET    /api/artifacts/:content    the artifact, as `web/artifact-bytes.ts` packs it; never changes, so cached for good
 *   GET    /api/params/:key           the parameters a result was computed with, which captions state; cached for good
 *   GET    /api/parts/:side/<stage>   of a grid that runs: its artifact as far as it is there, NaN where nothing is;
 *                                     204 where nothing of it can be told now
 *   GET    /api/export/:side/<stage>?format=npz|csv|json    a download
 *   GET    /api/state                 a Snapshot, for programs that do not listen
 *   GET    /                          dist/web/page/index.html, and all else in that folder under its path
 * A stage's name is the rest of the path, with its slashes. Errors are {error: "one sentence"}.
 */
