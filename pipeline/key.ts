import type { Json } from "./artifact.ts";
import { canonical } from "./canonical.ts";
import { hash } from "./hash.ts";
import type { Stage } from "./stage.ts";

/** The version of a stage's code: what else than parameters and inputs decides what it computes. */
export interface Fingerprint {
  /** Hash of the stage's own code and all it imports. */
  readonly code: string;
  /** Hash of the compiled kernels, where the stage calls any. */
  readonly kernels?: string;
  /** Versions of the packages the code imports. */
  readonly packages?: Readonly<Record<string, string>>;
  /** The files that `code` was made of, each with the hash of its text: to tell which changed; no part of keys. */
  readonly files?: Readonly<Record<string, string>>;
}

/** All that a result depends on, readable. The key is its hash; "why did it run?" is a diff of two of them. */
export interface PreImage extends Omit<Fingerprint, "files"> {
  /** The node's name. */
  readonly stage: string;
  readonly params: Json;
  /** Content hash of each input's artifact. */
  readonly inputs: Readonly<Record<string, string>>;
}

/** The key of a result: BLAKE3 of the canonical pre-image, 64 hexadecimal digits. */
export const keyOf = (preImage: PreImage): string =>
  hash(`mesoflow key 1\n${canonical(preImage as unknown as Json)}`);

/**
 * The fingerprint used where no better one is given: the text of `run` alone. It misses the functions that
 * `run` calls; a program with a build step fingerprints the whole import closure instead.
 */
export const fingerprintOfText = (stage: Stage): Fingerprint => ({ code: hash(String(stage.run)) });
