/**
 * Text or bytes by key. `put` and `delete` may be called only inside a transaction. Lists are in the order of
 * the keys' UTF-8 bytes. Any text may be a key; one that is empty, has control characters or more than 500 code
 * units may be listed as its hash.
 */
export interface Table<V extends string | Uint8Array> {
  /** Bytes are a copy that belongs to the caller, in an ArrayBuffer of their own. */
  get(key: string): V | undefined;
  /** Whether there is such a key. */
  has(key: string): boolean;
  /** Takes the place of what was there. */
  put(key: string, value: V): void;
  /** Nothing happens where there is no such key. */
  delete(key: string): void;
  /** The keys that begin with `prefix`: all of them unless given. */
  keys(prefix?: string): string[];
  /** The keys that begin with `prefix`, each with its value. */
  entries(prefix?: string): [key: string, value: V][];
  /** All values. */
  values(): V[];
}

/**
 * What a store needs of the place where it lives: tables that are written together. Methods throw
 * `StoreError` where the place cannot be read or written.
 */
export interface Tables {
  /** Key → result, as JSON. */
  readonly results: Table<string>;
  /** Content hash → manifest. */
  readonly artifacts: Table<string>;
  /** Hash → bytes of one array. */
  readonly blobs: Table<Uint8Array>;
  /** Base of grids, a space, key of a chunk → nothing. */
  readonly parts: Table<string>;
  /** Node name → trail, as JSON. */
  readonly trails: Table<string>;
  /** Key → lease of who computes its result, as JSON. */
  readonly leases: Table<string>;
  /** Run id → what the run was and did, as JSON. */
  readonly runs: Table<string>;
  /** Hash of a stage's code → `files` of its fingerprint, as JSON. */
  readonly codes: Table<string>;
  /** Owner's id → what its run needs, as JSON. */
  readonly tenants: Table<string>;
  /** Name → pin, as JSON. */
  readonly pins: Table<string>;
  /** Hash of what was found damaged → `Damage`, as JSON. */
  readonly quarantine: Table<string>;
  /** Does all writes of `action` or, if it throws, none; they are durable when this returns. */
  transaction<T>(action: () => T): T;
  /** Bytes that the tables take where they live. */
  allocated(): number;
  /** Nothing may be asked of them any more. */
  close(): Promise<void>;
}

/** The tables that hold text. */
export const textTables = [
  "results",
  "artifacts",
  "parts",
  "trails",
  "leases",
  "runs",
  "codes",
  "tenants",
  "pins",
  "quarantine",
] as const satisfies readonly (keyof Tables)[];
