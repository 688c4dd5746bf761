import { StoreError } from "../pipeline/index.ts";
import type { Result } from "../pipeline/testing.ts";
import type { Table, Tables } from "./tables.ts";

/** A row of a table of JSON; throws StoreError where it is none. */
export function rowOf<T>(table: Table<string>, key: string): T | undefined {
  const text = table.get(key);
  return text === undefined ? undefined : parsed<T>(text);
}

/** All rows of a table of JSON, in the order of their keys; throws StoreError where one is no JSON. */
export const rowsOf = <T>(table: Table<string>): T[] => table.entries().map(([, text]) => parsed<T>(text));

/** All results, also of those whose artifacts are gone. */
export const resultsIn = ({ results }: Pick<Tables, "results">): Result[] => rowsOf<Result>(results);

/** The row of the table `parts` for a chunk, of this key, of grids over this base. */
export const partRow = (base: string, key: string): string => `${base} ${key}`;

function parsed<T>(text: string): T {
  try {
    return JSON.parse(text) as T;
  } catch {
    throw new StoreError("The cache is damaged: one of its entries is no JSON.", {
      fault: { what: "entry" },
    });
  }
}
