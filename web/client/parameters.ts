import type { Json } from "../../pipeline/artifact/artifact.ts";
import type { ParameterInfo } from "../protocol.ts";

/** Parameters of one part of the model, as they are shown together. */
export interface Section {
  readonly name: string;
  readonly title: string;
  readonly parameters: readonly ParameterInfo[];
}

/** The sections in front, and how sections are called where the first part of a path does not say it. */
const titles: Readonly<Record<string, string>> = {
  ring: "Ring",
  "": "Model",
  mean_field: "Mean field",
  residual: "Comparison with recordings",
  scan: "Scan",
  tf: "Transfer functions",
  waveform: "Waveform",
  spiking: "Spiking networks",
  propagation: "Propagation",
  inference: "Inference",
  refinement: "Refinement",
  posterior: "Posterior",
};

/** Parameters by section, those of the ring in front. */
export function sectionsOf(parameters: readonly ParameterInfo[]): Section[] {
  const names = new Set([...Object.keys(titles), ...parameters.map(sectionOf)]);
  return [...names]
    .map((name) => ({
      name,
      title: titles[name] ?? name,
      parameters: parameters.filter((parameter) => sectionOf(parameter) === name),
    }))
    .filter((section) => section.parameters.length > 0);
}

/** "ring" of ring.v_c; empty of what stands alone, or is no more than a pair. */
function sectionOf({ path }: ParameterInfo): string {
  const [first = "", ...others] = path.split(".");
  return others.length === 0 || first === "cells" ? "" : first;
}

/** What a parameter is called within its section: "v_c", "trial.level". */
export const nameOf = ({ path }: ParameterInfo): string =>
  path.startsWith("cells.") ? path : path.slice(path.indexOf(".") + 1);

/** Whether a parameter is what somebody looks for: each word stands in its path, description or unit. */
export function isFound({ path, description, unit, choices }: ParameterInfo, search: string): boolean {
  const text = [path, description, unit, ...choices].join(" ").toLowerCase();
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

/** What a field's text means for a parameter: a number where it is one, JSON for lists, nothing for its base of nothing. */
export function valueGiven({ type, base }: Pick<ParameterInfo, "type" | "base">, text: string): Json {
  const trimmed = text.trim().replace("−", "-");
  if (trimmed === "" && base === null) return null;
  if (type === "choice" || type === "text") return trimmed;
  if (type === "number" || type === "whole number") {
    const value = Number(trimmed);
    return trimmed !== "" && Number.isFinite(value) ? value : trimmed;
  }
  try {
    return JSON.parse(trimmed) as Json;
  } catch {
    return trimmed;
  }
}

/** The sentences about a parameter among all. */
export const faultsOf = ({ path }: ParameterInfo, faults: readonly string[]): readonly string[] =>
  faults.filter(
    (fault) => fault.startsWith(`${path} `) || fault.includes(` ${path} `) || fault.startsWith(`${path}.`),
  );
