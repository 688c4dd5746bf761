import { rowOf, rowsOf } from "./rows.ts";
import type { Tables } from "./tables.ts";

/** A result that is to stay, under a name of the user's. */
export interface Pin {
  readonly name: string;
  readonly key: string;
  readonly content: string;
  /** ISO 8601. */
  readonly at: string;
}

/** The pins of a store: whatever they name is never collected. */
export class Pins {
  readonly #tables: Pick<Tables, "pins" | "artifacts" | "transaction">;

  /** The pins in a store's tables, `store.tables`. */
  constructor(tables: Pick<Tables, "pins" | "artifacts" | "transaction">) {
    this.#tables = tables;
  }

  /** All pins, by name. */
  all(): Pin[] {
    return rowsOf<Pin>(this.#tables.pins);
  }

  /** The pin of this name. */
  get(name: string): Pin | undefined {
    return rowOf<Pin>(this.#tables.pins, name);
  }

  /** Pins a result in place of what had the name before; false where its artifact is not stored any more. */
  async pin(pin: Pin): Promise<boolean> {
    const { pins, artifacts, transaction } = this.#tables;
    return transaction(() => {
      if (!artifacts.has(pin.content)) return false;
      pins.put(pin.name, JSON.stringify(pin));
      return true;
    });
  }

  /** False where there was no such pin. */
  async unpin(name: string): Promise<boolean> {
    const { pins, transaction } = this.#tables;
    return transaction(() => {
      if (!pins.has(name)) return false;
      pins.delete(name);
      return true;
    });
  }
}
