import { z } from "zod";
import { positive } from "./model/parameters/units.ts";
import { rangesSchema } from "./scan.ts";

const duration = positive("ms", "how long the stimulus lasted").max(10_000);

/** What inference needs besides a scan. Apart from the stage, so that graphs do not load the packages of its tests. */
export const inferenceSchema = z.strictObject({
  durations: z.record(z.string(), duration).default({}).meta({
    unit: "ms",
    description: "how long the stimulus lasted, by recording; as the files' names say unless given",
  }),
});

/** What inference needs besides a refinement. */
export const refinedInferenceSchema = inferenceSchema.extend({ ranges: rangesSchema });
