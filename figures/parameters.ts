import type { Parameter } from "../stages/model/parameters/parameters.ts";

/** Names of the inferred parameters for people, in the order of the scan's axes. */
export const parameters = {
  v_c: { symbol: "v_{c}", unit: "mm/s" },
  l_stim: { symbol: "l_{stim}", unit: "mm" },
  l_exc: { symbol: "l_{exc}", unit: "mm" },
  l_inh: { symbol: "l_{inh}", unit: "mm" },
  tau2: { symbol: "τ_{2}", unit: "ms" },
  tau1: { symbol: "τ_{1}", unit: "ms" },
} as const satisfies Record<Parameter, { symbol: string; unit: string }>;
export const names = Object.keys(parameters) as Parameter[];

/** A parameter's symbol in plain text. */
export const plain = (name: Parameter): string =>
  parameters[name].symbol.replace("_{1}", "₁").replace("_{2}", "₂").replace(/[{}]/g, "");
