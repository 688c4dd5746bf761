import { closeSync, existsSync, mkdirSync, openSync, readSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { type Database, open, type RootDatabase } from "lmdb";
import { hash, type Store, StoreError } from "../pipeline/index.ts";
import { memoryTables } from "./memory-store.ts";
import { storeErrorOf } from "./store-error.ts";
import { TableStore } from "./table-store.ts";
import type { Table, Tables } from "./tables.ts";

/** Raised when programs of today could not read what those of tomorrow write. */
const SCHEMA = 1;

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
export function openStore(folder: string, { readOnly = false }: OpenOptions = {}): Store {
  return new TableStore(tablesIn(resolve(folder), readOnly));
}

function tablesIn(folder: string, readOnly: boolean): Tables {
  const guard: Guard = (action) => {
    try {
      return action();
    } catch (thrown) {
      throw storeErrorOf(thrown, folder, readOnly ? "read" : "write");
    }
  };
  const refuse = () => {
    throw new StoreError(`The cache folder ${folder} was opened only to be read.`);
  };
  const file = join(folder, "data.mdb");
  return guard(() => {
    if (readOnly && sizeOf(file) === 0) return { ...memoryTables(), transaction: refuse };
    makeFolder(folder);
    refuseForeign(file, folder);
    // Without overlappingSync a commit is on the disk when it returns.
    const root = open({ path: folder, noSubdir: false, overlappingSync: false, cache: false, readOnly });
    checkSchema(root, folder, readOnly);
    return {
      results: tableOf<string>(root, "results", "string", guard),
      artifacts: tableOf<string>(root, "artifacts", "string", guard),
      blobs: tableOf<Uint8Array>(root, "blobs", "binary", guard),
      trails: tableOf<string>(root, "trails", "string", guard),
      // Synchronous: the asynchronous kind prints failures of its own accord and keeps what came before a throw.
      transaction: readOnly ? refuse : (action: () => void) => guard(() => root.transactionSync(action)),
      allocated: () => guard(() => sizeOf(file)),
      close: () => root.close(),
    };
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
  return {
    get: (key) => guard(() => database?.get(fitting(key))),
    put: (key, value) => guard(() => database?.putSync(fitting(key), value)),
    values: () => guard(() => Array.from(database?.getRange() ?? [], ({ value }) => value)),
  };
}

/** LMDB keys are at most 1,978 bytes, and UTF-8 takes up to three for a code unit. */
const fitting = (key: string): string => (key.length <= 500 ? key : hash(key));

function checkSchema(root: RootDatabase, folder: string, readOnly: boolean): void {
  const meta: Database<string, string> | undefined = root.openDB<string, string>({
    name: "meta",
    encoding: "string",
  });
  const schema = meta?.get("schema");
  if (schema === undefined && !readOnly) meta?.putSync("schema", String(SCHEMA));
  if (Number(schema ?? SCHEMA) <= SCHEMA) return;
  void root.close();
  throw new StoreError(
    `The cache folder ${folder} was written by a newer mesoflow; update mesoflow or choose another with --cache DIR.`,
  );
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
  const head = Buffer.alloc(64);
  const descriptor = openSync(file, "r");
  readSync(descriptor, head);
  closeSync(descriptor);
  const magic = Buffer.from([0xde, 0xc0, 0xef, 0xbe]);
  if (!head.includes(magic)) {
    throw new StoreError(
      `The cache folder ${folder} is damaged; delete it or choose another with --cache DIR.`,
    );
  }
}
