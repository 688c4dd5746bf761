import type { Result } from "../pipeline/index.ts";
import { blobsOf } from "./codec.ts";
import type { Tables } from "./tables.ts";

/** A stored artifact, with what refers to it and what it refers to. */
export interface Holding {
  readonly content: string;
  /** Bytes of its manifest. */
  readonly own: number;
  /** Hash → bytes of the arrays. */
  readonly blobs: ReadonlyMap<string, number>;
  /** The results it is the outcome of; none for what a source held. */
  readonly makers: readonly Result[];
  /** Seconds that all these took. */
  readonly seconds: number;
}

/** A store's artifacts as they would stand after some were freed: bytes that several share count once. */
export class Holdings {
  readonly #held = new Map<string, Holding>();
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
    for (const [content, manifest] of artifacts.entries()) {
      const makes = makers.get(content) ?? [];
      const seconds = makes.reduce((sum, made) => sum + made.seconds, 0);
      const own = Buffer.byteLength(manifest);
      const holding = { content, own, blobs: blobsOf(manifest), makers: makes, seconds };
      this.#held.set(content, holding);
      this.#bytes += own;
      for (const [blob, length] of holding.blobs)
        if (count(this.#sharers, blob, 1) === 1) this.#bytes += length;
      for (const input of inputsOf(holding)) count(this.#readers, input, 1);
    }
  }

  /** Bytes of all manifests and distinct blobs. */
  get bytes(): number {
    return this.#bytes;
  }

  all(): Holding[] {
    return [...this.#held.values()];
  }

  /** Whether a blob is needed. */
  needs(blob: string): boolean {
    return (this.#sharers.get(blob) ?? 0) > 0;
  }

  /** What sources held and no stored result was computed from. */
  unread(): Holding[] {
    return this.all().filter(({ content, makers }) => makers.length === 0 && !this.#readers.get(content));
  }

  /** Bytes an artifact takes if those it shares are split evenly among all that share them. */
  shareOf({ own, blobs }: Holding): number {
    return [...blobs].reduce((sum, [blob, length]) => sum + length / this.#sharers.get(blob)!, own);
  }

  /** Takes an artifact out. Gives the bytes that this frees, and what sources held that nothing reads any more. */
  free(holding: Holding): { readonly bytes: number; readonly unread: readonly Holding[] } {
    const before = this.#bytes;
    this.#held.delete(holding.content);
    this.#bytes -= holding.own;
    for (const [blob, length] of holding.blobs)
      if (count(this.#sharers, blob, -1) === 0) this.#bytes -= length;
    const unread = inputsOf(holding).flatMap((input) => {
      const source = this.#held.get(input);
      return count(this.#readers, input, -1) === 0 && source?.makers.length === 0 ? [source] : [];
    });
    return { bytes: before - this.#bytes, unread };
  }
}

/** Content hashes of what an artifact was computed from: one for each result and input. */
const inputsOf = ({ makers }: Holding): string[] =>
  makers.flatMap(({ preImage }) => Object.values(preImage.inputs));

function count(counts: Map<string, number>, name: string, change: 1 | -1): number {
  const next = (counts.get(name) ?? 0) + change;
  counts.set(name, next);
  return next;
}
