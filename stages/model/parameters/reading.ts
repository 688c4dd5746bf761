import { z } from "zod";

/** as-coded: what the notebook ran; as-published: what the paper's equations say (docs/model.md, "Two readings"). */
export const readings = ["as-coded", "as-published"] as const;
export const readingSchema = z
  .enum(readings)
  .meta({ description: "which of the two readings of the equations" });
export type Reading = (typeof readings)[number];
