import { setImmediate } from "node:timers/promises";
import { concat, concatMap, connect, filter, map, merge, type Observable, of, Subject, tap } from "rxjs";
import { BadInput } from "../../pipeline/errors.ts";
import {
  Engine,
  type Node,
  type PipelineEvent,
  type Revision,
  type TerminalEvent,
} from "../../pipeline/index.ts";
import { sizeGiven } from "../configuration/quantities.ts";
import type { ExitStatus, Options } from "../options.ts";
import { tell } from "../output/print.ts";
import { sentenceOf } from "../output/remedies.ts";
import { executorFor, type Session, sessionOf, withStore } from "../session/session.ts";
import { interruptible } from "../session/signals.ts";
import { targetsIn } from "../session/targets.ts";
import { withNotices, withRemedies, withWarnings } from "../session/warnings.ts";
import { type Edit, edits } from "../watch/edits.ts";
import { Executors } from "../watch/executors.ts";
import { RevisionPresenter } from "../watch/revision-presenter.ts";
import { type State, StateOnDisk } from "../watch/state.ts";
import { keepWithin, orderOf, printResults } from "./run-steps.ts";

/**
 * `mesoflow run --watch`: a run for every state of configuration, recordings and stage code, until it is interrupted.
 * A state that cannot be used is told of, and the last one that could be used stays.
 */
export async function watch(options: Options): Promise<ExitStatus> {
  if (options.dryRun) {
    throw new BadInput("--watch runs what changes reach and --dry-run runs nothing: give only one of them.");
  }
  const maxBytes = sizeGiven("max-size", options.maxSize);
  const disk = new StateOnDisk(options);
  const first = await disk.now(new AbortController().signal);

  return withStore(options, { readOnly: false }, async (open) => {
    const store = open();
    const notices = new Subject<string>();
    const notice = (sentence: string) => notices.next(sentence);
    const executors = new Executors((code) => executorFor(code, store, options, notice));
    const fingerprint = executors.fingerprint.bind(executors);
    const engine = new Engine({ store, executor: executors, fingerprint, jobs: options.jobs });
    const narrator = new RevisionPresenter(options, async (session, endings) => {
      await tellResults(session, endings, options);
      if (maxBytes !== undefined) await keepWithin(maxBytes, session.targets(options.names), session);
      tell("waiting for changes; Ctrl-C ends");
    });
    const begin: Edit = { kind: "state", state: first, changes: [] };
    const tale = toldOf(concat(of(begin), edits(disk, first)), { engine, executors, notices }, options).pipe(
      concatMap(async (part) => {
        if ("said" in part) return narrator.say(part.said);
        const { event, state } = part;
        const session = sessionOf(state, open, () => engine);
        if (event.event === "revision") await narrator.begin(session, state.targets);
        await narrator.note(event);
      }),
    );
    try {
      await interruptible(tale, () => {});
      // What was aborted notices at its next turn, while the store is still open.
      await setImmediate();
      if (await narrator.interrupt()) tell("interrupted; what was finished is kept");
      return 130;
    } finally {
      await engine.close();
    }
  });
}

/** An event with the state that it is of, or something that is said beside the events. */
type Told = { readonly event: PipelineEvent; readonly state: State } | { readonly said: string };

/** What runs the states, and tells how that stands. */
interface Works {
  readonly engine: Engine;
  readonly executors: Executors;
  readonly notices: Observable<string>;
}

function toldOf(
  from: Observable<Edit>,
  { engine, executors, notices }: Works,
  options: Options,
): Observable<Told> {
  let latest: State;
  let isFirst = true;
  const revisionOf = ({ state, changes }: Extract<Edit, { kind: "state" }>): Revision => {
    latest = state;
    executors.add(state.code);
    const { targets, forced } = orderOf({ targets: (patterns) => targetsIn(state.graph, patterns) }, options);
    const revision = { targets, changes, forced: isFirst ? forced : new Set<Node>() };
    isFirst = false; // what comes later runs because something is new
    return revision;
  };
  return from.pipe(
    connect((edit) => {
      const states = edit.pipe(filter((one) => one.kind === "state"));
      const events = engine.follow(states.pipe(map(revisionOf)), { keepGoing: options.keepGoing }).pipe(
        tap((event) => {
          if (event.event === "revision") executors.retireBefore(latest.code);
        }),
        withRemedies(),
        withWarnings(() => latest.leftOut),
        withNotices(notices),
        // A revision that is overtaken before it begins says nothing: what begins is the latest.
        map((event): Told => ({ event, state: latest })),
      );
      const said = edit.pipe(
        filter((one) => one.kind !== "state"),
        map((one): Told => ({ said: textOf(one) })),
      );
      return merge(events, said);
    }),
  );
}

function textOf(edit: Exclude<Edit, { kind: "state" }>): string {
  switch (edit.kind) {
    case "unusable":
      return `\n${edit.message}\nThe last state that could be used stays; waiting for a repair.`;
    case "repaired":
      return "\nrepaired: everything is as it was";
  }
}

/** The table of results where all went well; new code may have made them what the table does not know. */
async function tellResults(
  session: Session,
  endings: readonly TerminalEvent[],
  options: Options,
): Promise<void> {
  const hasFailed = endings.some(({ event }) => event === "failed");
  if (options.json || (hasFailed && !options.keepGoing)) return;
  try {
    await printResults(session, endings);
  } catch (thrown) {
    tell(`The results cannot be put into a table: ${sentenceOf(thrown as Error)}`);
  }
}
