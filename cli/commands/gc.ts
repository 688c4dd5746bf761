import { type CollectOptions, collectGarbage } from "../../cache/index.ts";
import { liveSetOf } from "../../pipeline/inspect.ts";
import { ageGiven, countGiven, sizeGiven } from "../configuration/quantities.ts";
import type { ExitStatus, Options } from "../options.ts";
import { duration, short, size } from "../output/format.ts";
import { print, printJson } from "../output/print.ts";
import { table } from "../output/table.ts";
import { collectionText } from "../present/collection.ts";
import { withSession } from "../session/session.ts";

/** `mesoflow cache gc`: 1 where the limit cannot be met. */
export function gc(options: Options): Promise<ExitStatus> {
  const maxBytes = sizeGiven("max-size", options.maxSize);
  const maxAge = ageGiven("max-age", options.maxAge);
  const runs = countGiven("keep-runs", options.keepRuns);
  const { dryRun } = options;
  return withSession(options, { readOnly: dryRun }, async (session) => {
    const wanted: CollectOptions = {
      liveSet: liveSetOf(await session.plan(session.targets([]))),
      ...(maxBytes !== undefined && { maxBytes }),
      ...(maxAge !== undefined && { maxAge }),
      ...(runs !== undefined && { runs }),
      dryRun,
    };
    const collection = await collectGarbage(session.store, wanted);
    if (options.json) {
      for (const each of collection.freed) printJson({ event: dryRun ? "would-free" : "freed", ...each });
      const { freed, ...sums } = collection;
      printJson({ event: "summary", ...sums, freed: freed.length });
    } else {
      const rows = collection.freed.map(({ content, stages, bytes, seconds }) => [
        ...[stages.join(", ") || "(input)", short(content), size(bytes), duration(seconds)],
      ]);
      if (rows.length > 0) print(`${table(["stage", "content", "size", "took"], rows, ["size", "took"])}\n`);
      print(collectionText(collection, dryRun));
    }
    return collection.fits ? 0 : 1;
  });
}
