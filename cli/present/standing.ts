import { type Plan, stagesOf } from "../../pipeline/index.ts";
import { byState, type Standing } from "../standing.ts";
import { duration } from "./format.ts";
import { reasonsInShort } from "./reasons.ts";
import { table } from "./table.ts";

export const stateTexts: Readonly<Record<Standing["state"], string>> = {
  fresh: "up to date",
  stale: "would run",
  waiting: "waits",
  broken: "cannot run",
};

/** A line for each stage: its state, why, and how long it took the last time. */
export function standingsText(standings: readonly Standing[], plan: Plan): string {
  const nodes = new Map(stagesOf(plan).map((node) => [node.name, node]));
  const lines = standings.map(({ stage, state, reasons, failure, seconds }) => [
    stage,
    stateTexts[state],
    seconds === undefined ? "" : duration(seconds),
    failure?.message ?? reasonsInShort(reasons, nodes.get(stage)!),
  ]);
  return table(["stage", "state", "took", "why"], lines, ["took"]);
}

/** "3 would run, 3 wait for others, 11 are up to date" */
export function countsText(standings: readonly Standing[]): string {
  const { fresh, stale, waiting, broken } = byState(standings);
  const parts = [
    `${stale.length} would run`,
    waiting.length > 0 ? `${waiting.length} wait for others` : "",
    broken.length > 0 ? `${broken.length} cannot run` : "",
    `${fresh.length} up to date`,
  ];
  return parts.filter(Boolean).join(", ");
}
