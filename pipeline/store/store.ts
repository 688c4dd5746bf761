import type { Artifact } from "../artifact/artifact.ts";
import type { PreImage } from "../key/key.ts";
import type { LeaseHolder } from "./lease-holder.ts";
import type { LiveSet } from "./live-set.ts";

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
  /** Of a chunk of a grid: `baseOf` the grid. */
  readonly partOf?: string;
  /** What it ran on. */
  readonly where: { readonly host: string; readonly pid: number; readonly node: string };
}

/** The keys that a node had at its last run and, where that differs, before. */
export interface LastKeys {
  readonly key: string;
  readonly previous?: string;
}

/** A result with the size of its artifact. */
export interface StoredResult extends Result {
  readonly bytes: number;
}

/** What was found damaged: an artifact or the bytes of one of its arrays. Neither is stored any more. */
export interface Damage {
  readonly hash: string;
  /** ISO 8601. */
  readonly found: string;
  readonly what: string;
}

/** What became of the wish to compute a result. */
export type Claim =
  /** Who asked is to compute it, and to renew the lease meanwhile. */
  | { readonly state: "owned" }
  /** It is there by now. */
  | { readonly state: "known"; readonly result: Result }
  /** Another execution is at it. */
  | { readonly state: "held"; readonly owner: LeaseHolder };

/** How a result is committed. */
export interface CommitOptions {
  /** Whose lease covers the computation; it ends with the commit. */
  readonly owner?: LeaseHolder;
  /** The result takes the place of one that is there, as long as the owner still has the lease. */
  readonly replace?: boolean;
}

/** What a store holds. */
export interface StoreStats {
  /** Whole ones; `chunks` are those of parts of grids. */
  readonly results: number;
  readonly chunks: number;
  readonly artifacts: number;
  /** Bytes of all distinct blobs and manifests. */
  readonly bytes: number;
  /** Bytes the store takes where it lives. */
  readonly allocated: number;
  /** Seconds of computing that the results stand for; what chunks took counts once, not again in their grids. */
  readonly seconds: number;
}

/**
 * How long a claim or its renewal lasts, ms. Whoever is suspended for longer loses the lease, as does a stage
 * that for longer keeps the thread to itself which renews it.
 */
export const LEASE = 4_000;

/**
 * Where results live: key → result, and content hash → artifact. Equal artifacts are stored once. Every
 * implementation passes the same behaviour tests. Methods throw `StoreError` when the store cannot be read
 * or written, never anything half-done; what a method has written is durable when its promise resolves.
 */
export interface Store {
  /** The store's clock: ms since 1970. */
  now(): number;

  /** The content hash an artifact would have here; nothing is written. */
  identify(artifact: Artifact): string;
  /** Stores an artifact and returns its content hash. What is there is compared, not trusted: damage heals. */
  save(artifact: Artifact): Promise<string>;
  /**
   * An artifact by its content hash, its bytes checked against their hashes. What does not match is put in
   * quarantine, with every artifact that needs it: `has` is false then, and `damage` tells what was found.
   */
  load(content: string): Promise<Artifact>;
  /** Whether an artifact is stored. */
  has(content: string): boolean;
  /** What was found wrong with an artifact, until it is saved anew. */
  damage(content: string): Damage | undefined;

  /** What is known of a key's result, also when its artifact is gone. */
  result(key: string): Result | undefined;
  /** The content of a key's result if its artifact is stored: what makes a stage a hit. */
  lookup(key: string): string | undefined;
  /**
   * Stores an artifact, remembers the result and notes its key, as its node's last or, of a chunk, among the parts
   * of its grid, in one transaction, and gives the result that is remembered then. That is another than the one
   * given where one was there already whose artifact is stored: the first stays, unless it is to be replaced and the
   * owner's lease was not lost.
   */
  commit(made: Omit<Result, "content">, artifact: Artifact, options?: CommitOptions): Promise<Result>;

  /** Keys of the chunks of grids over this base; what became of their results is not looked at. */
  parts(base: string): string[];

  /** The files that a stage's code was made of, by the code's hash, where that was remembered. */
  filesOf(code: string): Readonly<Record<string, string>> | undefined;

  /** The keys a node had last. */
  lastKeys(name: string): LastKeys | undefined;
  /** Notes the keys to which a run has resolved nodes, by their names, in one transaction. */
  recordLastKeys(keys: ReadonlyMap<string, string>): Promise<void>;

  /**
   * Asks to compute a key's result. At any time at most one owner has its lease: it ends with `commit`, with
   * `release`, `LEASE` ms after it was claimed or last renewed, or with the death of the owner's process.
   *
   * @param recompute the result is to be computed although it may be known
   */
  claim(key: string, owner: LeaseHolder, recompute?: boolean): Promise<Claim>;
  /** Makes a lease last; false where it was lost to another. */
  renew(key: string, owner: LeaseHolder): Promise<boolean>;
  /** Ends a lease; nothing happens where it was lost. */
  releaseLease(key: string, owner: LeaseHolder): Promise<void>;
  /** Who has the lease of a key now. */
  holder(key: string): LeaseHolder | undefined;

  /**
   * Says what a run needs, in place of what it needed before, or, without `need`, that it still does: nothing of
   * it is freed for the next minutes, until it leaves or its process is gone.
   */
  retain(owner: LeaseHolder, need?: LiveSet): Promise<void>;
  /** Says that a run needs nothing any more. */
  release(owner: LeaseHolder): Promise<void>;

  /** All results; of one whose artifact is gone, `bytes` is 0. */
  entries(): StoredResult[];
  /** Counts and sizes. */
  stats(): StoreStats;
  /** Nothing may be asked of it any more. */
  close(): Promise<void>;
}
