import {
  concatMap,
  connect,
  endWith,
  ignoreElements,
  type MonoTypeOperatorFunction,
  map,
  merge,
  type Observable,
  takeUntil,
} from "rxjs";
import type { PipelineEvent } from "../../pipeline/index.ts";
import { isTerminal } from "../../pipeline/inspect.ts";
import { listed } from "../configuration/parameter-schema.ts";
import { failureWithRemedy } from "../output/remedies.ts";
import type { LeftOut } from "../recordings/recordings.ts";

type Warning = Extract<PipelineEvent, { event: "warning" }>;

/**
 * Adds to the events of runs what a user should know of the recordings: files that were left out, as soon as a run is
 * planned, and recordings of the same measurement, as soon as all have ended. Each is said once.
 */
export function withWarnings(leftOut: () => readonly LeftOut[]): MonoTypeOperatorFunction<PipelineEvent> {
  const said = new Set<string>();
  const unsaid = (warnings: readonly Warning[]) =>
    warnings.filter(({ message }) => !said.has(message) && said.add(message));
  let recordings: readonly string[] = [];
  let ended = new Map<string, string | undefined>();
  return concatMap((event): PipelineEvent[] => {
    if (event.event === "planned") {
      recordings = event.stages.filter((stage) => stage.startsWith("recording/"));
      ended = new Map();
      const warnings = recordings.length > 0 ? leftOut().map(({ message }) => warningOf([], message)) : [];
      return [event, ...unsaid(warnings)];
    }
    if (!isTerminal(event) || !recordings.includes(event.stage)) return [event];
    ended.set(event.stage, "content" in event ? event.content : undefined);
    if (ended.size < recordings.length) return [event];
    const contents = recordings.map((stage) => ended.get(stage));
    return [event, ...unsaid(sameAmong(recordings, contents))];
  });
}

/** The events of a run, whose failures say what to do: for the terminal, `--json`, the history and the page alike. */
export const withRemedies = (): MonoTypeOperatorFunction<PipelineEvent> =>
  map((event) => ("failure" in event ? { ...event, failure: failureWithRemedy(event.failure) } : event));

/** Adds notices of where stages run to the events of a run, as long as it lasts. */
export const withNotices =
  (notices: Observable<string>): MonoTypeOperatorFunction<PipelineEvent> =>
  (events) =>
    events.pipe(
      connect((shared) =>
        merge(
          notices.pipe(
            map((message): Warning => ({ ...warningOf([], message), passing: true })),
            takeUntil(shared.pipe(ignoreElements(), endWith(undefined))),
          ),
          shared,
        ),
      ),
    );

const warningOf = (stages: readonly string[], message: string): Warning => ({
  event: "warning",
  stages,
  message,
});

/** A warning for every measurement that several recordings hold; undefined contents are not known. */
function sameAmong(stages: readonly string[], contents: readonly (string | undefined)[]): Warning[] {
  const known = [...new Set(contents)].filter((content) => content !== undefined);
  return known.flatMap((content) => {
    const same = stages.filter((_, index) => contents[index] === content);
    if (same.length < 2) return [];
    const often = same.length === 2 ? "twice" : `${same.length} times`;
    return warningOf(
      same,
      `${listed(same, "and")} are the same measurement: it would count ${often} in scan and in the mean, SD and ` +
        "tests of inference; leave one of them.",
    );
  });
}
