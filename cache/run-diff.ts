import type { Json, Reason } from "../pipeline/index.ts";
import { type Change, changedFiles, changedPaths, explain } from "../pipeline/inspect.ts";
import { type ArtifactDifference, diffArtifacts } from "./diff.ts";
import type { Run, StageRecord } from "./history.ts";
import type { LocalStore } from "./local-store.ts";

/** How a stage stood in two runs. */
export interface StageDifference {
  readonly stage: string;
  /** Absent where the run did not hold the stage. */
  readonly before?: StageRecord;
  readonly after?: StageRecord;
  /** What it was computed from, compared; "unknown" where that is not remembered. */
  readonly reasons: readonly Reason[] | "unknown";
  /** What came out, compared; "unknown" where an artifact is not stored any more, or there was none. */
  readonly output: "equal" | "unknown" | ArtifactDifference;
}

/** What differs between two runs. */
export interface RunDifference {
  /** Where the configurations differ. */
  readonly configuration: readonly Change<Json>[];
  readonly versions: readonly Change<Json>[];
  /** Stages of which anything differs, in the order of the second run. */
  readonly stages: readonly StageDifference[];
  /** Stages of which nothing does. */
  readonly same: readonly string[];
}

/** What changed from one run to another: parameters, inputs, code, and outputs by how much. */
export async function diffRuns(before: Run, after: Run, store: LocalStore): Promise<RunDifference> {
  const old = new Map(before.stages.map((record) => [record.stage, record]));
  const now = new Map(after.stages.map((record) => [record.stage, record]));
  const stages: StageDifference[] = [];
  const same: string[] = [];
  for (const stage of new Set([...now.keys(), ...old.keys()])) {
    const [first, second] = [old.get(stage), now.get(stage)];
    if (isSame(first, second)) same.push(stage);
    else {
      stages.push({
        stage,
        ...(first && { before: first }),
        ...(second && { after: second }),
        reasons: reasonsBetween(first, second, store),
        output: await outputBetween(first?.content, second?.content, store),
      });
    }
  }
  return {
    configuration: changedPaths(before.revision.configuration, after.revision.configuration),
    versions: changedPaths(before.versions, after.versions),
    ...{ stages, same },
  };
}

const isSame = (a: StageRecord | undefined, b: StageRecord | undefined): boolean =>
  a?.key !== undefined && a.key === b?.key && a.content !== undefined && a.content === b.content;

function reasonsBetween(
  a: StageRecord | undefined,
  b: StageRecord | undefined,
  store: LocalStore,
): Reason[] | "unknown" {
  const [before, after] = [a, b].map((record) =>
    record?.key === undefined ? undefined : store.result(record.key)?.preImage,
  );
  if (!before || !after) return "unknown";
  return explain(before, after, changedFiles(store.filesOf(before.code), store.filesOf(after.code)));
}

async function outputBetween(
  before: string | undefined,
  after: string | undefined,
  store: LocalStore,
): Promise<StageDifference["output"]> {
  if (before === undefined || after === undefined) return "unknown";
  if (before === after) return "equal";
  if (!store.has(before) || !store.has(after)) return "unknown";
  return diffArtifacts(await store.load(before), await store.load(after));
}
