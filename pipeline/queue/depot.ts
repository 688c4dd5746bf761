import type { Artifact } from "../artifact.ts";

/**
 * Where machines that share no store leave bytes for one another, everything under its hash. It may forget: whoever
 * misses something asks for it by `Missing`, and it is left there again.
 */
export interface Depot {
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
