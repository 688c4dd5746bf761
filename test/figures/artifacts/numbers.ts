import { cells } from "../../../stages/model/parameters/cells.ts";
import { networks } from "../../../stages/model/parameters/networks.ts";

/*
 * Artifacts as stages make them, small and made by hand: figures stay the same while the science changes. Only
 * arithmetic that is the same on every machine; nothing here means anything.
 */

export const numbers = (length: number, of: (k: number) => number) =>
  Float64Array.from({ length }, (_, k) => of(k));
export const bump = (x: number) => 1 / (1 + x * x);
/** Up and down without a period that one sees, −1 to 1. */
export const noise = (k: number) => ((k * 7919) % 101) / 50 - 1;

export const network = { ...networks.CONFIG1, N: 50 };
export const pair = { exc: cells["RS-cell"], inh: cells["FS-cell"] };
export const field = { cells: pair, network, reading: "as-coded" as const, mean_field: { T: 5, drive: 4 } };
