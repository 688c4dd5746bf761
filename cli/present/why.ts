import { History, type LocalStore } from "../../cache/index.ts";
import type { Cost } from "../../cache/inspect.ts";
import type { StageNode } from "../../pipeline/index.ts";
import type { Plan } from "../../pipeline/inspect.ts";
import { listed } from "../configuration/parameter-schema.ts";
import { lastChange, type RootCause, rootCausesOf } from "../inspect/root-causes.ts";
import { stageStatusOf } from "../inspect/stage-status.ts";
import { duration, moment } from "../output/format.ts";
import { costLines } from "./cost.ts";
import { reasonText } from "./reasons.ts";

/** Why a stage would run, or what it was computed from, in lines for people. */
export function whyText(node: StageNode, plan: Plan, store: LocalStore, cost: Cost): string {
  const { state, reasons, key, failure } = stageStatusOf(node, plan, store);
  if (state === "broken") return `${node.name} cannot run: ${failure?.message}`;
  if (state === "fresh") return freshText(node, key!, store);
  const causes = rootCausesOf(node, plan, store);
  // What never ran needs no further reason, though it may have to wait.
  const isNew = reasons.some(({ kind }) => kind === "never-run");
  const roots = isNew
    ? []
    : causes.filter(({ stage }) => stage !== node).map((cause) => rootText(cause, plan));
  const own = reasons.filter(({ kind }) => kind !== "upstream").map((reason) => reasonText(reason, node));
  const upstream = reasons.flatMap((reason) => (reason.kind === "upstream" ? reason.nodes : []));
  const waits = upstream.length > 0 ? [`it waits for ${listed(upstream, "and")}`] : [];
  const last =
    own.length === 0 && waits.length > 0
      ? `${node.name} waits for ${listed(upstream, "and")}`
      : because(`${node.name} would run`, [...own, ...waits]);
  return [...roots, last, ...costLines(cost)].join("\n");
}

/** The id of the last run that computed a result, as far back as the history goes. */
export const runThatMade = (key: string, { tables }: LocalStore): string | undefined =>
  new History(tables)
    .runs()
    .findLast(({ stages }) => stages.some((each) => each.key === key && each.ending === "finished"))?.id;

function freshText(node: StageNode, key: string, store: LocalStore): string {
  const { at, seconds } = store.result(key)!;
  const change = lastChange(node, key, store);
  const run = runThatMade(key, store);
  const by = run === undefined ? "" : ` by run ${run}`;
  const lines = [`${node.name} is up to date; computed ${moment(at)} in ${duration(seconds)}${by}`];
  if (change && change.reasons.length > 0) {
    const changes = change.reasons.map((reason) => reasonText(reason, node));
    const since = change.isLast ? "last change" : "unlike its last run";
    lines.push(`${since}: ${changes.join("; ")}`);
  }
  return lines.join("\n");
}

/** A stage with a reason of its own, and how it reaches the one asked about. */
function rootText({ stage, reasons, way }: RootCause, plan: Plan): string {
  const verb = plan.states.get(stage)!.state === "fresh" ? "has changed" : "would run";
  const texts = reasons.map((reason) => reasonText(reason, stage));
  return `${because(`${stage.name} ${verb}`, texts)}\n  → ${way.slice(1).join(" → ")}`;
}

function because(what: string, reasons: readonly string[]): string {
  if (reasons.length === 0) return what;
  if (reasons.length === 1) return `${what} because ${reasons[0]}`;
  return [`${what} because`, ...reasons.map((reason) => `  ${reason}`)].join("\n");
}
