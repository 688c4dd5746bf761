import type { Need } from "./need.ts";
import { newOwner, type Owner } from "./owner.ts";
import type { Plan } from "./plan.ts";
import { hasWork, needOf } from "./plan-need.ts";
import type { Store } from "./store.ts";

/** How often a stay is renewed, ms. */
const HEARTBEAT = 60_000;

/** A run's stay in a store: from its plan to its end, no collection frees what it needs. */
export class Stay {
  readonly #store: Store;
  readonly #owner: Owner = newOwner();
  #heartbeat: NodeJS.Timeout | undefined;
  #isOver = false;

  constructor(store: Store) {
    this.#store = store;
  }

  /** Plans, and again where what the plan found was freed before the store knew that it is needed. */
  async planned(plan: () => Promise<Plan>): Promise<Plan> {
    for (;;) {
      const made = await plan();
      if (!hasWork(made) || !(await this.#settle(needOf(made))) || this.#finds(made)) return made;
    }
  }

  end(): void {
    this.#isOver = true;
    if (!this.#heartbeat) return;
    clearInterval(this.#heartbeat);
    this.#store.leave(this.#owner).catch(() => {}); // it ends of itself
  }

  /** False in a store that cannot be written; nothing can be freed there either. */
  async #settle(need: Need): Promise<boolean> {
    try {
      if (this.#isOver) return false;
      await this.#store.settle(this.#owner, need);
    } catch {
      return false;
    }
    // A heartbeat that cannot be written is no reason to stop: what is lost is made again.
    const renew = () => void this.#store.settle(this.#owner).catch(() => {});
    clearInterval(this.#heartbeat);
    this.#heartbeat = setInterval(renew, HEARTBEAT).unref();
    if (this.#isOver) this.end();
    return true;
  }

  #finds({ prospects }: Plan): boolean {
    for (const [node, prospect] of prospects) {
      if (node.kind !== "stage" || prospect.state !== "fresh") continue;
      if (this.#store.known(prospect.key) !== prospect.content) return false;
    }
    return true;
  }
}
