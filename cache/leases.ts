import { isDead, LEASE, type LeaseHolder } from "../pipeline/testing.ts";
import type { Table } from "./tables.ts";

/** The right of one owner to compute one result for a while. */
export interface Lease {
  readonly owner: LeaseHolder;
  /** When it was claimed and when it ends unless renewed: ms of the store's clock. */
  readonly since: number;
  readonly until: number;
}

/** The leases of a store. What writes is called inside a transaction: so nobody comes between look and write. */
export class Leases {
  readonly #table: Table<string>;
  readonly #now: () => number;

  constructor(table: Table<string>, now: () => number) {
    this.#table = table;
    this.#now = now;
  }

  /** Who has the lease of a key and may be alive. */
  holder(key: string): LeaseHolder | undefined {
    const lease = this.#get(key);
    return lease && this.#lives(lease) ? lease.owner : undefined;
  }

  /** Whether the lease is this owner's and nobody has taken it over, be it in time or not. */
  isOf(key: string, owner: LeaseHolder): boolean {
    return this.#get(key)?.owner.id === owner.id;
  }

  /** Gives the owner the lease, which nobody else may hold, for the next `LEASE` ms. */
  grant(key: string, owner: LeaseHolder): void {
    const now = this.#now();
    const since = this.isOf(key, owner) ? this.#get(key)!.since : now;
    this.#table.put(key, JSON.stringify({ owner, since, until: now + LEASE } satisfies Lease));
  }

  end(key: string, owner: LeaseHolder): void {
    if (this.isOf(key, owner)) this.#table.delete(key);
  }

  /** The keys under computation. */
  living(): string[] {
    return this.#table.keys().filter((key) => this.holder(key) !== undefined);
  }

  #lives({ owner, until }: Lease): boolean {
    const left = until - this.#now();
    // A lease that ends far in the future was written before the clock was set back.
    return left > 0 && left <= 2 * LEASE && !isDead(owner);
  }

  #get(key: string): Lease | undefined {
    const text = this.#table.get(key);
    return text === undefined ? undefined : (JSON.parse(text) as Lease);
  }
}
