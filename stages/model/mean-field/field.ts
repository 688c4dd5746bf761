import { z } from "zod";
import { cellSchema } from "../parameters/cell.ts";
import { networkSchema } from "../parameters/network.ts";
import { readingSchema } from "../parameters/reading.ts";
import { positive, quantity } from "../parameters/units.ts";
import { type Coefficients, populationOf } from "../transfer-function/transfer-function.ts";
import type { MeanField } from "./mean-field.ts";

export const meanFieldSchema = z.strictObject({
  T: positive("ms", "time constant of the mean field").max(1000).default(5),
  drive: quantity("Hz", "external drive; the network's unless given").min(0).max(1000).optional(),
});

/** What every stage of the mean field depends on. */
export const fieldSchema = {
  cells: z.strictObject({ exc: cellSchema, inh: cellSchema }),
  network: networkSchema,
  reading: readingSchema,
  mean_field: meanFieldSchema.required(),
};
const schema = z.strictObject(fieldSchema);
export type FieldParameters = z.infer<typeof schema>;

/** The coefficients of both cells, as stage inputs. */
export interface FieldInputs extends Readonly<Record<string, Coefficients>> {
  readonly exc: Coefficients;
  readonly inh: Coefficients;
}

/** The mean field of an excitatory-inhibitory network. */
export function meanFieldOf(
  { cells, network, reading, mean_field }: FieldParameters,
  coefficients: { readonly exc: Coefficients; readonly inh: Coefficients },
): MeanField {
  return {
    exc: populationOf(cells.exc, network, reading, coefficients.exc),
    inh: populationOf(cells.inh, network, reading, coefficients.inh),
    T: mean_field.T / 1e3,
    Ne: (1 - network.g) * network.N,
    Ni: network.g * network.N,
  };
}

/** The drive alone, on both populations. */
export const driveOf = ({ mean_field: { drive } }: FieldParameters) => ({ exc: drive, inh: drive });
