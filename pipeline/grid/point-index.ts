import type { Json } from "../artifact/artifact.ts";
import { canonical } from "../artifact/canonical.ts";
import { type Axis, inputAt, sizeOf, textsOf } from "../graph/axis.ts";
import type { CompletedChunk } from "../jobs/job-update.ts";
import type { PreImage } from "../key/key.ts";
import type { Store } from "../store/store.ts";

/** A chunk in the store, with where in the grid those of its points belong that are used of it. */
export interface StoredChunk extends CompletedChunk {
  readonly mapping: PointMapping;
}

/** Points by their numbers in a chunk, each followed by its place in the grid: of millions, pairs would fill memory. */
export type PointMapping = Uint32Array;

/**
 * Finds the place in a grid of points that were computed for this or another grid over the same base. Values are
 * compared by their canonical text, inputs by their contents: a node that was renamed is still the same point.
 */
export class PointIndex {
  readonly size: number;
  /** Places of one point that stands in several, by the first: nodes along an axis may come to the same content. */
  readonly duplicates: ReadonlyMap<number, readonly number[]>;
  readonly #axes: readonly {
    readonly name: string;
    readonly of: Axis["of"];
    readonly stride: number;
    readonly at: ReadonlyMap<string, number>;
  }[];

  constructor({ axes = [], inputs }: PreImage) {
    this.size = sizeOf(axes);
    let stride = this.size;
    const firsts: number[][] = [];
    this.#axes = axes.map(({ name, of, values }) => {
      stride /= values.length;
      const at = new Map<string, number>();
      const texts =
        of === "input" ? values.map((label) => inputs[inputAt(name, label as string)]!) : textsOf(values);
      const first = texts.map((text, index) => {
        if (!at.has(text)) at.set(text, index);
        return at.get(text)!;
      });
      firsts.push(first);
      return { name, of, stride, at };
    });
    const hasDuplicates = this.#axes.some(({ at }, axis) => at.size < firsts[axis]!.length);
    this.duplicates = hasDuplicates ? this.#duplicatesBy(firsts) : new Map();
  }

  /** The first place of a point; undefined of one that is not in this grid. */
  indexOf(row: readonly Json[], inputs: PreImage["inputs"]): number | undefined {
    let place = 0;
    for (const [axis, { name, of, stride, at }] of this.#axes.entries()) {
      const value = row[axis]!;
      const found = at.get(of === "input" ? inputs[inputAt(name, value as string)]! : canonical(value));
      if (found === undefined) return undefined;
      place += found * stride;
    }
    return place;
  }

  /** @param firsts for each value of each axis the first one that is the same */
  #duplicatesBy(firsts: readonly (readonly number[])[]): Map<number, number[]> {
    const duplicates = new Map<number, number[]>();
    for (let place = 0; place < this.size; place += 1) {
      let rest = place;
      let original = 0;
      for (const [axis, { stride }] of this.#axes.entries()) {
        original += firsts[axis]![Math.floor(rest / stride)]! * stride;
        rest %= stride;
      }
      if (original === place) continue;
      const others = duplicates.get(original) ?? [];
      if (others.length === 0) duplicates.set(original, others);
      others.push(place);
    }
    return duplicates;
  }
}

/** Which points of a grid are there, as chunks of it are found. */
export class ChunkCoverage {
  readonly #index: PointIndex;
  readonly #covered: Uint8Array;

  constructor(places: PointIndex) {
    this.#index = places;
    this.#covered = new Uint8Array(places.size);
    for (const duplicates of places.duplicates.values())
      for (const duplicate of duplicates) this.#covered[duplicate] = 1;
  }

  /**
   * What the store has of the grid, chunk by chunk: of very many, a list would fill memory.
   *
   * @param only the chunks that count, by their keys; all unless given
   */
  *storedChunks(store: Store, base: string, only?: ReadonlySet<string>): Iterable<StoredChunk> {
    for (const key of store.parts(base)) {
      if (only && !only.has(key)) continue;
      if (store.lookup(key) === undefined) continue;
      // What `known` gives may be a piece of a long text, and keep all of it in memory.
      const { content, preImage } = store.result(key)!;
      const { points, inputs } = preImage;
      const own: number[] = [];
      let count = 0;
      points!.rows.forEach((row, number) => {
        const place = this.#index.indexOf(row, inputs);
        if (place === undefined || this.#covered[place]) return;
        this.#covered[place] = 1;
        count += 1;
        own.push(number, place);
        for (const duplicate of this.#index.duplicates.get(place) ?? []) own.push(number, duplicate);
      });
      if (count > 0) yield { key, content, points: count, mapping: Uint32Array.from(own) };
    }
  }

  /** The places of the points that have not been found. */
  missing(): Uint32Array {
    let count = 0;
    const missing = new Uint32Array(this.#covered.length);
    this.#covered.forEach((isTaken, place) => {
      if (!isTaken) missing[count++] = place;
    });
    return missing.slice(0, count);
  }
}
