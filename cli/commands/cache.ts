import type { Entry } from "../../pipeline/index.ts";
import type { ExitStatus, Options } from "../options.ts";
import { counted, duration, moment, short, size } from "../present/format.ts";
import { print, printJson } from "../present/print.ts";
import { table } from "../present/table.ts";
import { withStore } from "../session.ts";

/** `mesoflow cache ls`: every result, newest first. */
export function list(options: Options): Promise<ExitStatus> {
  return withStore(options, { readOnly: true }, async (open) => {
    const entries = open()
      .entries()
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
