import { isDead, type Need, type Owner } from "../pipeline/index.ts";
import { rowOf } from "./rows.ts";
import type { Table } from "./tables.ts";

/** How long a tenancy lasts unless renewed, ms; the death of its process ends it at once where that shows. */
export const TENANCY = 5 * 60_000;

interface Tenant {
  readonly owner: Owner;
  readonly need: Need;
  /** ms of the store's clock. */
  readonly until: number;
}

/** The runs under way on a store, with what they need. What writes is called inside a transaction. */
export class Tenants {
  readonly #table: Table<string>;
  readonly #now: () => number;

  constructor(table: Table<string>, now: () => number) {
    this.#table = table;
    this.#now = now;
  }

  settle(owner: Owner, need: Need): void {
    const until = this.#now() + TENANCY;
    this.#table.put(owner.id, JSON.stringify({ owner, need, until } satisfies Tenant));
  }

  renew(owner: Owner): void {
    const tenant = rowOf<Tenant>(this.#table, owner.id);
    if (tenant) this.settle(owner, tenant.need);
  }

  leave(owner: Owner): void {
    this.#table.delete(owner.id);
  }

  living(): Tenant[] {
    return this.#all().filter((tenant) => this.#lives(tenant));
  }

  /** Forgets those that ended without leaving. */
  sweep(): void {
    for (const tenant of this.#all()) if (!this.#lives(tenant)) this.leave(tenant.owner);
  }

  #all(): Tenant[] {
    return this.#table.keys().map((id) => rowOf<Tenant>(this.#table, id)!);
  }

  #lives({ owner, until }: Tenant): boolean {
    const left = until - this.#now();
    // One that ends far in the future was written before the clock was set back.
    return left > 0 && left <= 2 * TENANCY && !isDead(owner);
  }
}
