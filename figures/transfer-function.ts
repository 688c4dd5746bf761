import * as Plot from "@observablehq/plot";
import type tfFit from "../stages/tf-fit.ts";
import type tfSimulation from "../stages/tf-simulation.ts";
import type { Chart } from "./chart.ts";
import type { FigureKind } from "./figure-kind.ts";
import { listed, rounded, written } from "./number.ts";
import { extent, padded } from "./series.ts";
import type { OutputOf } from "./stage-output.ts";
import { type Look, themes } from "./theme.ts";

export interface Cell {
  readonly table: OutputOf<typeof tfSimulation>;
  readonly fit: OutputOf<typeof tfFit>;
}

/** Output rates of the cells over their input rates, simulated and fitted. */
export const transferFunction: FigureKind<{ cells: readonly Cell[] }> = {
  title: "Transfer functions, simulated and fitted",

  caption({ cells }) {
    const { params, artifact } = cells[0]!.table;
    const rates = extent(artifact.arrays.nu_i.data) ?? [0, 0];
    const errors = cells.map(
      ({ fit }) => `${rounded(Math.sqrt(fit.artifact.values.rate_mse))} Hz for ${fit.params.cell.name}`,
    );
    return (
      "Output rate of the cells against the excitatory rate per synapse, for inhibitory rates ν_i of " +
      `${written(rates[0])} to ${written(rates[1])} Hz (colour). Above: means and standard deviations of ` +
      `${params.tf.seeds} simulations of ${written(params.tf.duration)} s each (points) and the fitted transfer ` +
      `function (lines; reading ${cells[0]!.fit.params.reading}). Below: what the fit is off by; root mean squares are ` +
      `${listed(errors)}.`
    );
  },

  rows({ cells }, look) {
    return [
      { height: 168, charts: cells.map((cell, k) => curves(cell, k === cells.length - 1, look)) },
      { height: 96, charts: cells.map((cell, k) => errors(cell, k === cells.length - 1, look)) },
    ];
  },
};

/** The last colours of the ramp are too light for thin lines on white. */
const inks = (look: Look): readonly string[] =>
  look.theme === "light" ? themes.light.sequential.slice(0, -2) : themes.dark.sequential.slice(3);

interface Inhibition {
  readonly colours: readonly string[];
  readonly domain: readonly [number, number];
  colour(row: number): string;
}

/** A colour for each row of the table, by its ν_i. */
function inhibition({ table }: Cell, look: Look): Inhibition {
  const { data } = table.artifact.arrays.nu_i;
  const domain = extent(data) ?? [0, 1];
  const colours = inks(look);
  return {
    colours,
    domain,
    colour(row) {
      const share = (data[row]! - domain[0]) / (domain[1] - domain[0] || 1);
      return colours[Math.min(Math.floor(share * colours.length), colours.length - 1)]!;
    },
  };
}

const input = "ν_{e} (Hz)";

function curves(cell: Cell, isLast: boolean, look: Look): Chart {
  const { table, fit } = cell;
  const { nu_e, rate_mean, rate_sd } = table.artifact.arrays;
  const { curve_nu_e, curve_rate } = fit.artifact.arrays;
  const [rows, columns] = nu_e.shape as [number, number];
  const points = curve_rate.shape[1]!;
  const { colours, domain, colour } = inhibition(cell, look);
  const dots = Array.from(rate_mean.data, (rate, k) => ({
    ...{ x: nu_e.data[k]!, y: rate, low: rate - rate_sd.data[k]!, high: rate + rate_sd.data[k]! },
    fill: colour(Math.floor(k / columns)),
  }));
  const most = extent(rate_mean.data, curve_rate.data)?.[1] ?? 1;
  return {
    title: fit.params.cell.name,
    x: { label: input, domain: [0, extent(nu_e.data)?.[1] ?? 1], silent: true },
    y: { label: "output rate (Hz)", domain: [0, most] },
    ...(isLast && { bar: { label: "ν_{i} (Hz)", domain, colours } }),
    marks: [
      ...Array.from({ length: rows }, (_, row) => {
        const part = ({ data }: { data: Float64Array }) => data.subarray(row * points, (row + 1) * points);
        return Plot.line(part(curve_rate), {
          ...{ x: part(curve_nu_e), y: part(curve_rate), stroke: colour(row), strokeWidth: 1.1 },
        });
      }),
      Plot.ruleX(dots, { x: "x", y1: "low", y2: "high", stroke: "fill", strokeWidth: 1 }),
      Plot.dot(dots, { x: "x", y: "y", fill: "fill", r: 1.8 }),
    ],
  };
}

function errors(cell: Cell, isLast: boolean, look: Look): Chart {
  const { table, fit } = cell;
  const { nu_e, rate_mean } = table.artifact.arrays;
  const columns = nu_e.shape[1]!;
  const { colours, domain, colour } = inhibition(cell, look);
  const off = fit.artifact.arrays.fitted.data.map((rate, k) => rate - rate_mean.data[k]!);
  const dots = Array.from(off, (y, k) => ({ x: nu_e.data[k]!, y, fill: colour(Math.floor(k / columns)) }));
  const largest = Math.max(...(extent(off) ?? [1]).map(Math.abs));
  return {
    x: { label: input, domain: [0, extent(nu_e.data)?.[1] ?? 1] },
    y: { label: "fit − simulation (Hz)", domain: padded([-largest, largest]) },
    ...(isLast && { bar: { label: "ν_{i} (Hz)", domain, colours, silent: true } }),
    marks: [
      Plot.ruleY([0], { stroke: themes[look.theme].faint }),
      Plot.dot(dots, { x: "x", y: "y", fill: "fill", r: 1.6 }),
    ],
  };
}
