import type { Observable } from "rxjs";

const signals = ["SIGINT", "SIGTERM"] as const;

/**
 * Calls back once the process is asked to stop. A second request meets no handler and ends the process at once.
 *
 * @returns what lets go of it
 */
export function onInterrupt(stop: () => void): () => void {
  const letGo = (): void => {
    for (const signal of signals) process.off(signal, interrupt);
  };
  const interrupt = (): void => {
    letGo();
    stop();
  };
  for (const signal of signals) process.on(signal, interrupt);
  return letGo;
}

/**
 * Follows events to their end, or until the process is asked to stop: then unsubscribes, which aborts the work
 * behind them.
 *
 * @returns whether the events came to their end
 */
export function interruptible<T>(events: Observable<T>, next: (event: T) => void): Promise<boolean> {
  return new Promise<boolean>((resolve, reject) => {
    const subscription = events.subscribe({ next, error: reject, complete: () => resolve(true) });
    const letGo = onInterrupt(() => {
      subscription.unsubscribe();
      resolve(false);
    });
    subscription.add(letGo);
  });
}

/** What a work gives, or undefined where the process was asked to stop before; the work has ended then. */
export async function unlessInterrupted<T>(
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T | undefined> {
  const stop = new AbortController();
  const letGo = onInterrupt(() => stop.abort());
  try {
    return await work(stop.signal);
  } catch (thrown) {
    if (stop.signal.aborted) return undefined;
    throw thrown;
  } finally {
    letGo();
  }
}
