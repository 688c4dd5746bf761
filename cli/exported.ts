import { encodeCsv, tableOf } from "../data/csv.ts";
import { encodeNpz } from "../data/npz.ts";
import { encodeZarr } from "../data/zarr.ts";
import { type Artifact, dtypeOf, type LabelledArray } from "../pipeline/index.ts";
import type { Computed } from "./computed.ts";

/** What a stage's artifact can be exported as, for other programs. */
export const formats = {
  npz: ({ artifact }: Computed) => encodeNpz(labelled(artifact)),
  csv: ({ artifact }: Computed) => encodeCsv(tableOf(labelled(artifact))),
  json: jsonText,
  zarr: ({ node, result: { key, content }, artifact }: Computed) =>
    encodeZarr(artifact.arrays, { ...artifact.values, stage: node.name, key, content }, { gzip: true }),
} as const;
export type Format = keyof typeof formats;

/** All arrays by name, coordinates first, then the numbers among the values as arrays without dimensions. */
function labelled({ arrays, values }: Artifact): Record<string, LabelledArray> {
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

function jsonText({ node, result: { key, content }, artifact }: Computed): string {
  const arrays = Object.entries(artifact.arrays).map(([name, { data, ...rest }]) => [
    name,
    { dtype: dtypeOf(data), ...rest, data: nested([...data], rest.shape) },
  ]);
  const { values } = artifact;
  return `${JSON.stringify({ stage: node.name, key, content, values, arrays: Object.fromEntries(arrays) })}\n`;
}

/** Row-major numbers as lists in lists; NaN becomes null in JSON. */
function nested(data: readonly number[], [length, ...inner]: readonly number[]): unknown {
  if (length === undefined) return data[0];
  const step = inner.reduce((product, each) => product * each, 1);
  return Array.from({ length }, (_, index) => nested(data.slice(index * step, (index + 1) * step), inner));
}
