import type { Store } from "../pipeline/index.ts";
import { TableStore } from "./table-store.ts";
import type { Table, Tables } from "./tables.ts";

/** A store that is gone with the process: for tests, and for runs that are to leave nothing behind. */
export const memoryStore = (): Store => new TableStore(memoryTables());

/** Empty tables in memory. */
export function memoryTables(): Tables {
  const tables = {
    results: tableIn<string>(new Map()),
    artifacts: tableIn<string>(new Map()),
    blobs: tableIn<Uint8Array>(new Map()),
    trails: tableIn<string>(new Map()),
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

function tableIn<V extends string | Uint8Array>(entries: Map<string, V>): Table<V> {
  return {
    get: (key) => entries.get(key),
    put: (key, value) => void entries.set(key, value),
    values: () => [...entries.values()],
  };
}
