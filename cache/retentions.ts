import { isDead, type LeaseHolder, type LiveSet } from "../pipeline/testing.ts";
import { rowOf } from "./rows.ts";
import type { Table } from "./tables.ts";

/** How long a retention lasts unless renewed, ms; the death of its process ends it at once where that shows. */
export const RETENTION = 5 * 60_000;

interface Retention {
  readonly owner: LeaseHolder;
  readonly need: LiveSet;
  /** ms of the store's clock. */
  readonly until: number;
}

/** The runs under way on a store, with what they need. What writes is called inside a transaction. */
export class Retentions {
  readonly #table: Table<string>;
  readonly #now: () => number;

  constructor(table: Table<string>, now: () => number) {
    this.#table = table;
    this.#now = now;
  }

  retain(owner: LeaseHolder, need: LiveSet): void {
    const until = this.#now() + RETENTION;
    this.#table.put(owner.id, JSON.stringify({ owner, need, until } satisfies Retention));
  }

  renew(owner: LeaseHolder): void {
    const retention = rowOf<Retention>(this.#table, owner.id);
    if (retention) this.retain(owner, retention.need);
  }

  release(owner: LeaseHolder): void {
    this.#table.delete(owner.id);
  }

  living(): Retention[] {
    return this.#all().filter((retention) => this.#lives(retention));
  }

  /** Forgets those that ended without leaving. */
  sweep(): void {
    for (const retention of this.#all()) if (!this.#lives(retention)) this.release(retention.owner);
  }

  #all(): Retention[] {
    return this.#table.keys().map((id) => rowOf<Retention>(this.#table, id)!);
  }

  #lives({ owner, until }: Retention): boolean {
    const left = until - this.#now();
    // One that ends far in the future was written before the clock was set back.
    return left > 0 && left <= 2 * RETENTION && !isDead(owner);
  }
}
