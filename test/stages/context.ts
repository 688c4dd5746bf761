import { coefficients } from "../../data/notebook.ts";
import { cells } from "../../stages/model/parameters/cells.ts";
import { networks } from "../../stages/model/parameters/networks.ts";
import type { Coefficients } from "../../stages/model/transfer-function/transfer-function.ts";

/** What a stage is given besides parameters and inputs when nothing watches it. */
export const idle = { signal: new AbortController().signal, progress: async () => {} };

const printed = (cell: "RS-cell" | "FS-cell"): Coefficients => ({
  arrays: {
    P: { data: Float64Array.from(coefficients.notebook[cell]!), shape: [11], dims: ["term"], units: "V" },
  },
  values: { reading: "as-coded" },
});

/** The notebook's printed coefficients as stage inputs. */
export const notebook = { exc: printed("RS-cell"), inh: printed("FS-cell") };

/** Parameters of the notebook's mean field at a drive in Hz. */
export const field = (drive: number) => ({
  cells: { exc: cells["RS-cell"], inh: cells["FS-cell"] },
  network: networks.CONFIG1,
  reading: "as-coded" as const,
  mean_field: { T: 5, drive },
});
