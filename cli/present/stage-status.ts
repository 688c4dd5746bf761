import { type Plan, stagesOf } from "../../pipeline/inspect.ts";
import { byState, type StageStatus } from "../inspect/stage-status.ts";
import { duration } from "../output/format.ts";
import { table } from "../output/table.ts";
import { reasonsInShort } from "./reasons.ts";

export const stateTexts: Readonly<Record<StageStatus["state"], string>> = {
  fresh: "up to date",
  stale: "would run",
  waiting: "waits",
  broken: "cannot run",
};

/** A line for each stage: its state, why, and how long it took the last time. */
export function stageStatusesText(stageStatuses: readonly StageStatus[], plan: Plan): string {
  const nodes = new Map(stagesOf(plan).map((node) => [node.name, node]));
  const lines = stageStatuses.map(({ stage, state, reasons, failure, seconds }) => [
    stage,
    stateTexts[state],
    seconds === undefined ? "" : duration(seconds),
    failure?.message ?? reasonsInShort(reasons, nodes.get(stage)!),
  ]);
  return table(["stage", "state", "took", "why"], lines, ["took"]);
}

/** "3 would run, 3 wait for others, 11 are up to date" */
export function countsText(stageStatuses: readonly StageStatus[]): string {
  const { fresh, stale, waiting, broken } = byState(stageStatuses);
  const parts = [
    `${stale.length} would run`,
    waiting.length > 0 ? `${waiting.length} wait for others` : "",
    broken.length > 0 ? `${broken.length} cannot run` : "",
    `${fresh.length} up to date`,
  ];
  return parts.filter(Boolean).join(", ");
}
