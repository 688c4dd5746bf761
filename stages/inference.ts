import type { z } from "zod";
import type { Artifact, LabelledArray, Stage } from "../pipeline/index.ts";
import { inferenceSchema } from "./inference-settings.ts";
import { type Doubles, vector } from "./labelled-arrays.ts";
import { bestFits } from "./model/inference/best-fits.ts";
import {
  type InferredArrays,
  type InferredValues,
  inferenceSummary,
} from "./model/inference/inference-summary.ts";
import { eachParameter } from "./model/parameters/parameters.ts";
import type { Scan } from "./scan.ts";

/** Each recording's best set of the scan, its residual, how many sets share that, and the statistics of all. */
export type Inference = Artifact<
  InferredArrays & { readonly residual: Doubles; readonly shared: LabelledArray<Int32Array> },
  InferredValues
>;

const inference: Stage<z.infer<typeof inferenceSchema>, { scan: Scan }, Inference> = {
  id: "inference",
  params: inferenceSchema,
  async run({ params: { durations }, inputs: { scan } }) {
    const recordings = scan.values.recording as readonly string[];
    const { residual, at, shared } = bestFits(scan.arrays.residual, recordings);
    const axes = eachParameter((name) => scan.arrays[name]);
    const { arrays, values } = inferenceSummary({
      recordings,
      durations,
      columns: eachParameter((name, axis) => ({
        values: Float64Array.from(at[axis]!, (place) => axes[name].data[place]!),
        units: axes[name].units,
      })),
      ranges: eachParameter((name) => {
        const { data } = axes[name];
        return { low: data[0]!, high: data.at(-1)!, points: data.length };
      }),
    });
    const ties = recordings.filter((_, k) => shared[k]! > 1);
    return {
      arrays: {
        ...arrays,
        residual: vector("recording", residual, "1"),
        shared: vector("recording", shared, "1"),
      },
      values: { ...values, warnings: [...values.warnings, ...tieWarnings(ties)] },
    };
  },
};
export default inference;

const tieWarnings = (recordings: readonly string[]): string[] =>
  recordings.length === 0
    ? []
    : [
        `Several sets share the smallest residual against ${recordings.join(", ")}: told is the first, in the ` +
          "order of the axes; what differs between them the recording does not determine.",
      ];
