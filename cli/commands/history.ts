import { diffRuns, History, type Run } from "../../cache/index.ts";
import type { StageDifference } from "../../cache/inspect.ts";
import { BadInput } from "../../pipeline/errors.ts";
import { workerSharesText } from "../../pipeline/executors.ts";
import type { ExitStatus, Options } from "../options.ts";
import { counted, duration, moment, short } from "../output/format.ts";
import { print, printJson } from "../output/print.ts";
import { table } from "../output/table.ts";
import { changeText, differenceLines } from "../present/differences.ts";
import { plainReasonText } from "../present/reasons.ts";
import { withStore } from "../session/session.ts";

/** `mesoflow cache history [run] [other]`: all runs, one of them, or what changed from one to another. */
export function history(options: Options): Promise<ExitStatus> {
  const { names, json } = options;
  if (names.length > 2) throw new BadInput(`${names.length} runs are named: name one, or two to compare.`);
  return withStore(options, { readOnly: true }, async (open) => {
    const store = open();
    const known = new History(store.tables);
    const [first, second] = names.map((name) => runNamed(name, known));
    if (first && second) {
      const difference = await diffRuns(first, second, store);
      if (json) printJson({ event: "difference", from: first.id, to: second.id, ...difference });
      else {
        const { configuration, versions, stages, same } = difference;
        const changes = [...configuration, ...versions].map(
          (change) => `${change.path}: ${changeText(change)}`,
        );
        print(
          [
            ...changes,
            ...stages.flatMap(differenceText),
            `${stages.length} of ${stages.length + same.length} stages differ`,
          ].join("\n"),
        );
      }
    } else if (first) {
      if (json) printJson({ event: "run", ...first });
      else print(runText(first));
    } else {
      const runs = known.runs().reverse();
      if (json) {
        for (const run of runs) printJson(run);
        printJson({ event: "history", runs: runs.length });
      } else if (runs.length === 0) print(`no runs in ${options.cache}`);
      else
        print(
          table(["run", "when", "took", "outcome", "ran", "hits"], runs.map(columns), [
            "took",
            "ran",
            "hits",
          ]),
        );
    }
    return 0;
  });
}

/** The run of an id or of its beginning; "last" is the last one. */
export function runNamed(name: string, known: History): Run {
  const found = name === "last" ? known.last(1) : name === "" ? [] : known.find(name);
  if (found.length === 1) return found[0]!;
  throw new BadInput(
    found.length === 0
      ? `No run is called ${name || '""'}: mesoflow cache history lists them.`
      : `${found.length} runs begin with ${name}: give more of it.`,
  );
}

const secondsOf = ({ begin, end }: Run): number => (Date.parse(end) - Date.parse(begin)) / 1000;

const countOf = (run: Run, kind: string): string =>
  String(run.stages.filter(({ ending }) => ending === kind).length);

const columns = (run: Run): string[] => [
  ...[run.id, moment(run.begin), duration(secondsOf(run)), run.outcome],
  ...[countOf(run, "finished"), countOf(run, "hit")],
];

function runText(run: Run): string {
  const { id, begin, outcome, revision, versions, stages } = run;
  const lines = stages.map(({ stage, ending, seconds, reasons = [], failure, by }) => [
    ...[stage, ending, seconds === undefined ? "" : duration(seconds)],
    failure?.message ?? [...reasons.map(plainReasonText), ...(by ? [workerSharesText(by)] : [])].join("; "),
  ]);
  return [
    `run ${id}: ${outcome}`,
    `began ${moment(begin)}, took ${duration(secondsOf(run))}; mesoflow ${versions.mesoflow}, node ${versions.node}`,
    `of ${counted(revision.targets.length, "target")}`,
    "",
    table(["stage", "ending", "took", "why"], lines, ["took"]),
  ].join("\n");
}

function differenceText({ stage, before, after, reasons, output }: StageDifference): string[] {
  const hash = (key: string | undefined) => (key === undefined ? "nothing" : short(key));
  const why = reasons === "unknown" ? ["from what is not remembered"] : reasons.map(plainReasonText);
  const what =
    output === "equal"
      ? ["the same output"]
      : output === "unknown"
        ? [`output ${hash(before?.content)} → ${hash(after?.content)}`]
        : differenceLines(output);
  return [stage, ...[...why, ...what].map((line) => `  ${line}`)];
}
