import { distance } from "fastest-levenshtein";

/** The candidate that takes the fewest edits to get to from what was typed; the first of several. */
export function nearest(typed: string, candidates: Iterable<string>): string | undefined {
  return best(candidates, (candidate) => distance(typed.toLowerCase(), candidate.toLowerCase()));
}

/** The candidate of the smallest cost; the first of several. */
export function best<T>(candidates: Iterable<T>, cost: (candidate: T) => number): T | undefined {
  let found: T | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const candidate of candidates) {
    const its = cost(candidate);
    if (its >= least) continue;
    found = candidate;
    least = its;
  }
  return found;
}
