import * as Plot from "@observablehq/plot";
import type { PropagationArtifact } from "../stages/model/propagation/propagation-artifact.ts";
import { withMinus } from "./number.ts";
import { extent } from "./series.ts";
import { type Look, themes } from "./theme.ts";

/** The time at which the response reaches each row, and straight lines through pieces: ms = intercept + slope · mm. */
export type Crossings = { readonly artifact: PropagationArtifact };

/** Their captions. */
export const crossingSentences = ({ artifact: { values } }: Crossings): string =>
  withMinus(`${[values.line, ...values.speeds].join("; ")}.`);

/** The line of first responses, on a map. */
export function crossingLine({ artifact: { arrays } }: Crossings, look: Look): Plot.Markish {
  const { space, crossing } = arrays;
  return Plot.line(crossing.data, {
    ...{ x: crossing.data, y: space.data },
    ...{ stroke: themes[look.theme].onMap, strokeWidth: 1.5 },
  });
}

/** Response times of rows as dots, and the straight lines through pieces, within a window, ms. */
export function pieceLines(
  crossings: Crossings,
  [first, last]: readonly [number, number],
  look: Look,
): Plot.Markish[] {
  const { onMap } = themes[look.theme];
  const within = ({ t }: { t: number }) => t >= first && t <= last;
  const lines = endsOf(crossings).filter((ends) => ends.every(within));
  return [
    Plot.dot(pointsOf(crossings).filter(within), { x: "t", y: "x", fill: onMap, fillOpacity: 0.7, r: 0.8 }),
    ...lines.map((ends) => Plot.line(ends, { x: "t", y: "x", stroke: onMap, strokeWidth: 2 })),
  ];
}

/** The begin of the first and the end of the last line, ms; undefined if there is none. */
export const spanOf = (crossings: Crossings): readonly [number, number] | undefined =>
  extent(endsOf(crossings).flatMap((ends) => ends.map(({ t }) => t)));

const pointsOf = ({ artifact: { arrays } }: Crossings) =>
  Array.from(arrays.crossing.data, (t, k) => ({ t, x: arrays.space.data[k]! }));

/** Begin and end of each line; a piece may reach beyond the rows that exist. */
function endsOf(crossings: Crossings): { t: number; x: number }[][] {
  const { from, to, slope, intercept } = crossings.artifact.arrays;
  const places = pointsOf(crossings)
    .filter(({ t }) => Number.isFinite(t))
    .map(({ x }) => x);
  return Array.from(slope.data, (b, k) => {
    const rows = extent(places.filter((x) => x >= from.data[k]! && x <= to.data[k]!));
    return (rows ?? []).map((x) => ({ t: intercept.data[k]! + b * x, x }));
  });
}
