import { StoreError } from "../pipeline/index.ts";
import type { LocalStore } from "./local-store.ts";
import { Pins } from "./pins.ts";
import { ReferenceCounts } from "./reference-counts.ts";
import { partRow, resultsIn } from "./rows.ts";
import { textTables } from "./tables.ts";

/** What went. */
export interface Clearing {
  readonly results: number;
  /** Of artifacts. */
  readonly bytes: number;
}

/**
 * Removes everything but what is pinned, the history and the descriptions of freed results included.
 *
 * @throws StoreError where runs are under way
 */
export async function clear({ tables, retentions, leases }: LocalStore): Promise<Clearing> {
  return tables.transaction(() => {
    const pids = retentions.living().map(({ owner }) => owner.pid);
    if (pids.length > 0 || leases.living().length > 0) {
      const who =
        pids.length > 0 ? `process ${[...new Set(pids)].join(", ")} runs` : "a stage is being computed";
      throw new StoreError(`The cache cannot be cleared while ${who} on it.`);
    }
    const pinned = new Set(new Pins(tables).all().map(({ content }) => content));
    const results = resultsIn(tables);
    const counts = new ReferenceCounts(tables, results);
    const before = counts.bytes;
    for (const stored of counts.all()) {
      if (pinned.has(stored.content)) continue;
      counts.free(stored);
      tables.artifacts.delete(stored.content);
    }
    for (const blob of tables.blobs.keys()) if (!counts.needs(blob)) tables.blobs.delete(blob);
    const gone = results.filter(({ content }) => !pinned.has(content));
    for (const { key } of gone) tables.results.delete(key);
    for (const name of textTables) {
      if (name === "results" || name === "artifacts" || name === "pins") continue;
      for (const key of tables[name].keys()) tables[name].delete(key);
    }
    for (const { key, partOf, content } of results) {
      if (partOf !== undefined && pinned.has(content)) tables.parts.put(partRow(partOf, key), "");
    }
    return { results: gone.length, bytes: before - counts.bytes };
  });
}
