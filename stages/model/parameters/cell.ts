import { z } from "zod";
import type { Cell } from "../../../kernels/index.ts";
import { positive, quantity } from "./units.ts";

/** An AdEx cell in the paper's units. */
export const cellSchema = z.strictObject({
  name: z.string(),
  Gl: positive("nS", "leak conductance"),
  Cm: positive("pF", "membrane capacitance"),
  Trefrac: quantity("ms", "refractory period").min(0),
  El: quantity("mV", "leak reversal potential"),
  Vthre: quantity("mV", "threshold of the exponential"),
  Vreset: quantity("mV", "reset after a spike"),
  delta_v: quantity("mV", "steepness of the exponential, 0 for none").min(0),
  a: quantity("nS", "subthreshold adaptation"),
  b: quantity("pA", "adaptation current added by a spike"),
  tauw: positive("ms", "adaptation time constant"),
});
export type CellParameters = z.infer<typeof cellSchema>;

/** In SI units. */
export const cellInSI = (cell: CellParameters): Cell => ({
  Gl: cell.Gl * 1e-9,
  Cm: cell.Cm * 1e-12,
  Trefrac: cell.Trefrac * 1e-3,
  El: cell.El * 1e-3,
  Vthre: cell.Vthre * 1e-3,
  Vreset: cell.Vreset * 1e-3,
  delta_v: cell.delta_v * 1e-3,
  a: cell.a * 1e-9,
  b: cell.b * 1e-12,
  tauw: cell.tauw * 1e-3,
});
