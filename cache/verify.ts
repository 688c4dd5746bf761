import { setImmediate } from "node:timers/promises";
import { hash, keyOf } from "../pipeline/inspect.ts";
import type { Damage, Result } from "../pipeline/testing.ts";
import { blobsOf } from "./codec.ts";
import type { LocalStore } from "./local-store.ts";
import { partRow } from "./rows.ts";
import { sampleOf } from "./sample.ts";
import { type Tables, textTables } from "./tables.ts";

/** How much is verified. */
export interface VerifyOptions {
  /** The fraction of all entries that is looked at, 0 to 1; all unless given. */
  readonly sample?: number;
  /** Which ones a sample holds. */
  readonly seed?: string;
  /** Told now and then; 0 to 1. */
  readonly progress?: (fraction: number) => void;
}

/** Something that is not what it should be. What is damaged is in quarantine from then on, and never served. */
export type Finding =
  /** An artifact whose manifest or arrays are not what their hashes say; `stage` made it, if any did. */
  | { readonly kind: "artifact"; readonly content: string; readonly stage?: string; readonly what: string }
  /** An entry of another table that is no JSON, or a result that is not its key's. */
  | { readonly kind: "entry"; readonly table: keyof Tables; readonly key: string; readonly what: string }
  /** A row of the index of grids' chunks that was missing or names none; it is mended. */
  | { readonly kind: "index"; readonly row: string; readonly what: string }
  /** Bytes that no artifact refers to: harmless, a collection frees them. */
  | { readonly kind: "orphan"; readonly hash: string; readonly bytes: number };

/** What a verification has found. */
export interface Verification {
  readonly findings: readonly Finding[];
  /** How much was looked at. */
  readonly entries: number;
  readonly artifacts: number;
  readonly bytes: number;
  /** Results of which only the description is left. */
  readonly evicted: number;
}

/**
 * Reads entries, artifacts and their arrays and holds them against their hashes. What is damaged is put in
 * quarantine where the store can be written, and reported. Others may use the store meanwhile.
 *
 * @throws StoreError where the store cannot be read
 */
export async function verify(store: LocalStore, options: VerifyOptions = {}): Promise<Verification> {
  const { sample = 1, seed = "", progress = () => {} } = options;
  const { tables } = store;
  const findings: Finding[] = [];
  const stages = new Map<string, string>();
  const entries = entriesOf(tables);
  const chosen = sampleOf(entries, sample, seed, ({ table, key }) => `${table}/${key}`);
  for (const { table, key } of chosen) {
    const text = tables[table].get(key);
    const what = text === undefined ? undefined : faultOf(tables, table, key, text);
    if (what === undefined || !discard(store, table, key, what)) continue;
    findings.push(
      table === "parts" ? { kind: "index", row: key, what } : { kind: "entry", table, key, what },
    );
  }
  let evicted = 0;
  for (const result of tables.results.values().flatMap(asResult)) {
    const { content, preImage } = result;
    stages.set(content, preImage.stage);
    if (!tables.artifacts.has(content) && !store.damage(content)) evicted++;
    const row = indexed(tables, result);
    if (row !== undefined)
      findings.push({ kind: "index", row, what: "a chunk of a grid was not in the index" });
  }

  const contents = sampleOf(tables.artifacts.keys(), sample, seed, (content) => content);
  const checker = new Checker(store);
  for (const [index, content] of contents.entries()) {
    const what = checker.faultOf(content);
    if (what !== undefined) {
      const stage = stages.get(content);
      // Loading looks again where nobody writes, puts it in quarantine, and throws; or it has been healed.
      const isDamaged = await store.load(content).then(
        () => false,
        () => true,
      );
      if (isDamaged)
        findings.push({ kind: "artifact", content, ...(stage !== undefined && { stage }), what });
    }
    progress((index + 1) / contents.length);
    await setImmediate();
  }
  if (sample >= 1) findings.push(...orphansOf(tables));
  return { findings, entries: chosen.length, artifacts: contents.length, bytes: checker.bytes, evicted };
}

type TextTable = Exclude<(typeof textTables)[number], "artifacts">;

const entriesOf = (tables: Tables): { table: TextTable; key: string }[] =>
  textTables
    .filter((table) => table !== "artifacts")
    .flatMap((table) => tables[table].keys().map((key) => ({ table, key })));

/** What is wrong with an entry, if anything is. */
function faultOf(tables: Tables, table: TextTable, key: string, text: string): string | undefined {
  if (table === "parts") return isIndexOf(tables, key) ? undefined : "it names no chunk that is remembered";
  let row: unknown;
  try {
    row = JSON.parse(text);
  } catch {
    return "it is no JSON";
  }
  if (table !== "results") return undefined;
  const { key: own, preImage } = row as Result;
  try {
    return own === key && keyOf(preImage) === key ? undefined : "it is not what its key was made of";
  } catch {
    return "it does not say what it was computed from";
  }
}

/** Whether a row of `parts` stands for a result that is a chunk of grids over its base. */
function isIndexOf({ results }: Tables, row: string): boolean {
  const [base, key = ""] = row.split(" ");
  const [result] = asResult(results.get(key) ?? "");
  return result !== undefined && result.partOf === base;
}

/** Puts a chunk that the index of its grids lacks back into it, where the store can be written; gives its row then. */
function indexed(tables: Tables, { key, partOf }: Result): string | undefined {
  if (partOf === undefined || tables.parts.has(partRow(partOf, key))) return undefined;
  const row = partRow(partOf, key);
  try {
    return tables.transaction(() => {
      // Freed or put there meanwhile.
      if (!tables.results.has(key) || tables.parts.has(row)) return undefined;
      tables.parts.put(row, "");
      return row;
    });
  } catch {
    return row;
  }
}

/** Takes a bad entry out, if it still is bad; in a store that is only read it stays. */
function discard({ tables, now }: LocalStore, table: TextTable, key: string, what: string): boolean {
  try {
    return tables.transaction(() => {
      const text = tables[table].get(key);
      if (text === undefined || faultOf(tables, table, key, text) === undefined) return false;
      tables[table].delete(key);
      if (table === "parts") return true; // an index holds nothing to be lost
      const damage: Damage = { hash: key, found: new Date(now()).toISOString(), what: `${table}: ${what}` };
      if (table !== "quarantine") tables.quarantine.put(key, JSON.stringify(damage));
      return true;
    });
  } catch {
    return true;
  }
}

function asResult(text: string): Result[] {
  try {
    const result = JSON.parse(text) as Result;
    return [result];
  } catch {
    return []; // reported already, or not in the sample
  }
}

/** Holds artifacts against their hashes; bytes that several share are read once. */
class Checker {
  readonly #store: LocalStore;
  readonly #sound = new Set<string>();
  bytes = 0;

  constructor(store: LocalStore) {
    this.#store = store;
  }

  faultOf(content: string): string | undefined {
    const { artifacts, blobs } = this.#store.tables;
    const manifest = artifacts.get(content);
    // It was freed meanwhile, or is in quarantine because of what it shares with another.
    if (manifest === undefined) return this.#store.damage(content)?.what;
    this.bytes += Buffer.byteLength(manifest);
    if (hash(manifest) !== content) return "its manifest does not match its hash";
    for (const [blob, length] of blobsOf(manifest)) {
      if (this.#sound.has(blob)) continue;
      const bytes = blobs.get(blob);
      if (bytes === undefined) return `the bytes ${blob} are missing`;
      this.bytes += bytes.length;
      if (bytes.length !== length || hash(bytes) !== blob) return `the bytes ${blob} do not match their hash`;
      this.#sound.add(blob);
    }
    return undefined;
  }
}

/** What no manifest refers to, of all that were there before the manifests were read. */
function orphansOf({ artifacts, blobs }: Tables): Finding[] {
  const stored = blobs.keys();
  const needed = new Set(artifacts.values().flatMap(referredIn));
  return stored.flatMap((blob): Finding[] => {
    const bytes = needed.has(blob) ? undefined : blobs.get(blob)?.length;
    return bytes === undefined ? [] : [{ kind: "orphan", hash: blob, bytes }];
  });
}

function referredIn(manifest: string): string[] {
  try {
    return [...blobsOf(manifest).keys()];
  } catch {
    return []; // a damaged manifest refers to nothing
  }
}
