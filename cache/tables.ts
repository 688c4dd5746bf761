/** Text or bytes by key. `put` may be called only inside a transaction. */
export interface Table<V extends string | Uint8Array> {
  get(key: string): V | undefined;
  put(key: string, value: V): void;
  values(): V[];
}

/**
 * What a store needs of the place where it lives: four tables that are written together. Methods throw
 * `StoreError` where the place cannot be read or written.
 */
export interface Tables {
  /** Key → result, as JSON. */
  readonly results: Table<string>;
  /** Content hash → manifest. */
  readonly artifacts: Table<string>;
  /** Hash → bytes of one array. */
  readonly blobs: Table<Uint8Array>;
  /** Node name → trail, as JSON. */
  readonly trails: Table<string>;
  /** Does all writes of `action` or, if it throws, none; they are durable when this returns. */
  transaction(action: () => void): void;
  /** Bytes that the tables take where they live. */
  allocated(): number;
  close(): Promise<void>;
}
