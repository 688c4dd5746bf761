import { z } from "zod";
import { interval, positive, quantity } from "../parameters/units.ts";
import { crossingSchema } from "./crossing.ts";

const piecesSchema = z
  .union([z.literal("flanks"), z.array(interval("mm", "a piece")).min(1).max(100)])
  .default("flanks")
  .meta({
    unit: "mm",
    description: "where a speed is fitted: on both sides of the earliest point, or between",
  });

/** A value below 1 % was probably meant as a fraction. */
const percent = (description: string) => quantity("%", description).min(1).max(99);

/**
 * How early-response lines and speeds are found in recordings and in trials. It is apart from the stages, so that
 * graphs do not load the packages of quantiles.
 */
export const propagationSchema = z.strictObject({
  crossing: crossingSchema.default("interpolated"),
  confidence: quantity("%", "how often a speed's interval is to cover it").min(50).max(99.9).default(95),
  recording: z
    .strictObject({
      level: percent("the rise of a row is timed at so much of its peak").default(60),
      least: quantity("‰", "smallest peak of a row that counts as a response").min(0).default(0.4),
      before: z
        .union([z.literal("peak"), z.number()])
        .default("peak")
        .meta({ unit: "ms", description: "later rises are not fitted; peak is that of the mean over space" }),
      pieces: piecesSchema,
    })
    .prefault({}),
  trial: z
    .strictObject({
      level: percent("the rise of a pixel is timed at so much of its largest δV").default(20),
      least: percent("smallest δV of a pixel that counts, of the largest of all").default(5),
      after: positive("ms", "what is earlier is not looked at").max(10_000).default(20),
      pieces: piecesSchema,
    })
    .prefault({}),
});
/** What early-response lines of trials depend on, and those of recordings. */
export const trialPropagationSchema = z.strictObject({
  propagation: propagationSchema.omit({ recording: true }),
});
export const recordingPropagationSchema = z.strictObject({
  propagation: propagationSchema.omit({ trial: true }),
});

export type Propagation = z.infer<typeof propagationSchema>;
