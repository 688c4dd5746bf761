import type { Artifact, LabelledArray } from "../../pipeline/index.ts";

/** The file that something of a stage, or of a figure, goes to unless said otherwise: "ring-trial-baseline.csv". */
export const fileOf = (name: string, ending: string): string => `${name.replaceAll("/", "-")}.${ending}`;

/** All arrays by name, coordinates first, then the numbers among the values as arrays without dimensions. */
export function labelled({ arrays, values }: Artifact): Record<string, LabelledArray> {
  const isCoordinate = ([name, { dims }]: [string, LabelledArray]) => dims.length === 1 && dims[0] === name;
  const entries = Object.entries(arrays);
  const all: Record<string, LabelledArray> = Object.fromEntries([
    ...entries.filter(isCoordinate).sort(byPlace(entries)),
    ...entries.filter((entry) => !isCoordinate(entry)),
  ]);
  for (const [name, value] of Object.entries(values)) {
    if (typeof value !== "number" || Object.hasOwn(all, name)) continue;
    all[name] = { data: Float64Array.of(value), shape: [], dims: [], units: "1" };
  }
  return all;
}

/** Coordinates in the order in which the other arrays have them as dimensions. */
function byPlace(entries: readonly [string, LabelledArray][]) {
  const dims = [
    ...new Set(
      entries.toSorted(([, a], [, b]) => b.dims.length - a.dims.length).flatMap(([, { dims }]) => dims),
    ),
  ];
  return ([a]: [string, unknown], [b]: [string, unknown]) => dims.indexOf(a) - dims.indexOf(b);
}
