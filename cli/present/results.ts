import { results as printed } from "../../data/notebook.ts";
import type { Configuration } from "../../stages/configuration.ts";
import type { Row } from "../inspect/results.ts";
import { number, spread } from "../output/format.ts";
import { table } from "../output/table.ts";

/** Results beside the notebook's numbers, and under which choices they were obtained. */
export function resultsText(rows: readonly Row[], configuration: Configuration): string {
  const { coefficients, reading, network, cells } = configuration;
  const lines = rows.map((row) => [
    row.quantity,
    hereText(row),
    row.notebook === undefined ? "" : String(row.notebook),
    row.notebook === undefined ? "" : difference(row.here, row.notebook),
    row.unit === "1" ? "" : row.unit,
  ]);
  const choices =
    `Coefficients: ${coefficients}; reading: ${reading}; ${network} with ${cells.exc} and ${cells.inh}.` +
    (hints[coefficients] ?? "");
  const trick =
    `The notebook's residual ${printed.residual} includes a plotting trick; ` +
    `without it, it is ${printed.residualWithoutTrick}.`;
  const hasResidual = rows.some(({ notebook }) => notebook === printed.residual);
  return [
    table(["quantity", "here", "notebook", "difference", "unit"], lines, ["here", "notebook", "difference"]),
    "",
    choices,
    ...(hasResidual ? [trick] : []),
  ].join("\n");
}

/** A number of the pipeline, with as many decimals as the notebook prints; one that cannot be told is NaN. */
export function hereText({ here, sd, notebook }: Row): string {
  if (Number.isNaN(here)) return "not determined";
  if (notebook !== undefined) return here.toFixed(decimalsOf(notebook));
  return sd === undefined ? number(here) : spread(here, sd);
}

const hints: Readonly<Record<string, string>> = {
  fit: " The notebook's printed digits come out with --profile notebook.",
  notebook: " Differences below 1e-7 come from digits that the notebook leaves off its coefficients.",
};

/** Digits after the point, as the notebook prints them. */
export const decimalsOf = (value: number): number => String(value).split(".")[1]?.length ?? 0;

/** "none" where every printed digit agrees. */
function difference(here: number, notebook: number): string {
  const decimals = decimalsOf(notebook);
  if (here.toFixed(decimals) === notebook.toFixed(decimals)) return "none";
  const value = here - notebook;
  return `${value > 0 ? "+" : ""}${Number(value.toPrecision(2))}`;
}
