import { LocalStore } from "./local-store.ts";
import { type Table, type Tables, textTables } from "./tables.ts";

/** A store that is gone with the process: for tests, and for runs that are to leave nothing behind. */
export const memoryStore = (now?: () => number): LocalStore => new LocalStore(memoryTables(), now);

/** Empty tables in memory. */
export function memoryTables(): Tables {
  const texts = textTables.map((name) => [name, tableIn<string>((text) => text)] as const);
  const tables = {
    ...(Object.fromEntries(texts) as Record<(typeof textTables)[number], Table<string>>),
    blobs: tableIn((bytes: Uint8Array) => new Uint8Array(bytes)),
  };
  return {
    ...tables,
    transaction: (action) => action(), // a store's transactions throw before their first write or not at all
    allocated: () => {
      const all = Object.values(tables).flatMap((table): (string | Uint8Array)[] => table.values());
      return all.reduce((sum, value) => sum + Buffer.byteLength(value), 0);
    },
    async close() {},
  };
}

/** What is put and what is got are copies: nobody else may change what is stored. */
function tableIn<V extends string | Uint8Array>(copy: (value: V) => V): Table<V> {
  const held = new Map<string, V>();
  const keys = (prefix = "") =>
    [...held.keys()]
      .filter((key) => key.startsWith(prefix))
      .sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  const get = (key: string) => {
    const value = held.get(key);
    return value === undefined ? undefined : copy(value);
  };
  return {
    get,
    keys,
    has: (key) => held.has(key),
    put: (key, value) => void held.set(key, copy(value)),
    delete: (key) => void held.delete(key),
    entries: (prefix) => keys(prefix).map((key) => [key, get(key)!]),
    values: () => [...held.values()],
  };
}
