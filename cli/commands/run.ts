import { costOf, resultsIn, secondsByStage } from "../../cache/index.ts";
import type { Node } from "../../pipeline/index.ts";
import { checkElsewhere } from "../cluster.ts";
import { executed, statusOf } from "../execution.ts";
import type { ExitStatus, Options } from "../options.ts";
import { costLines } from "../present/cost.ts";
import { presenterFor } from "../present/presenter.ts";
import { print, printJson } from "../present/print.ts";
import { countsText, standingsText } from "../present/standing.ts";
import { sizeGiven } from "../quantities.ts";
import { type Session, withSession } from "../session.ts";
import { byState, standingsOf } from "../standing.ts";
import { keepWithin, orderOf, printResults } from "./run-steps.ts";

/** `mesoflow run [stage…]` */
export async function run(options: Options): Promise<ExitStatus> {
  await checkElsewhere(options);
  if (options.watch) return (await import("./watch.ts")).watch(options);
  const maxBytes = sizeGiven("max-size", options.maxSize);
  return withSession(options, { readOnly: options.dryRun }, async (session) => {
    const { targets, forced } = orderOf(session, options);
    if (options.dryRun) return preview(session, targets, forced, options);

    const presenter = await presenterFor(options);
    const { isDone, endings, failures } = await executed(session, targets, presenter, options, forced);
    if (!isDone) return 130;
    if (!options.json && (failures.length === 0 || options.keepGoing)) await printResults(session, endings);
    if (maxBytes !== undefined) await keepWithin(maxBytes, targets, session);
    return statusOf(failures);
  });
}

/** What a run would do, and why; nothing runs. */
async function preview(
  { store, plan: planned }: Session,
  targets: readonly Node[],
  forced: ReadonlySet<Node>,
  { json }: Options,
): Promise<ExitStatus> {
  const begin = performance.now();
  const plan = await planned(targets, forced);
  const standings = standingsOf(plan, store);
  const toDo = standings.filter(({ state }) => state !== "fresh");
  const { fresh, stale, waiting, broken } = byState(standings);
  const cost = costOf(plan, store, secondsByStage(resultsIn(store.tables)));
  if (json) {
    for (const standing of toDo) printJson({ event: "would-run", ...standing });
    printJson({
      event: "summary",
      ...{ executed: [], hits: fresh, failed: broken, blocked: [], aborted: [] },
      toRun: [...stale, ...waiting],
      cost,
      seconds: (performance.now() - begin) / 1000,
    });
  } else {
    if (toDo.length > 0) print(standingsText(toDo, plan));
    print(`${toDo.length > 0 ? "\n" : ""}${[countsText(standings), ...costLines(cost)].join("\n")}`);
  }
  return statusOf(standings.flatMap(({ failure }) => failure ?? []));
}
