import { anchorOf } from "./markup.ts";

/** A colour as an attribute of a figure has it. */
const painted = / (fill|stroke|color)="(#[0-9a-f]{6})"/g;

/**
 * For each colour of a light drawing the one that the dark drawing has in its place; undefined where they differ in
 * more than colours, or one colour has several in its place.
 */
export function sistersOf(light: string, dark: string): ReadonlyMap<string, string> | undefined {
  const unpainted = (svg: string) => svg.replace(painted, ' $1=""');
  if (unpainted(light) !== unpainted(dark)) return undefined;
  const [before, after] = [light, dark].map((svg) =>
    Array.from(svg.matchAll(painted), ([, , colour]) => colour!),
  );
  const sisters = new Map<string, string>();
  for (const [k, colour] of before!.entries()) {
    const sister = after![k]!;
    if ((sisters.get(colour) ?? sister) !== sister) return undefined;
    sisters.set(colour, sister);
  }
  return sisters;
}

/**
 * Rules that make light drawings dark where a page is dark, so that a page holds each drawing once: colours that all
 * have in common, and what single ones do otherwise.
 *
 * @param drawings by the names of their figures
 */
export function darkRules(drawings: ReadonlyMap<string, ReadonlyMap<string, string>>): string {
  const common = new Map<string, string>();
  const rules: string[] = [];
  for (const [name, sisters] of drawings) {
    for (const [colour, sister] of sisters) {
      const usual = common.get(colour) ?? sister;
      if (!common.has(colour)) {
        common.set(colour, sister);
        if (colour !== sister) rules.push(...rulesFor("figure", colour, sister));
      }
      if (usual !== sister) rules.push(...rulesFor(`#figure-${anchorOf(name)}`, colour, sister));
    }
  }
  return rules.join("\n");
}

const rulesFor = (within: string, colour: string, sister: string): string[] =>
  ["fill", "stroke", "color"].map((property) => `${within} [${property}="${colour}"]{${property}:${sister}}`);
