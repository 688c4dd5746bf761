import type { LocalStore } from "./local-store.ts";
import { ReferenceCounts, type StoredArtifact } from "./reference-counts.ts";
import { Retentions } from "./retentions.ts";
import { type Keep, lastUses, reachable } from "./roots.ts";
import { partRow, resultsIn } from "./rows.ts";

/** What a collection may free. */
export interface CollectOptions extends Keep {
  /** Bytes of artifacts that may stay, more only if all of it must. */
  readonly maxBytes?: number;
  /** Seconds: what was neither computed nor used for longer goes. */
  readonly maxAge?: number;
  /** Only tells what would go. */
  readonly dryRun?: boolean;
}

/** An artifact that was freed. */
export interface Freed {
  readonly content: string;
  /** The nodes whose results had it; none for what a source held. */
  readonly stages: readonly string[];
  /** Those that nothing else shares by then. */
  readonly bytes: number;
  /** What computing its results again would take. */
  readonly seconds: number;
}

/** What a collection has freed, or would free. */
export interface Collection {
  readonly freed: readonly Freed[];
  readonly bytes: number;
  readonly seconds: number;
  /** Bytes of artifacts that stay. */
  readonly left: number;
  /** False where what must stay is more than `maxBytes`. */
  readonly fits: boolean;
}

/** Descriptions of freed results that stay, the newest: by them `why` can tell what was evicted. */
const TOMBSTONES = 10_000;

/**
 * Frees artifacts that nothing reaches (`reachable`), and what sources held once nothing stored was computed from
 * it. First what is older than `maxAge`; then what costs the fewest seconds a byte to compute again, the older
 * first of two alike, until `maxBytes` are met. A result's description outlives its artifact.
 *
 * All in one transaction: other processes may run meanwhile, and whatever they need is seen to be needed.
 */
export async function collectGarbage(store: LocalStore, options: CollectOptions = {}): Promise<Collection> {
  const { tables } = store;
  if (options.dryRun) return choose(store, options).collection;
  return tables.transaction(() => {
    const { collection, counts } = choose(store, options);
    for (const { content } of collection.freed) tables.artifacts.delete(content);
    for (const blob of tables.blobs.keys()) if (!counts.needs(blob)) tables.blobs.delete(blob);
    pruneTombstones(store);
    new Retentions(tables.tenants, store.now).sweep();
    return collection;
  });
}

/** Collects where the artifacts take more than `maxBytes`, down to nine tenths of that: not again at once. */
export async function limitSize(
  store: LocalStore,
  maxBytes: number,
  keep: Keep,
): Promise<Collection | undefined> {
  if (store.stats().bytes <= maxBytes) return undefined;
  return collectGarbage(store, { ...keep, maxBytes: 0.9 * maxBytes });
}

function choose(
  { tables, now }: LocalStore,
  options: CollectOptions,
): { readonly collection: Collection; readonly counts: ReferenceCounts } {
  const { maxBytes = Number.POSITIVE_INFINITY, maxAge = Number.POSITIVE_INFINITY } = options;
  const results = resultsIn(tables);
  const counts = new ReferenceCounts(tables, results);
  const kept = reachable(tables, results, options, now);
  const freed: Freed[] = [];
  const free = (stored: StoredArtifact): void => {
    const { bytes, unread } = counts.free(stored);
    const stages = [...new Set(stored.makers.map(({ preImage }) => preImage.stage))];
    freed.push({ content: stored.content, stages, bytes, seconds: stored.seconds });
    for (const source of unread) if (!kept.has(source.content)) free(source);
  };
  for (const source of counts.unread()) if (!kept.has(source.content)) free(source);

  const uses = lastUses(tables, results);
  const candidates = counts
    .all()
    .filter(({ content, makers }) => makers.length > 0 && !kept.has(content))
    .map((stored) => ({
      stored,
      used: lastUse(stored, uses),
      worth: stored.seconds / counts.shareOf(stored),
    }));
  candidates.sort((a, b) => a.worth - b.worth || (a.used < b.used ? -1 : 1));
  const isOld = ({ used }: { used: string }) => (now() - Date.parse(used)) / 1000 > maxAge;
  for (const { stored } of candidates.filter(isOld)) free(stored);
  for (const candidate of candidates) {
    if (counts.bytes <= maxBytes) break;
    if (!isOld(candidate)) free(candidate.stored);
  }
  return {
    counts,
    collection: {
      freed,
      bytes: freed.reduce((sum, { bytes }) => sum + bytes, 0),
      seconds: freed.reduce((sum, { seconds }) => sum + seconds, 0),
      left: counts.bytes,
      fits: counts.bytes <= maxBytes,
    },
  };
}

/** When an artifact was last computed or the outcome of a run, or gathered for one. */
function lastUse({ content, makers }: StoredArtifact, uses: ReadonlyMap<string, string>): string {
  const used = [content, ...makers.map(({ partOf }) => partOf)].flatMap((name) => uses.get(name ?? "") ?? []);
  return [...makers.map(({ at }) => at), ...used].reduce((last, time) => (time > last ? time : last));
}

/** Forgets the oldest descriptions of freed results, and code that no description names any more. */
function pruneTombstones({ tables }: LocalStore): void {
  const results = resultsIn(tables);
  const gone = results.filter(({ content }) => !tables.artifacts.has(content));
  gone.sort((a, b) => (a.at < b.at ? 1 : -1));
  for (const { key, partOf } of gone.slice(TOMBSTONES)) {
    tables.results.delete(key);
    // The index names every chunk that is described: one that was freed is known again if its bytes are.
    if (partOf !== undefined) tables.parts.delete(partRow(partOf, key));
  }
  const codes = new Set(results.map(({ preImage }) => preImage.code));
  for (const code of tables.codes.keys()) if (!codes.has(code)) tables.codes.delete(code);
}
