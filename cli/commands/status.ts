import { costOf, resultsIn, secondsByStage } from "../../cache/inspect.ts";
import { byState, stageStatusesOf } from "../inspect/stage-status.ts";
import type { ExitStatus, Options } from "../options.ts";
import { print, printJson } from "../output/print.ts";
import { costLines } from "../present/cost.ts";
import { countsText, stageStatusesText } from "../present/stage-status.ts";
import { withSession } from "../session/session.ts";

/** `mesoflow status [stage…]`: the named stages alone, though what they need is looked up too. */
export function status(options: Options): Promise<ExitStatus> {
  return withSession(options, { readOnly: true }, async ({ store, plan: planned, targets }) => {
    const asked = targets(options.names);
    const names = new Set(asked.map(({ name }) => name));
    const plan = await planned(asked);
    const stageStatuses = stageStatusesOf(plan, store).filter(({ stage }) => names.has(stage));
    const cost = costOf(plan, store, secondsByStage(resultsIn(store.tables)));
    if (options.json) {
      for (const stageStatus of stageStatuses) printJson(stageStatus);
      printJson({ event: "status", ...byState(stageStatuses), cost });
    } else {
      print(stageStatusesText(stageStatuses, plan));
      print(["", countsText(stageStatuses), ...costLines(cost)].join("\n"));
    }
    return 0;
  });
}
