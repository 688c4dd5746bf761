import { Observable, type OperatorFunction } from "rxjs";
import type { PipelineEvent } from "./events.ts";

/**
 * Hands events to a consumer at its own pace, one after the other and in their order; the run behind them goes on
 * meanwhile. Of progress only the latest word about each stage waits, in the place where it was said; all else is
 * handed on. So what waits is bounded by the size of the graph and its grids, however slow the consumer is.
 *
 * Completes, or fails as the events do, once all is consumed; fails at once where the consumer does. Who leaves
 * unsubscribes.
 */
export const consumeSerially =
  <E extends PipelineEvent>(consume: (event: E) => Promise<void>): OperatorFunction<E, never> =>
  (events) =>
    new Observable((subscriber) => {
      const queue = new CoalescingQueue<E>();
      let isBusy = false;
      let end: (() => void) | undefined;
      const work = async (): Promise<void> => {
        if (isBusy) return;
        isBusy = true;
        try {
          for (let event = queue.take(); event && !subscriber.closed; event = queue.take()) {
            await consume(event);
          }
        } catch (thrown) {
          subscriber.error(thrown);
        }
        isBusy = false;
        end?.();
      };
      const finish = (last: () => void): void => {
        end = last;
        void work();
      };
      return events.subscribe({
        next: (event) => {
          queue.put(event);
          void work();
        },
        error: (thrown) => finish(() => subscriber.error(thrown)),
        complete: () => finish(() => subscriber.complete()),
      });
    });

/** Events that wait, the first one first; of progress of one stage the latest. */
export class CoalescingQueue<E extends PipelineEvent> {
  /** With gaps where events were taken or overtaken. */
  #places: (E | undefined)[] = [];
  /** Before this place there are only gaps. */
  #first = 0;
  #size = 0;
  /** Where the progress of a stage waits. */
  readonly #progress = new Map<string, number>();

  get size(): number {
    return this.#size;
  }

  put(event: E): void {
    if (event.event === "progress") {
      const before = this.#progress.get(event.stage);
      if (before !== undefined) this.#vacate(before);
      this.#progress.set(event.stage, this.#places.length);
    }
    this.#places.push(event);
    this.#size += 1;
    this.#close();
  }

  take(): E | undefined {
    while (this.#first < this.#places.length) {
      const event = this.#places[this.#first];
      this.#first += 1;
      if (!event) continue;
      this.#vacate(this.#first - 1);
      if (event.event === "progress") this.#progress.delete(event.stage);
      this.#close();
      return event;
    }
    return undefined;
  }

  #vacate(place: number): void {
    this.#places[place] = undefined;
    this.#size -= 1;
  }

  /** Closes the gaps once they are more than what waits: so a queue is never much longer than that. */
  #close(): void {
    if (this.#places.length < 2 * this.#size + 16) return;
    this.#places = this.#places.filter((event) => event !== undefined);
    this.#first = 0;
    this.#progress.clear();
    for (const [place, event] of this.#places.entries()) {
      if (event?.event === "progress") this.#progress.set(event.stage, place);
    }
  }
}
