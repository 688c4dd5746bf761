import * as Plot from "@observablehq/plot";
import type { PropagationArtifact } from "../stages/model/propagation-artifact.ts";
import { extent } from "./series.ts";
import { type Look, themes } from "./theme.ts";

/** When the response reaches each row, and straight lines through pieces of that, ms = intercept + slope · mm. */
export type Crossings = { readonly artifact: PropagationArtifact };

/** What there is to say of them. */
export const crossingSentences = ({ artifact: { values } }: Crossings): string =>
  `${[values.line, ...values.speeds].join("; ")}.`;

/** The line of first responses, upon a map. */
export function crossingLine({ artifact: { arrays } }: Crossings, look: Look): Plot.Markish {
  const { space, crossing } = arrays;
  return Plot.line(crossing.data, {
    ...{ x: crossing.data, y: space.data },
    ...{ stroke: themes[look.theme].onMap, strokeWidth: 1.5 },
  });
}

/** When rows respond, as dots, and the straight lines through pieces of them, as far as they lie within a window, ms. */
export function pieceLines(
  { artifact: { arrays } }: Crossings,
  [first, last]: readonly [number, number],
  look: Look,
): Plot.Markish[] {
  const { onMap } = themes[look.theme];
  const { space, crossing, from, to, slope, intercept } = arrays;
  const within = (t: number) => t >= first && t <= last;
  const dots = Array.from(crossing.data, (t, k) => ({ t, x: space.data[k]! })).filter(({ t }) => within(t));
  const lines = Array.from(slope.data, (b, k) => {
    // A piece may be said to reach beyond the rows that there are.
    const rows = extent(dots.map(({ x }) => x).filter((x) => x >= from.data[k]! && x <= to.data[k]!));
    const ends = (rows ?? []).map((x) => ({ t: intercept.data[k]! + b * x, x }));
    return ends.every(({ t }) => within(t)) ? ends : [];
  });
  return [
    Plot.dot(dots, { x: "t", y: "x", fill: onMap, fillOpacity: 0.7, r: 0.8 }),
    ...lines.map((ends) => Plot.line(ends, { x: "t", y: "x", stroke: onMap, strokeWidth: 2 })),
  ];
}
