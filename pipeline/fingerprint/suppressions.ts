import type { Place, SourceFile } from "./bundle.ts";
import type { Impurity } from "./impurities.ts";

/** What a programmer writes beside something that cannot reach a result, to have it accepted, with why. */
const vouched = /\bvouched for: *\S/;

/**
 * What is to be told of the faults of stages: a sentence for each that nobody vouches for, with all the stages
 * that have it.
 */
export function sentencesOf(
  stages: readonly (readonly [string, readonly Impurity[]])[],
  sources: ReadonlyMap<string, SourceFile>,
): string[] {
  const told = new Map<string, string[]>();
  for (const [id, faults] of stages) {
    for (const { places, what, remedy } of faults) {
      if (places.some((place) => place && isVouchedFor(place, sources))) continue;
      const [place] = places;
      const where = place ? `${place.file}:${place.line}` : "its code";
      const text = `${where} ${what}; ${remedy}, or say why it cannot reach a result in a comment there that begins with "vouched for:".`;
      const ids = told.get(text) ?? [];
      if (!ids.includes(id)) told.set(text, [...ids, id]);
    }
  }
  return [...told].map(([text, ids]) => `${ids.length > 1 ? "Stages" : "Stage"} ${ids.join(", ")}: ${text}`);
}

/** Whether a comment on the line or right above it vouches for what is there. */
function isVouchedFor({ file, line }: Place, sources: ReadonlyMap<string, SourceFile>): boolean {
  const lines = sources.get(file)?.text.split("\n") ?? [];
  const isComment = (text: string) => /^\s*(\/\/|\/\*|\*)/.test(text);
  if (vouched.test(commentIn(lines[line - 1] ?? ""))) return true;
  for (let above = line - 2; above >= 0 && isComment(lines[above]!); above--) {
    if (vouched.test(lines[above]!)) return true;
  }
  return false;
}

const commentIn = (line: string): string => /\/[/*].*$/.exec(line)?.[0] ?? "";
