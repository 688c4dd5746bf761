/**
 * Does something again and again, and skips what comes while it is still at it: what waits for a Redis that is away is not
 * to pile up.
 *
 * @param failed is told why it failed; the next time may go better
 * @returns what ends it
 */
export function nonOverlappingInterval(
  ms: number,
  work: () => Promise<void>,
  failed: (thrown: Error) => void = () => {},
): () => void {
  let isBusy = false;
  const timer = setInterval(() => {
    if (isBusy) return;
    isBusy = true;
    work()
      .catch(failed)
      .finally(() => {
        isBusy = false;
      });
  }, ms);
  return () => clearInterval(timer);
}
