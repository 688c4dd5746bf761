import { hash } from "../pipeline/inspect.ts";

/**
 * A fraction of the items, rounded up, so at least one where there are any and the fraction is above 0. Which
 * ones depends on the seed and their names only; they keep their order.
 */
export function sampleOf<T>(
  items: readonly T[],
  fraction: number,
  seed: string,
  nameOf: (item: T) => string,
): T[] {
  if (fraction >= 1) return [...items];
  const ranked = items.map((item) => ({ item, rank: hash(`${seed}\n${nameOf(item)}`) }));
  const count = Math.ceil(items.length * Math.max(fraction, 0));
  const last = ranked.map(({ rank }) => rank).sort()[count - 1];
  return ranked.flatMap(({ item, rank }) => (last !== undefined && rank <= last ? [item] : []));
}
