import { setImmediate } from "node:timers/promises";
import { limit } from "../../cache/index.ts";
import {
  type Artifact,
  type Ending,
  type Failure,
  isEnding,
  type Node,
  needOf,
  summaryOf,
} from "../../pipeline/index.ts";
import { interruptible } from "../interruptible.ts";
import type { ExitStatus, Options } from "../options.ts";
import { collectionText } from "../present/collection.ts";
import { presenterFor } from "../present/presenter.ts";
import { print, printJson, tell } from "../present/print.ts";
import { resultsText } from "../present/results.ts";
import { countsText, standingsText } from "../present/standing.ts";
import { sizeGiven } from "../quantities.ts";
import { Recorder } from "../recorder.ts";
import { hasResults, resultRows } from "../results.ts";
import { type Session, withSession } from "../session.ts";
import { byState, standingsOf } from "../standing.ts";

/** `mesoflow run [stage…]` */
export function run(options: Options): Promise<ExitStatus> {
  const maxBytes = sizeGiven("max-size", options.maxSize);
  return withSession(options, { readOnly: options.dryRun }, async (session) => {
    const targets = session.targets(options.names);
    const forced = new Set<Node>(options.force ? targets : []);
    if (options.dryRun) return preview(session, targets, forced, options);

    const recorder = new Recorder(session, targets);
    let planned: readonly string[] = [];
    const endings = new Map<string, Ending>();
    const begin = performance.now();
    const events = session.engine.run(targets, { forced, keepGoing: options.keepGoing });
    const presenter = await presenterFor(options);
    const isDone = await interruptible(events, (event) => {
      if (event.event === "planned") planned = event.stages;
      if (isEnding(event)) endings.set(event.stage, event);
      recorder.note(event);
      presenter.show(event);
    }).finally(() => presenter.end());
    // What was aborted notices at its next turn, while the store is still open.
    if (!isDone) await setImmediate();
    await recorder.end();
    if (!isDone) {
      const seconds = (performance.now() - begin) / 1000;
      if (options.json) printJson(summaryOf(planned, endings.values(), seconds));
      tell("interrupted; what was finished is kept");
      return 130;
    }
    const failures = [...endings.values()].flatMap((ending) => ("failure" in ending ? ending.failure : []));
    // In the order of the plan, whatever order they came in.
    const ended = planned.flatMap((stage) => endings.get(stage) ?? []);
    if (!options.json && (failures.length === 0 || options.keepGoing)) await printResults(session, ended);
    if (maxBytes !== undefined) await keepWithin(maxBytes, targets, session);
    return statusOf(failures);
  });
}

/** The limit asked for, as far as what was just computed, pins and other runs leave room. */
async function keepWithin(maxBytes: number, targets: readonly Node[], session: Session): Promise<void> {
  const need = needOf(await session.plan(targets));
  const collection = await limit(session.store, maxBytes, { need });
  if (collection) tell(collectionText(collection, false));
}

/** 2 where all that is wrong is what the user gave. */
function statusOf(failures: readonly Failure[]): ExitStatus {
  if (failures.length === 0) return 0;
  return failures.every(({ kind }) => kind === "bad-input") ? 2 : 1;
}

async function printResults({ configuration, store }: Session, endings: readonly Ending[]) {
  const artifacts = new Map<string, Artifact>();
  for (const ending of endings) {
    if (!("content" in ending) || !hasResults(ending.stage)) continue;
    artifacts.set(ending.stage, await store.load(ending.content));
  }
  const rows = resultRows(artifacts, configuration);
  if (rows.length > 0) print(`\n${resultsText(rows, configuration)}`);
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
  if (json) {
    for (const standing of toDo) printJson({ event: "would-run", ...standing });
    printJson({
      event: "summary",
      ...{ executed: [], hits: fresh, failed: broken, blocked: [], aborted: [] },
      toRun: [...stale, ...waiting],
      seconds: (performance.now() - begin) / 1000,
    });
  } else {
    if (toDo.length > 0) print(standingsText(toDo, plan));
    print(`${toDo.length > 0 ? "\n" : ""}${countsText(standings)}`);
  }
  return statusOf(standings.flatMap(({ failure }) => failure ?? []));
}
