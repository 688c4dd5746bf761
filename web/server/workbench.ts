import type { Observable } from "rxjs";
import type { Artifact, Json, PipelineEvent } from "../../pipeline/index.ts";
import type { GraphInfo, PipelineInfo, Setting, WhyInfo } from "../protocol.ts";

/** All that the server needs of the pipeline; who starts it puts this together. */
export interface Workbench {
  readonly info: PipelineInfo;
  /** The pipeline under a setting, or in sentences what is wrong with that. */
  bench(setting: Setting): Promise<PipelineView | Faults>;
  /** Runs one bench after the other, each a revision of the one before. Unsubscribing aborts what runs. */
  follow(benches: Observable<PipelineView>): Observable<PipelineEvent>;
  /** An artifact by its content hash, if it is stored. */
  artifact(content: string): Promise<Artifact | undefined>;
  /** The parameters with which the result of a key was computed, if there is one. */
  params(key: string): Json | undefined;
}

/** The pipeline under one setting. Stages are those of `graph`. */
export interface PipelineView {
  readonly setting: Setting;
  readonly graph: GraphInfo["stages"];
  /** Of a grid: its artifact as far as it is there, NaN where nothing is; undefined where that cannot be told. */
  partial(stage: string): Promise<Artifact | undefined>;
  why(stage: string): Promise<Pick<WhyInfo, "preImage" | "sentences">>;
  /** A stage's artifact as a file for other programs; undefined where it is not computed yet. */
  exported(stage: string, format: Format): Promise<Uint8Array | string | undefined>;
}

export interface Faults {
  readonly faults: readonly string[];
}

/** What artifacts can be downloaded as, with their media types. */
export const formats = {
  npz: "application/zip",
  csv: "text/csv; charset=utf-8",
  json: "application/json",
} as const;
export type Format = keyof typeof formats;
