import type { Json } from "./artifact.ts";
import { type Axis, inputAt, sizeOf, textsOf } from "./axis.ts";
import { canonical } from "./canonical.ts";
import type { Part } from "./job-update.ts";
import type { PreImage } from "./key.ts";
import type { Store } from "./store.ts";

/** A chunk in the store, with where in the grid those of its points belong that are used of it. */
export interface Held extends Part {
  readonly places: Placed;
}

/** Points by their numbers in a chunk, each followed by its place in the grid: of millions, pairs would fill memory. */
export type Placed = Uint32Array;

/**
 * Finds the place in a grid of points that were computed for this or another grid over the same base. Values are
 * compared by their canonical text, inputs by their contents: a node that was renamed is still the same point.
 */
export class Places {
  readonly size: number;
  /** Places of one point that stands in several, by the first: nodes along an axis may come to the same content. */
  readonly twins: ReadonlyMap<number, readonly number[]>;
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
    const hasTwins = this.#axes.some(({ at }, axis) => at.size < firsts[axis]!.length);
    this.twins = hasTwins ? this.#twinsBy(firsts) : new Map();
  }

  /** The first place of a point; undefined of one that is not in this grid. */
  of(row: readonly Json[], inputs: PreImage["inputs"]): number | undefined {
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
  #twinsBy(firsts: readonly (readonly number[])[]): Map<number, number[]> {
    const twins = new Map<number, number[]>();
    for (let place = 0; place < this.size; place += 1) {
      let rest = place;
      let original = 0;
      for (const [axis, { stride }] of this.#axes.entries()) {
        original += firsts[axis]![Math.floor(rest / stride)]! * stride;
        rest %= stride;
      }
      if (original === place) continue;
      const others = twins.get(original) ?? [];
      if (others.length === 0) twins.set(original, others);
      others.push(place);
    }
    return twins;
  }
}

/** Which points of a grid are there, as chunks of it are found. */
export class Cover {
  readonly #places: Places;
  readonly #taken: Uint8Array;

  constructor(places: Places) {
    this.#places = places;
    this.#taken = new Uint8Array(places.size);
    for (const twins of places.twins.values()) for (const twin of twins) this.#taken[twin] = 1;
  }

  /**
   * What the store has of the grid, chunk by chunk: of very many, a list would fill memory.
   *
   * @param only the chunks that count, by their keys; all unless given
   */
  *found(store: Store, base: string, only?: ReadonlySet<string>): Iterable<Held> {
    for (const key of store.parts(base)) {
      if (only && !only.has(key)) continue;
      if (store.known(key) === undefined) continue;
      // What `known` gives may be a piece of a long text, and keep all of it in memory.
      const { content, preImage } = store.result(key)!;
      const { points, inputs } = preImage;
      const own: number[] = [];
      let count = 0;
      points!.rows.forEach((row, number) => {
        const place = this.#places.of(row, inputs);
        if (place === undefined || this.#taken[place]) return;
        this.#taken[place] = 1;
        count += 1;
        own.push(number, place);
        for (const twin of this.#places.twins.get(place) ?? []) own.push(number, twin);
      });
      if (count > 0) yield { key, content, points: count, places: Uint32Array.from(own) };
    }
  }

  /** The places of the points that have not been found. */
  missing(): Uint32Array {
    let count = 0;
    const missing = new Uint32Array(this.#taken.length);
    this.#taken.forEach((isTaken, place) => {
      if (!isTaken) missing[count++] = place;
    });
    return missing.slice(0, count);
  }
}
