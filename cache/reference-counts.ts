import { baseOf, sizeOf } from "../pipeline/inspect.ts";
import type { Result } from "../pipeline/testing.ts";
import { blobsOf } from "./codec.ts";
import type { Tables } from "./tables.ts";

/** A stored artifact, with what refers to it and what it refers to. */
export interface StoredArtifact {
  readonly content: string;
  /** Bytes of its manifest. */
  readonly own: number;
  /** Hash → bytes of the arrays. */
  readonly blobs: ReadonlyMap<string, number>;
  /** The results it is the outcome of; none for what a source held. */
  readonly makers: readonly Result[];
  /** Seconds that making it again would take: those of its makers, less what a grid finds in stored chunks. */
  readonly seconds: number;
}

/** A store's artifacts as they would stand after some were freed: bytes that several share count once. */
export class ReferenceCounts {
  readonly #artifacts = new Map<string, StoredArtifact>();
  /** Artifacts that need a blob. */
  readonly #sharers = new Map<string, number>();
  /** Stored results computed from what a source held. */
  readonly #readers = new Map<string, number>();
  #bytes = 0;

  constructor({ artifacts }: Pick<Tables, "artifacts">, results: readonly Result[]) {
    const makers = new Map<string, Result[]>();
    for (const result of results) {
      const { content } = result;
      if (!makers.get(content)?.push(result)) makers.set(content, [result]);
    }
    const chunked = pointsInChunks(results.filter(({ content }) => artifacts.has(content)));
    for (const [content, manifest] of artifacts.entries()) {
      const makes = makers.get(content) ?? [];
      const seconds = makes.reduce((sum, made) => sum + secondsAgain(made, chunked), 0);
      const own = Buffer.byteLength(manifest);
      const stored = { content, own, blobs: blobsOf(manifest), makers: makes, seconds };
      this.#artifacts.set(content, stored);
      this.#bytes += own;
      for (const [blob, length] of stored.blobs)
        if (count(this.#sharers, blob, 1) === 1) this.#bytes += length;
      for (const input of inputsOf(stored)) count(this.#readers, input, 1);
    }
  }

  /** Bytes of all manifests and distinct blobs. */
  get bytes(): number {
    return this.#bytes;
  }

  all(): StoredArtifact[] {
    return [...this.#artifacts.values()];
  }

  /** Whether a blob is needed. */
  needs(blob: string): boolean {
    return (this.#sharers.get(blob) ?? 0) > 0;
  }

  /** What sources held and no stored result was computed from. */
  unread(): StoredArtifact[] {
    return this.all().filter(({ content, makers }) => makers.length === 0 && !this.#readers.get(content));
  }

  /** Bytes an artifact takes if those it shares are split evenly among all that share them. */
  shareOf({ own, blobs }: StoredArtifact): number {
    return [...blobs].reduce((sum, [blob, length]) => sum + length / this.#sharers.get(blob)!, own);
  }

  /** Takes an artifact out. Gives the bytes that this frees, and what sources held that nothing reads any more. */
  free(stored: StoredArtifact): { readonly bytes: number; readonly unread: readonly StoredArtifact[] } {
    const before = this.#bytes;
    this.#artifacts.delete(stored.content);
    this.#bytes -= stored.own;
    for (const [blob, length] of stored.blobs)
      if (count(this.#sharers, blob, -1) === 0) this.#bytes -= length;
    const unread = inputsOf(stored).flatMap((input) => {
      const source = this.#artifacts.get(input);
      return count(this.#readers, input, -1) === 0 && source?.makers.length === 0 ? [source] : [];
    });
    return { bytes: before - this.#bytes, unread };
  }
}

/** Content hashes of what an artifact was computed from: one for each result and input. */
const inputsOf = ({ makers }: StoredArtifact): string[] =>
  makers.flatMap(({ preImage }) => Object.values(preImage.inputs));

/** How many points of grids over each base the chunks among the results hold. */
function pointsInChunks(results: readonly Result[]): Map<string, number> {
  const points = new Map<string, number>();
  for (const { partOf, preImage } of results) {
    if (partOf !== undefined)
      points.set(partOf, (points.get(partOf) ?? 0) + (preImage.points?.rows.length ?? 0));
  }
  return points;
}

/** A grid needs no more than to be gathered where its points are there. */
function secondsAgain({ preImage, seconds }: Result, chunked: ReadonlyMap<string, number>): number {
  if (!preImage.axes) return seconds;
  const held = chunked.get(baseOf(preImage)) ?? 0;
  return seconds * Math.max(1 - held / sizeOf(preImage.axes), 0);
}

function count(counts: Map<string, number>, name: string, change: 1 | -1): number {
  const next = (counts.get(name) ?? 0) + change;
  counts.set(name, next);
  return next;
}
