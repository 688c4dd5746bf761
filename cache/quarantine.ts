import { hash } from "../pipeline/inspect.ts";
import type { Damage } from "../pipeline/testing.ts";
import { blobsOf, type Encoded } from "./codec.ts";
import type { Tables } from "./tables.ts";

type Rows = Pick<Tables, "artifacts" | "blobs" | "quarantine">;

/**
 * Takes an artifact that cannot be decoded out of the store: its damaged arrays, and all artifacts that need
 * them. Called inside a transaction.
 *
 * @param found ISO time
 */
export function isolate(rows: Rows, content: string, what: string, found: string): void {
  const { artifacts, blobs, quarantine } = rows;
  const manifest = artifacts.get(content);
  const readable = manifest !== undefined && hash(manifest) === content;
  const damaged = readable
    ? [...blobsOf(manifest).keys()].filter((blob) => !isSound(blobs.get(blob), blob))
    : [];
  const confine = (hash: string) =>
    quarantine.put(hash, JSON.stringify({ hash, found, what } satisfies Damage));
  for (const blob of damaged) {
    blobs.delete(blob);
    confine(blob);
  }
  for (const [other, text] of artifacts.entries()) {
    if (other !== content && !damaged.some((blob) => text.includes(blob))) continue;
    artifacts.delete(other);
    confine(other);
  }
}

/** Ends the quarantine of an artifact that was stored anew. Called inside a transaction. */
export function acquit({ quarantine }: Rows, { content, blobs }: Encoded): void {
  for (const hash of [content, ...blobs.keys()]) if (quarantine.has(hash)) quarantine.delete(hash);
}

const isSound = (bytes: Uint8Array | undefined, blob: string): boolean =>
  bytes !== undefined && hash(bytes) === blob;
