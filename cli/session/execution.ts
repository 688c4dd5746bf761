import { setImmediate } from "node:timers/promises";
import type { Failure, Node, StageNode, Summary, TerminalEvent } from "../../pipeline/index.ts";
import { isTerminal, summaryOf } from "../../pipeline/inspect.ts";
import type { ExitStatus, Options } from "../options.ts";
import { tell } from "../output/print.ts";
import type { Presenter } from "../present/lines-presenter.ts";
import { Recorder } from "./recorder.ts";
import type { Session } from "./session.ts";
import { interruptible } from "./signals.ts";
import { withNotices, withRemedies, withWarnings } from "./warnings.ts";

/** What became of a run. */
export interface Execution {
  /** Whether it came to its end: else it was interrupted. */
  readonly isDone: boolean;
  /** In the order of the plan, whatever order they came in; sources that could not be read come last. */
  readonly endings: readonly TerminalEvent[];
  readonly failures: readonly Failure[];
  /** What a user should know though nothing has failed. */
  readonly warnings: readonly string[];
  readonly summary: Summary;
}

/** Runs stages and all they need: shown as it happens, and remembered in the history as far as it went. */
export async function executed(
  session: Session,
  targets: readonly StageNode[],
  presenter: Presenter,
  { keepGoing, json }: Pick<Options, "keepGoing" | "json">,
  forced: ReadonlySet<Node> = new Set(),
): Promise<Execution> {
  const recorder = new Recorder(session, targets);
  let planned: readonly string[] = [];
  const endings = new Map<string, TerminalEvent>();
  const warnings: string[] = [];
  const begin = performance.now();
  const events = session.engine.run(targets, { forced, keepGoing }).pipe(
    withRemedies(),
    withWarnings(() => session.leftOut),
    withNotices(session.notices),
  );
  let summary: Summary | undefined;
  let read: Promise<void> | undefined;
  let isDone = false;
  try {
    isDone = await interruptible(events, (event) => {
      if (event.event === "planned") planned = event.stages;
      if (isTerminal(event)) endings.set(event.stage, event);
      if (event.event === "summary") summary = event;
      if (event.event === "warning") warnings.push(event.message);
      recorder.note(event);
      presenter.show(event);
    });
    summary ??= summaryOf(planned, endings.values(), (performance.now() - begin) / 1000);
    if (!isDone && json) presenter.show(summary);
  } finally {
    read = presenter.end();
  }
  // What was aborted notices at its next turn, while the store is still open.
  if (!isDone) await setImmediate();
  // However slow the reader of the output is, the run is in the history.
  await recorder.end();
  await read;
  if (!isDone) tell("interrupted; what was finished is kept");
  const order = [...new Set([...planned, ...endings.keys()])];
  const inOrder = order.flatMap((name) => endings.get(name) ?? []);
  const failures = inOrder.flatMap((ending) => ("failure" in ending ? ending.failure : []));
  return { isDone, endings: inOrder, failures, warnings, summary };
}

/** 2 where all that is wrong is what the user gave. */
export function statusOf(failures: readonly Failure[]): ExitStatus {
  if (failures.length === 0) return 0;
  return failures.every(({ kind }) => kind === "bad-input") ? 2 : 1;
}
