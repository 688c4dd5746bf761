import { closeSync, existsSync, mkdirSync, openSync, readSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { type Database, open, type RangeOptions, type RootDatabase } from "lmdb";
import { StoreError } from "../pipeline/index.ts";
import { hash } from "../pipeline/inspect.ts";
import { unlessCompacting } from "./compaction-lock.ts";
import { LocalStore } from "./local-store.ts";
import { memoryTables } from "./memory-store.ts";
import { storeErrorOf } from "./store-error.ts";
import { type Table, type Tables, textTables } from "./tables.ts";

/**
 * Raised when programs of today could not read what those of tomorrow write. 1: results, artifacts, blobs, trails;
 * 2: also leases, runs, pins, quarantine.
 */
const SCHEMA = 2;

/** How a store is opened. */
export interface OpenOptions {
  /** Nothing is made or written; a folder without a store reads as an empty one. */
  readonly readOnly?: boolean;
}

/**
 * The store that lives in a folder, made if missing. Any number of processes and threads may have it open.
 * Writes are transactions on the disk before their promises resolve: kill -9 loses none of them.
 *
 * @throws StoreError where the folder cannot be made, read or written, or a newer mesoflow wrote it
 */
export function openStore(folder: string, { readOnly = false }: OpenOptions = {}): LocalStore {
  return new LocalStore(folderTables(folder, { readOnly }));
}

/** The tables of such a store. */
export function folderTables(path: string, { readOnly = false }: OpenOptions = {}): Tables {
  const folder = resolve(path);
  const guard: Guard = (action) => {
    try {
      return action();
    } catch (thrown) {
      throw storeErrorOf(thrown, folder, readOnly ? "read" : "write");
    }
  };
  const refuse = (): never => {
    throw new StoreError(`The cache folder ${folder} was opened only to be read.`);
  };
  const file = join(folder, "data.mdb");
  return guard(() => {
    if (readOnly && sizeOf(file) === 0) return { ...memoryTables(), transaction: refuse };
    makeFolder(folder);
    refuseForeign(file, folder);
    return unlessCompacting(folder, () => {
      // Without overlappingSync a commit is on the disk when it returns.
      const root = open({
        path: folder,
        noSubdir: false,
        overlappingSync: false,
        cache: false,
        maxDbs: 32,
        readOnly,
      });
      migrate(root, folder, readOnly);
      const texts = textTables.map((name) => [name, tableOf<string>(root, name, "string", guard)] as const);
      const tables: Tables = {
        ...(Object.fromEntries(texts) as Record<(typeof textTables)[number], Table<string>>),
        blobs: tableOf<Uint8Array>(root, "blobs", "binary", guard),
        // Synchronous: the asynchronous kind prints failures of its own accord and keeps what came before a throw.
        transaction: <T>(action: () => T): T =>
          readOnly ? refuse() : guard(() => root.transactionSync(action)),
        allocated: () => guard(() => sizeOf(file)),
        close: () => root.close(),
      };
      tables.runs.has("-"); // who has read since the last table was opened stands among LMDB's readers
      return tables;
    });
  });
}

type Guard = <T>(action: () => T) => T;

function tableOf<V extends string | Uint8Array>(
  root: RootDatabase,
  name: string,
  encoding: "string" | "binary",
  guard: Guard,
): Table<V> {
  // Undefined where a store that is only read was left without this table.
  const database: Database<V, string> | undefined = root.openDB<V, string>({ name, encoding });
  /** What begins with `prefix` stands together, from the prefix itself on. */
  const range = <T>(
    prefix: string,
    read: (range: RangeOptions) => Iterable<T>,
    keyOf: (item: T) => string,
  ): T[] => {
    const found: T[] = [];
    for (const item of read(prefix === "" ? {} : { start: prefix })) {
      if (!keyOf(item).startsWith(prefix)) break;
      found.push(item);
    }
    return found;
  };
  const keys = (prefix = "") =>
    range(
      prefix,
      (from) => database?.getKeys(from) ?? [],
      (key) => key,
    );
  const entries = (prefix = "") =>
    range(
      prefix,
      (from) => database?.getRange(from) ?? [],
      ({ key }) => key,
    );
  return {
    get: (key) => guard(() => database?.get(fitting(key))),
    has: (key) => guard(() => database?.doesExist(fitting(key)) ?? false),
    put: (key, value) => guard(() => void database?.putSync(fitting(key), storable(value))),
    delete: (key) => guard(() => void database?.removeSync(fitting(key))),
    keys: (prefix) => guard(() => keys(prefix)),
    entries: (prefix) => guard(() => entries(prefix).map(({ key, value }) => [key, value])),
    values: () => guard(() => entries().map(({ value }) => value)),
  };
}

/** Bytes of one value: more than a signed 32-bit length says is not known to come back whole. */
const LARGEST = 2 ** 31 - 1;

function storable<V extends string | Uint8Array>(value: V): V {
  if (value.length <= LARGEST) return value;
  throw new StoreError(
    `An array of ${value.length} bytes is too large for the cache, which takes at most ${LARGEST} of one array: make several of it.`,
  );
}

/**
 * A key as LMDB can hold it and give it back: at most 1,978 bytes, of which UTF-8 takes up to three for a code
 * unit, and without the control characters that lmdb's encoding of keys uses itself.
 */
function fitting(key: string): string {
  if (key === "" || /[\p{Cc}\p{Cs}]/u.test(key)) return hash(JSON.stringify(key));
  return key.length <= 500 ? key : hash(key);
}

/** Refuses what a newer program wrote; an older store is of this schema as soon as its new tables are made. */
function migrate(root: RootDatabase, folder: string, readOnly: boolean): void {
  const meta: Database<string, string> | undefined = root.openDB<string, string>({
    name: "meta",
    encoding: "string",
  });
  const schema = Number(meta?.get("schema") ?? 0);
  if (schema > SCHEMA) {
    void root.close();
    throw new StoreError(`The cache folder ${folder} was written by a newer mesoflow.`, {
      fault: { what: "cache", folder, reason: "newer" },
    });
  }
  if (schema < SCHEMA && !readOnly) meta?.putSync("schema", String(SCHEMA));
}

/** `mkdirSync` with `recursive` never returns where a parent refuses new folders with ENOENT, as /proc does. */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  makeFolder(dirname(folder));
  try {
    mkdirSync(folder);
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== "EEXIST") throw thrown; // made by another process meanwhile
  }
}

/** Bytes, 0 for a file that is not there. */
const sizeOf = (file: string): number => statSync(file, { throwIfNoEntry: false })?.size ?? 0;

/** LMDB crashes the process where its file holds something else, as after a copy that was broken off. */
function refuseForeign(file: string, folder: string): void {
  if (sizeOf(file) === 0) return;
  const needed = bytesInUse(file);
  // Asked for only now: another process may have made the file longer, and said so, since it was first looked at.
  const size = sizeOf(file);
  // The very last pages may never have been written, so a file is cut short only where much of it is missing.
  if (size >= 0.75 * needed) return;
  throw new StoreError(`The cache folder ${folder} is damaged.`, {
    fault: { what: "cache", folder, reason: "damaged" },
  });
}

/**
 * How long LMDB's two meta pages say that its file is; infinitely long where there are none. After the magic number
 * a meta page tells the size of pages (byte 24) and the last one in use (byte 120).
 */
function bytesInUse(file: string): number {
  const descriptor = openSync(file, "r");
  const pageAt = (position: number) => {
    const page = Buffer.alloc(256);
    return readSync(descriptor, page, { position }) === page.length ? page : Buffer.alloc(0);
  };
  try {
    const first = pageAt(0);
    const meta = first.indexOf(Buffer.from([0xde, 0xc0, 0xef, 0xbe]));
    if (meta < 0) return Number.POSITIVE_INFINITY;
    const pageSize = first.readUInt32LE(meta + 24);
    const second = pageAt(pageSize);
    if (second.length === 0) return Number.POSITIVE_INFINITY;
    const last = [first, second].map((page) => Number(page.readBigUInt64LE(meta + 120)));
    return (Math.max(...last) + 1) * pageSize;
  } finally {
    closeSync(descriptor);
  }
}
