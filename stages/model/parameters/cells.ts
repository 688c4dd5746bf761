import { type CellParameters, cellSchema } from "./cell.ts";

const cell = (name: string, values: readonly number[]): CellParameters => {
  const [Gl, Cm, Trefrac, El, Vthre, Vreset, delta_v, a, b, tauw] = values;
  return cellSchema.parse({ name, Gl, Cm, Trefrac, El, Vthre, Vreset, delta_v, a, b, tauw });
};

/** The cells of the paper and its code (docs/model.md, "Cells"). */
export const cells = {
  "RS-cell": cell("RS-cell", [10, 200, 5, -65, -50, -65, 2, 4, 20, 500]),
  "FS-cell": cell("FS-cell", [10, 200, 5, -65, -50, -65, 0.5, 0, 0, 1e9]),
  "RS-cell2": cell("RS-cell2", [10, 200, 5, -65, -50, -65, 2, 0, 0, 500]),
  LIF: cell("LIF", [10, 150, 5, -60, -50, -60, 0, 0, 0, 1e9]),
  EIF: cell("EIF", [10, 150, 5, -60, -50, -60, 2, 0, 0, 1e9]),
  AdExp: cell("AdExp", [10, 150, 5, -60, -50, -60, 2, 4, 20, 500]),
} as const;
export type CellName = keyof typeof cells;
export const cellNames = Object.keys(cells) as [CellName, ...CellName[]];
