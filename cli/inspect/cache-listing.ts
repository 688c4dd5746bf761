import type { StoredResult } from "../../pipeline/testing.ts";

/** What a line of `cache ls` tells of: a result, or all chunks of grids over one base. */
export interface CachedNode {
  readonly stage: string;
  readonly bytes: number;
  readonly seconds: number;
  /** When it was computed; of chunks, the last one. ISO 8601. */
  readonly at: string;
  readonly what: StoredResult | Chunks;
}

/** Chunks that grids of one stage, with the same code, parameters and inputs, have in common. */
export interface Chunks {
  readonly base: string;
  /** How many are stored, and how many are only described. */
  readonly chunks: number;
  readonly evicted: number;
  /** Of those that are stored. */
  readonly points: number;
}

/** The results of a store, chunks of grids taken together. */
export function cacheListingOf(entries: readonly StoredResult[]): CachedNode[] {
  const parts = new Map<string, StoredResult[]>();
  const holdings: CachedNode[] = [];
  for (const entry of entries) {
    const { partOf, preImage, bytes, seconds, at } = entry;
    if (partOf === undefined) holdings.push({ stage: preImage.stage, bytes, seconds, at, what: entry });
    else if (!parts.get(partOf)?.push(entry)) parts.set(partOf, [entry]);
  }
  for (const [base, chunks] of parts) {
    const stored = chunks.filter(({ bytes }) => bytes > 0);
    const points = stored.map(({ preImage }) => preImage.points?.rows.length ?? 0);
    holdings.push({
      stage: chunks[0]!.preImage.stage,
      bytes: sum(stored.map(({ bytes }) => bytes)),
      seconds: sum(chunks.map(({ seconds }) => seconds)),
      at: chunks.map(({ at }) => at).reduce((last, at) => (at > last ? at : last)),
      what: {
        ...{ base, chunks: stored.length, evicted: chunks.length - stored.length },
        points: sum(points),
      },
    });
  }
  return holdings;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
