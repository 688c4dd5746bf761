import type { Artifact } from "./artifact.ts";
import type { PreImage } from "./key.ts";

/** A remembered result: from what it was computed, what came out, and how. */
export interface Result {
  readonly key: string;
  readonly preImage: PreImage;
  /** Content hash of the artifact. */
  readonly content: string;
  /** How long the stage ran. */
  readonly seconds: number;
  /** When it finished, ISO 8601. */
  readonly at: string;
  /** What it ran on. */
  readonly where: { readonly host: string; readonly pid: number; readonly node: string };
}

/** The keys that a node had at its last run and, where that differs, before. */
export interface Trail {
  readonly key: string;
  readonly previous?: string;
}

/** A result with the size of its artifact. */
export interface Entry extends Result {
  readonly bytes: number;
}

export interface StoreStats {
  readonly results: number;
  readonly artifacts: number;
  /** Bytes of all distinct blobs and manifests. */
  readonly bytes: number;
  /** Bytes the store takes where it lives. */
  readonly allocated: number;
  /** Seconds of computing that the results stand for. */
  readonly seconds: number;
}

/**
 * Where results live: key → result, and content hash → artifact. Equal artifacts are stored once. Every
 * implementation passes the same behaviour tests. Methods throw `StoreError` when the store cannot be read
 * or written, never anything half-done.
 */
export interface Store {
  /** The content hash an artifact would have here; nothing is written. */
  identify(artifact: Artifact): string;
  /** Stores an artifact and returns its content hash. */
  save(artifact: Artifact): Promise<string>;
  /** An artifact by its content hash, its bytes checked against their hashes. */
  load(content: string): Promise<Artifact>;
  has(content: string): boolean;

  result(key: string): Result | undefined;
  /** Remembers a result; its artifact must be stored already. */
  record(result: Result): Promise<void>;

  /** The keys a node had last. */
  trail(name: string): Trail | undefined;
  /** Notes that a run has resolved a node to a key. */
  follow(name: string, key: string): Promise<void>;

  entries(): Entry[];
  stats(): StoreStats;
  close(): Promise<void>;
}
