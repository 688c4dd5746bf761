import { type Cost, costOf, resultsIn, secondsByStage, type TableStore } from "../../cache/index.ts";
import { closure, mayRun, type Plan, type StageNode } from "../../pipeline/index.ts";
import { causesOf, lastChange } from "../causes.ts";

import type { ExitStatus, Options } from "../options.ts";
import { print, printJson } from "../present/print.ts";
import { runThatMade, whyText } from "../present/why.ts";
import { withSession } from "../session.ts";
import { standingOf } from "../standing.ts";

/** `mesoflow why <stage>`: why it would run, roots first, or what it was computed from. */
export function why(options: Options): Promise<ExitStatus> {
  return withSession(options, { readOnly: true }, async ({ store, plan: planned, targets }) => {
    const asked = targets(options.names);
    const plan = await planned(asked);
    const seconds = secondsByStage(resultsIn(store.tables));
    const cost = (node: StageNode) => costOf(plan, store, seconds, closure([node]));
    if (options.json) for (const node of asked) printJson(facts(node, plan, store, cost(node)));
    else print(asked.map((node) => whyText(node, plan, store, cost(node))).join("\n\n"));
    return 0;
  });
}

function facts(node: StageNode, plan: Plan, store: TableStore, cost: Cost): object {
  const standing = standingOf(node, plan, store);
  const causes = causesOf(node, plan, store).map(({ stage, ...cause }) => ({ stage: stage.name, ...cause }));
  const result = standing.key === undefined ? undefined : store.result(standing.key);
  const change = standing.key === undefined ? undefined : lastChange(node, standing.key, store);
  return {
    event: "why",
    ...standing,
    causes,
    ...(result && { at: result.at }),
    ...(result && { run: runThatMade(result.key, store) ?? null }),
    ...(mayRun(standing) && { cost }),
    ...(standing.state === "fresh" && change && { lastChange: change }),
  };
}
