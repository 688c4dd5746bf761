import type { WorkerShare } from "../../pipeline/executors.ts";
import type { Artifact } from "../../pipeline/index.ts";
import type { Configuration } from "../../stages/configuration.ts";
import type { Settings } from "../configuration/configuration.ts";

/** Everything that a report tells. It is made of recorded facts alone: equal contents, equal bytes. */
export interface Contents {
  readonly configuration: Configuration;
  /** Where each value that is no default came from, by path. */
  readonly origins: Settings["origins"];
  /** All stages that were asked for and all they need, in the order of the plan. */
  readonly stages: readonly StageFacts[];
  /** What they made, by their names; without those that are missing. */
  readonly artifacts: ReadonlyMap<string, Artifact>;
  /** Sources that could not be read, and whatever else a run warned of. */
  readonly warnings: readonly string[];
  readonly drawings: readonly Drawing[];
  readonly versions: Versions;
  /** The command line that makes this report again. */
  readonly command: string;
}

/** A stage, and how its result came to be. */
export interface StageFacts {
  readonly name: string;
  readonly made?: {
    readonly key: string;
    readonly content: string;
    readonly seconds: number;
    /** ISO 8601. */
    readonly at: string;
    readonly host: string;
    /** Version of Node. */
    readonly node: string;
    /** The id of the run that computed it, as far back as the history goes. */
    readonly run?: string | undefined;
    /** The processes that this run left it to. */
    readonly by?: readonly WorkerShare[] | undefined;
  };
  /** Why there is no result, to follow the stage's name: "failed: …". */
  readonly missing?: string;
}

export interface Versions {
  readonly mesoflow: string;
  /** Hashes of the compiled kernels that results were computed with. */
  readonly kernels: readonly string[];
  /** Of packages that results were computed with, by name. */
  readonly packages: Readonly<Record<string, string>>;
  /** Those packages that mesoflow itself asks for; the others come with them. */
  readonly asked: readonly string[];
}

/** A figure as it was drawn, or, where a stage that it shows is missing, only what it would be. */
export interface Drawing {
  /** "ring-trial/baseline" */
  readonly name: string;
  readonly title: string;
  /** The stage whose figure it is. */
  readonly stage: string;
  /** Stages that it shows. */
  readonly stages: readonly string[];
  readonly missing: readonly string[];
  readonly caption: string;
  /** SVG; empty where something is missing. */
  readonly light: string;
  readonly dark: string;
}

/** Whether a name is this one, or one of its kind: "ring-trial/baseline" is of "ring-trial". */
export const isOf = (name: string, kind: string): boolean => name === kind || name.startsWith(`${kind}/`);
