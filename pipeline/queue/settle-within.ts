/** How long a farewell may take, ms. */
const PATIENCE = 2_000;

/** Waits for what is to be said at the end, but not for a Redis that may never come back; nor does its failure matter. */
export async function settleWithin(farewell: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, PATIENCE);
  });
  await Promise.race([farewell.catch(() => {}), late]);
  clearTimeout(timer);
}
