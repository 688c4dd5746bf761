import type { CachedNode } from "../inspect/cache-listing.ts";
import { counted, duration, moment, short, size } from "../output/format.ts";
import { table } from "../output/table.ts";

/** A line a result, and one for all chunks of a grid. */
export function cacheListingText(holdings: readonly CachedNode[]): string {
  const lines = holdings.map(({ stage, what, bytes, seconds, at }) => [
    stage,
    ...("key" in what
      ? [short(what.key), short(what.content)]
      : [counted(what.chunks, "chunk") + evictedText(what.evicted), counted(what.points, "point")]),
    size(bytes),
    duration(seconds),
    moment(at),
  ]);
  return table(["stage", "key", "content", "size", "took", "when"], lines, ["size", "took"]);
}

const evictedText = (evicted: number): string => (evicted > 0 ? `, ${evicted} evicted` : "");
