import { History } from "../../cache/index.ts";
import { ageGiven, sizeGiven } from "../configuration/quantities.ts";
import { type CachedNode, cacheListingOf } from "../inspect/cache-listing.ts";
import type { ExitStatus, Options } from "../options.ts";
import { counted, duration, size } from "../output/format.ts";
import { print, printJson } from "../output/print.ts";
import { cacheListingText } from "../present/cache-listing.ts";
import { withStore } from "../session/session.ts";
import { matches } from "../session/targets.ts";
import { runNamed } from "./history.ts";

/** `mesoflow cache ls`: every result, newest first; chunks of grids in one line a grid. */
export function list(options: Options): Promise<ExitStatus> {
  const older = ageGiven("older-than", options.olderThan);
  const larger = sizeGiven("larger-than", options.largerThan) ?? Number.NEGATIVE_INFINITY;
  const before = older === undefined ? Number.POSITIVE_INFINITY : Date.now() - older * 1000;
  return withStore(options, { readOnly: true }, async (open) => {
    const store = open();
    const keys = options.run === undefined ? undefined : keysOf(options.run, new History(store.tables));
    const holdings = cacheListingOf(store.entries().filter(({ key }) => !keys || keys.has(key)))
      .filter(
        ({ stage, bytes, at }) => isNamed(stage, options.names) && bytes > larger && Date.parse(at) < before,
      )
      .sort((a, b) => (a.at < b.at ? 1 : -1));
    if (options.json) {
      for (const holding of holdings) printJson(facts(holding));
      printJson({ event: "cache", folder: options.cache, results: holdings.length });
    } else if (holdings.length === 0) print(`no results in ${options.cache}`);
    else print(cacheListingText(holdings));
    return 0;
  });
}

const isNamed = (stage: string, patterns: readonly string[]): boolean =>
  patterns.length === 0 || patterns.some((pattern) => matches(stage, pattern));

const keysOf = (run: string, known: History): Set<string> =>
  new Set(runNamed(run, known).stages.flatMap(({ key }) => key ?? []));

const facts = ({ stage, bytes, seconds, at, what }: CachedNode): object =>
  "key" in what
    ? { stage, ...{ key: what.key, content: what.content, bytes, seconds, at, where: what.where } }
    : { stage, ...what, bytes, seconds, at };

/** `mesoflow cache stats` */
export function stats(options: Options): Promise<ExitStatus> {
  return withStore(options, { readOnly: true }, async (open) => {
    const { results, chunks, artifacts, bytes, allocated, seconds } = open().stats();
    if (options.json) {
      printJson({
        event: "cache",
        folder: options.cache,
        ...{ results, chunks, artifacts },
        bytes,
        allocated,
        seconds,
      });
    } else {
      const parts = chunks > 0 ? `, ${counted(chunks, "chunk")} of grids` : "";
      print(
        `${options.cache}: ${counted(results, "result")}${parts}, ${counted(artifacts, "artifact")} with their sources`,
      );
      print(`  ${size(bytes)} of results, ${size(allocated)} on disk`);
      print(`  ${duration(seconds)} of computing`);
    }
    return 0;
  });
}
