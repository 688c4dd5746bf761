import type { z } from "zod";
import type { Artifact, Stage } from "../pipeline/index.ts";
import { refinedInferenceSchema } from "./inference-settings.ts";
import { type Doubles, vector } from "./labelled-arrays.ts";
import {
  type InferredArrays,
  type InferredValues,
  inferenceSummary,
} from "./model/inference/inference-summary.ts";
import { eachParameter } from "./model/parameters/parameters.ts";
import type { Refinement } from "./refinement.ts";

/** Each recording's refined parameters, and the statistics of all. */
export type RefinedInference = Artifact<InferredArrays & { readonly residual: Doubles }, InferredValues>;

const refinedInference: Stage<
  z.infer<typeof refinedInferenceSchema>,
  { refinement: Refinement },
  RefinedInference
> = {
  id: "refined-inference",
  params: refinedInferenceSchema,
  async run({ params: { durations, ranges }, inputs: { refinement } }) {
    const { arrays, values } = inferenceSummary({
      recordings: refinement.values.recording as readonly string[],
      durations,
      columns: eachParameter((name) => ({
        values: refinement.arrays[name].data,
        units: refinement.arrays[name].units,
      })),
      ranges: eachParameter((name) => ({ low: ranges[name][0], high: ranges[name][1] })),
    });
    return {
      arrays: { ...arrays, residual: vector("recording", refinement.arrays.residual.data, "1") },
      values,
    };
  },
};
export default refinedInference;
