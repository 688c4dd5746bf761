import { z } from "zod";

/** A number with a unit. `why`, error messages and help texts read both from the schema. */
export function quantity(unit: string, description: string): z.ZodNumber {
  return z.number().meta({ unit, description });
}

export const positive = (unit: string, description: string): z.ZodNumber =>
  quantity(unit, description).positive();

/** A count, at least `least`. */
export const count = (least: number, most: number, description: string): z.ZodNumber =>
  z.int().min(least).max(most).meta({ description });

/** Two rising bounds. */
export const interval = (unit: string, description: string) =>
  z
    .tuple([z.number(), z.number()])
    .refine(([low, high]) => low < high, { error: "must rise from low to high" })
    .meta({ unit, description });
