import { History } from "../../cache/index.ts";
import type { Entry } from "../../pipeline/index.ts";
import type { ExitStatus, Options } from "../options.ts";
import { counted, duration, moment, short, size } from "../present/format.ts";
import { print, printJson } from "../present/print.ts";
import { table } from "../present/table.ts";
import { ageGiven, sizeGiven } from "../quantities.ts";
import { withStore } from "../session.ts";
import { matches } from "../targets.ts";
import { runNamed } from "./history.ts";

/** `mesoflow cache ls`: every result, newest first. */
export function list(options: Options): Promise<ExitStatus> {
  const older = ageGiven("older-than", options.olderThan);
  const larger = sizeGiven("larger-than", options.largerThan) ?? Number.NEGATIVE_INFINITY;
  const before = older === undefined ? Number.POSITIVE_INFINITY : Date.now() - older * 1000;
  return withStore(options, { readOnly: true }, async (open) => {
    const store = open();
    const keys = options.run === undefined ? undefined : keysOf(options.run, new History(store.tables));
    const entries = store
      .entries()
      .filter(({ key, preImage, bytes, at }) => {
        if (keys && !keys.has(key)) return false;
        return isNamed(preImage.stage, options.names) && bytes > larger && Date.parse(at) < before;
      })
      .sort((a, b) => (a.at < b.at ? 1 : -1));
    if (options.json) {
      for (const entry of entries) printJson(facts(entry));
      printJson({ event: "cache", folder: options.cache, results: entries.length });
    } else if (entries.length === 0) print(`no results in ${options.cache}`);
    else
      print(
        table(["stage", "key", "content", "size", "took", "when"], entries.map(columns), ["size", "took"]),
      );
    return 0;
  });
}

const isNamed = (stage: string, patterns: readonly string[]): boolean =>
  patterns.length === 0 || patterns.some((pattern) => matches(stage, pattern));

const keysOf = (run: string, known: History): Set<string> =>
  new Set(runNamed(run, known).stages.flatMap(({ key }) => key ?? []));

const facts = ({ key, content, preImage, bytes, seconds, at, where }: Entry): object => ({
  stage: preImage.stage,
  ...{ key, content, bytes, seconds, at, where },
});

const columns = ({ key, content, preImage, bytes, seconds, at }: Entry): string[] => [
  preImage.stage,
  short(key),
  short(content),
  size(bytes),
  duration(seconds),
  moment(at),
];

/** `mesoflow cache stats` */
export function stats(options: Options): Promise<ExitStatus> {
  return withStore(options, { readOnly: true }, async (open) => {
    const { results, artifacts, bytes, allocated, seconds } = open().stats();
    if (options.json) {
      printJson({ event: "cache", folder: options.cache, results, artifacts, bytes, allocated, seconds });
    } else {
      print(
        `${options.cache}: ${counted(results, "result")}, ${counted(artifacts, "artifact")} with their sources`,
      );
      print(`  ${size(bytes)} of results, ${size(allocated)} on disk`);
      print(`  ${duration(seconds)} of computing`);
    }
    return 0;
  });
}
