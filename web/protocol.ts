/** What the page and its server say to each other: types alone, so that neither loads the other. */
import type { Json, PipelineEvent, Reason } from "../pipeline/index.ts";

/** A setting stands alone, or two of them side by side; every open page shows the same. */
export type Side = "a" | "b";
export const sides: readonly Side[] = ["a", "b"];

/**
 * What a page changes of the configuration that the server was started with: value by path ("ring.v_c"). Paths that
 * are not here are as they were. It is also what a link holds, so equal settings are equal links.
 */
export type Setting = Readonly<Record<string, Json>>;

/** A parameter, as the schemas describe it, with what a field or slider for it needs. */
export interface ParameterInfo {
  readonly path: string;
  readonly unit: string;
  readonly description: string;
  readonly type: "number" | "whole number" | "interval" | "intervals" | "choice" | "text" | "numbers by name";
  readonly choices: readonly string[];
  /** In words: "above 0 and at most 1000 mm/s". */
  readonly requirement: string;
  readonly minimum?: number;
  readonly maximum?: number;
  /** What the server was started with; null for none. */
  readonly base: Json;
  /** Pages may not change it: what it names is files. */
  readonly fixed: boolean;
}

/** A stage of a side, as far as is known. */
export interface StageState {
  /** `known`: up to date without having run; `aborted`: the revision was overtaken or the run interrupted. */
  readonly state: "waiting" | "running" | "known" | "finished" | "failed" | "blocked" | "aborted";
  readonly key?: string;
  readonly content?: string;
  /** What it took, of one that has finished. */
  readonly seconds?: number;
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
  /** In sentences, what was wrong with a setting that was asked for last; the one before stays in force. */
  readonly faults: readonly string[];
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
  | { readonly kind: "snapshot"; readonly snapshot: Snapshot }
  /** A side's own event, as docs/events.md tells. */
  | { readonly kind: "event"; readonly side: Side; readonly revision: number; readonly event: PipelineEvent };

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
 *   GET    /api/parts/:side/<stage>   of a grid that runs: its artifact as far as it is there, NaN where nothing is
 *   GET    /api/export/:side/<stage>?format=npz|csv|json    a download
 * A stage's name is the rest of the path, with its slashes. Errors are {error: "one sentence"}.
 */
