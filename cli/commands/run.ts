import { costOf, resultsIn, secondsByStage } from "../../cache/inspect.ts";
import type { Node } from "../../pipeline/index.ts";
import { sizeGiven } from "../configuration/quantities.ts";
import { byState, stageStatusesOf } from "../inspect/stage-status.ts";
import type { ExitStatus, Options } from "../options.ts";
import { print, printJson } from "../output/print.ts";
import { costLines } from "../present/cost.ts";
import { presenterFor } from "../present/presenter.ts";
import { countsText, stageStatusesText } from "../present/stage-status.ts";
import { checkElsewhere } from "../session/cluster.ts";
import { executed, statusOf } from "../session/execution.ts";
import { type Session, withSession } from "../session/session.ts";
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
  const stageStatuses = stageStatusesOf(plan, store);
  const toDo = stageStatuses.filter(({ state }) => state !== "fresh");
  const { fresh, stale, waiting, broken } = byState(stageStatuses);
  const cost = costOf(plan, store, secondsByStage(resultsIn(store.tables)));
  if (json) {
    for (const stageStatus of toDo) printJson({ event: "would-run", ...stageStatus });
    printJson({
      event: "summary",
      ...{ executed: [], hits: fresh, failed: broken, blocked: [], aborted: [] },
      toRun: [...stale, ...waiting],
      cost,
      seconds: (performance.now() - begin) / 1000,
    });
  } else {
    if (toDo.length > 0) print(stageStatusesText(toDo, plan));
    print(`${toDo.length > 0 ? "\n" : ""}${[countsText(stageStatuses), ...costLines(cost)].join("\n")}`);
  }
  return statusOf(stageStatuses.flatMap(({ failure }) => failure ?? []));
}
