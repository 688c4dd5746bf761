import { distance } from "fastest-levenshtein";

/** What may have been meant by what was typed: of candidates the one that is fewest edits away, the first of several. */
export function nearest(typed: string, candidates: Iterable<string>): string | undefined {
  return best(candidates, (candidate) => edits(typed.toLowerCase(), candidate.toLowerCase()));
}

/**
 * How many edits lead from what was typed to what may have been meant; infinitely many where the two have too little in
 * common for that. Two are always few, for names as short as `run`, if anything is left that both have.
 */
export function edits(typed: string, meant: string): number {
  const longer = Math.max(typed.length, meant.length);
  const number = distance(typed, meant);
  return number === 0 || (number < longer && number <= Math.max(2, longer / 2))
    ? number
    : Number.POSITIVE_INFINITY;
}

/** ": did you mean this?", or what there is to say where nothing is near. */
export const suggestion = (meant: string | undefined, otherwise = ""): string =>
  meant === undefined ? otherwise : `: did you mean ${meant}?`;

/** The candidate of the smallest cost, the first of several; none where all costs are infinite. */
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
