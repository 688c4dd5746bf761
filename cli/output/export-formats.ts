import { encodeCsv, tableOf } from "../../data/csv.ts";
import { encodeNpz } from "../../data/npz.ts";
import { encodeZarr } from "../../data/zarr.ts";
import type { Artifact, StageNode } from "../../pipeline/index.ts";
import { dtypeOf } from "../../pipeline/inspect.ts";
import type { Result } from "../../pipeline/testing.ts";
import { labelled } from "./labelled.ts";

/** A stage's artifact, as it is computed under the configuration in force. */
export interface Computed {
  readonly node: StageNode;
  readonly result: Result;
  readonly artifact: Artifact;
}

/** What a stage's artifact can be exported as, for other programs. */
export const formats = {
  npz: ({ artifact }: Computed) => encodeNpz(labelled(artifact)),
  csv: ({ artifact }: Computed) => encodeCsv(tableOf(labelled(artifact))),
  json: jsonText,
  zarr: ({ node, result: { key, content }, artifact }: Computed) =>
    encodeZarr(artifact.arrays, { ...artifact.values, stage: node.name, key, content }, { gzip: true }),
} as const;
export type Format = keyof typeof formats;

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
