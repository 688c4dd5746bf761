import type { LocalStore } from "../../cache/index.ts";
import { type Cost, costOf, resultsIn, secondsByStage } from "../../cache/inspect.ts";
import type { StageNode } from "../../pipeline/index.ts";
import { ancestors, mayRun, type Plan } from "../../pipeline/inspect.ts";
import { lastChange, rootCausesOf } from "../inspect/root-causes.ts";
import { stageStatusOf } from "../inspect/stage-status.ts";
import type { ExitStatus, Options } from "../options.ts";
import { print, printJson } from "../output/print.ts";
import { runThatMade, whyText } from "../present/why.ts";
import { withSession } from "../session/session.ts";

/** `mesoflow why <stage>`: why it would run, roots first, or what it was computed from. */
export function why(options: Options): Promise<ExitStatus> {
  return withSession(options, { readOnly: true }, async ({ store, plan: planned, targets }) => {
    const asked = targets(options.names);
    const plan = await planned(asked);
    const seconds = secondsByStage(resultsIn(store.tables));
    const cost = (node: StageNode) => costOf(plan, store, seconds, ancestors([node]));
    if (options.json) for (const node of asked) printJson(facts(node, plan, store, cost(node)));
    else print(asked.map((node) => whyText(node, plan, store, cost(node))).join("\n\n"));
    return 0;
  });
}

function facts(node: StageNode, plan: Plan, store: LocalStore, cost: Cost): object {
  const stageStatus = stageStatusOf(node, plan, store);
  const causes = rootCausesOf(node, plan, store).map(({ stage, ...cause }) => ({
    stage: stage.name,
    ...cause,
  }));
  const result = stageStatus.key === undefined ? undefined : store.result(stageStatus.key);
  const change = stageStatus.key === undefined ? undefined : lastChange(node, stageStatus.key, store);
  return {
    event: "why",
    ...stageStatus,
    causes,
    ...(result && { at: result.at }),
    ...(result && { run: runThatMade(result.key, store) ?? null }),
    ...(mayRun(stageStatus) && { cost }),
    ...(stageStatus.state === "fresh" && change && { lastChange: change }),
  };
}
