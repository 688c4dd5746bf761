import type { ExitStatus, Options } from "../options.ts";
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
    if (options.json) {
      for (const standing of standings) printJson(standing);
      printJson({ event: "status", ...byState(standings) });
    } else {
      print(standingsText(standings, plan));
      print(`\n${countsText(standings)}`);
    }
    return 0;
  });
}
