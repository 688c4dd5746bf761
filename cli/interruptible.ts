import type { Observable } from "rxjs";

const signals = ["SIGINT", "SIGTERM"] as const;

/**
 * Follows events to their end, or until the process is asked to stop: then unsubscribes, which aborts the work
 * behind them. A second request meets no handler and ends the process at once.
 *
 * @returns whether the events came to their end
 */
export function interruptible<T>(events: Observable<T>, next: (event: T) => void): Promise<boolean> {
  return new Promise<boolean>((resolve, reject) => {
    const subscription = events.subscribe({ next, error: reject, complete: () => resolve(true) });
    const interrupt = (): void => {
      for (const signal of signals) process.off(signal, interrupt);
      subscription.unsubscribe();
      resolve(false);
    };
    for (const signal of signals) process.on(signal, interrupt);
    subscription.add(() => {
      for (const signal of signals) process.off(signal, interrupt);
    });
  });
}
