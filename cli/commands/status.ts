import { costOf, resultsIn, secondsByStage } from "../../cache/index.ts";
import type { ExitStatus, Options } from "../options.ts";
import { costLines } from "../present/cost.ts";
import { print, printJson } from "../present/print.ts";
import { countsText, standingsText } from "../present/standing.ts";
import { withSession } from "../session.ts";
import { byState, standingsOf } from "../standing.ts";

/** `mesoflow status [stage…]`: the named stages alone, though what they need is looked up too. */
export function status(options: Options): Promise<ExitStatus> {
  return withSession(options, { readOnly: true }, async ({ store, plan: planned, targets }) => {
    const asked = targets(options.names);
    const names = new Set(asked.map(({ name }) => name));
    const plan = await planned(asked);
    const standings = standingsOf(plan, store).filter(({ stage }) => names.has(stage));
    const cost = costOf(plan, store, secondsByStage(resultsIn(store.tables)));
    if (options.json) {
      for (const standing of standings) printJson(standing);
      printJson({ event: "status", ...byState(standings), cost });
    } else {
      print(standingsText(standings, plan));
      print(["", countsText(standings), ...costLines(cost)].join("\n"));
    }
    return 0;
  });
}
