import type { Artifact } from "../artifact/artifact.ts";

/** Which content store it is: a worker serves only runs that have the same one. */
export interface StoreIdentity {
  /** Short, and the same for all who reach this store. */
  readonly id: string;
  /** For messages, as in "shares by the folder /x". */
  readonly name: string;
}

/**
 * Where machines that share no store leave bytes for one another, everything under its hash. It may forget: whoever
 * misses something asks for it by `Missing`, and it is left there again.
 */
export interface ArtifactExchange {
  /** Which store it is. */
  identity(): Promise<StoreIdentity>;
  /** Leaves a text under its hash. */
  putText(text: string): Promise<void>;
  /** The text of a hash; throws `Missing`. */
  text(hash: string): Promise<string>;
  /** Leaves an artifact. */
  put(artifact: Artifact): Promise<void>;
  /** The artifact of a content hash, every byte checked; throws `Missing`. */
  artifact(content: string): Promise<Artifact>;
  /** Nothing may be asked of it any more. */
  close(): Promise<void>;
}
