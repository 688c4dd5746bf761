import { hasWork, liveSetOf } from "../plan/live-set.ts";
import type { Plan } from "../plan/plan.ts";
import { type LeaseHolder, newLeaseHolder } from "../store/lease-holder.ts";
import type { LiveSet } from "../store/live-set.ts";
import type { Store } from "../store/store.ts";

/** How often a retention is renewed, ms. */
const HEARTBEAT = 60_000;

/** Keeps what a run needs: from its plan to its end, no collection frees any of it. */
export class RetentionLease {
  readonly #store: Store;
  readonly #owner: LeaseHolder = newLeaseHolder();
  #heartbeat: NodeJS.Timeout | undefined;
  #isOver = false;

  constructor(store: Store) {
    this.#store = store;
  }

  /** Plans, and again where what the plan found was freed before the store knew that it is needed. */
  async retainPlan(plan: () => Promise<Plan>): Promise<Plan> {
    for (;;) {
      const made = await plan();
      if (!hasWork(made) || !(await this.#retain(liveSetOf(made))) || this.#isIntact(made)) return made;
    }
  }

  release(): void {
    this.#isOver = true;
    if (!this.#heartbeat) return;
    clearInterval(this.#heartbeat);
    this.#store.release(this.#owner).catch(() => {}); // it ends of itself
  }

  /** False in a store that cannot be written; nothing can be freed there either. */
  async #retain(need: LiveSet): Promise<boolean> {
    try {
      if (this.#isOver) return false;
      await this.#store.retain(this.#owner, need);
    } catch {
      return false;
    }
    // A heartbeat that cannot be written is no reason to stop: what is lost is made again.
    const renew = () => void this.#store.retain(this.#owner).catch(() => {});
    clearInterval(this.#heartbeat);
    this.#heartbeat = setInterval(renew, HEARTBEAT).unref();
    if (this.#isOver) this.release();
    return true;
  }

  #isIntact({ states }: Plan): boolean {
    for (const [node, nodeState] of states) {
      if (node.kind !== "stage" || nodeState.state !== "fresh") continue;
      if (this.#store.lookup(nodeState.key) !== nodeState.content) return false;
    }
    return true;
  }
}
