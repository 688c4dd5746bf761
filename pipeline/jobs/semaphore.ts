import { finalize, Observable, type Subscription } from "rxjs";
import { isInteractive } from "../plan/priority.ts";

interface Waiting {
  readonly priority: number;
  start(): void;
}

/**
 * Lets at most `size` of the observables handed to it run at once; of those that wait, the one of the highest
 * priority is next, and of equals the one that came first. What is prompt needs no place and begins at once.
 */
export function prioritySemaphore(size: number): <T>(work: Observable<T>, priority: number) => Observable<T> {
  const queue: Waiting[] = [];
  let free = size;
  let isDue = false;
  /** Not at once: of all that come in one turn the most urgent is to be first. */
  const fill = (): void => {
    if (isDue) return;
    isDue = true;
    queueMicrotask(() => {
      isDue = false;
      while (free > 0 && queue.length > 0) queue.shift()!.start();
    });
  };
  return <T>(work: Observable<T>, priority: number) =>
    new Observable<T>((subscriber) => {
      if (isInteractive(priority)) return work.subscribe(subscriber);
      let running: Subscription | undefined;
      const waiting: Waiting = {
        priority,
        start() {
          free -= 1;
          const leave = finalize<T>(() => {
            free += 1;
            fill();
          });
          running = work.pipe(leave).subscribe(subscriber);
        },
      };
      queue.splice(insertionIndex(queue, priority), 0, waiting);
      fill();
      return () => {
        running?.unsubscribe();
        const place = queue.indexOf(waiting);
        if (place >= 0) queue.splice(place, 1);
      };
    });
}

/** Where in a queue, the highest priority first, one more belongs: behind its equals. */
function insertionIndex(queue: readonly Waiting[], priority: number): number {
  let [low, high] = [0, queue.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (queue[middle]!.priority >= priority) low = middle + 1;
    else high = middle;
  }
  return low;
}
