import * as Plot from "@observablehq/plot";
import type { Doubles } from "../stages/arrays.ts";
import type { Chart } from "./chart.ts";
import { listed, rounded, written } from "./number.ts";
import { panels, type Row } from "./panels.ts";
import type { Picture } from "./picture.ts";
import type { Made } from "./results.ts";
import { extent } from "./series.ts";
import { type Look, themes } from "./theme.ts";

/** The scanned parameters as they are written, in the order of the scan's axes. */
export const parameters = {
  v_c: { symbol: "v_{c}", unit: "mm/s" },
  l_stim: { symbol: "l_{stim}", unit: "mm" },
  l_exc: { symbol: "l_{exc}", unit: "mm" },
  l_inh: { symbol: "l_{inh}", unit: "mm" },
  tau2: { symbol: "τ_{2}", unit: "ms" },
  tau1: { symbol: "τ_{1}", unit: "ms" },
} as const;
export type Parameter = keyof typeof parameters;
const names = Object.keys(parameters) as Parameter[];

/** The artifact of the scan, a grid: residuals along the parameters and the recordings. */
export type Scan = Made<{
  readonly arrays: Readonly<Record<Parameter | "residual", Doubles>>;
  readonly values: { readonly recording?: readonly string[] };
}>;

/** How residuals are spread at one value of a parameter, over all values of the others. */
interface Spread {
  readonly value: number;
  readonly least: number;
  readonly quarter: number;
  readonly median: number;
  readonly threeQuarters: number;
  readonly most: number;
}

interface Marginals {
  readonly best: Readonly<Record<Parameter, number>> & { readonly residual: number };
  readonly spreads: Readonly<Record<Parameter, readonly Spread[]>>;
}

/** A recording's residuals seen from each parameter. Undefined where none is a number. */
export function marginalsOf({ artifact: { arrays } }: Scan, recording: number): Marginals | undefined {
  const { data, shape } = arrays.residual;
  const recordings = shape.at(-1)!;
  const points = data.length / recordings;
  const groups = names.map((name) => Array.from(arrays[name].data, (): number[] => []));
  let [least, best] = [Number.POSITIVE_INFINITY, -1];
  for (let point = 0; point < points; point++) {
    const residual = data[point * recordings + recording]!;
    if (!Number.isFinite(residual)) continue;
    if (residual < least) [least, best] = [residual, point];
    coordinates(shape, point).forEach((at, axis) => {
      groups[axis]![at]!.push(residual);
    });
  }
  if (best < 0) return undefined;
  const at = coordinates(shape, best);
  const chosen = Object.fromEntries(names.map((name, axis) => [name, arrays[name].data[at[axis]!]!]));
  const spreads = names.map((name, axis) => [
    name,
    groups[axis]!.flatMap((residuals, k) =>
      residuals.length ? [spreadOf(arrays[name].data[k]!, residuals)] : [],
    ),
  ]);
  return { best: { ...chosen, residual: least }, spreads: Object.fromEntries(spreads) } as Marginals;
}

/** Where a point lies along the axes; the last axis before that of the recordings is fastest. */
function coordinates(shape: readonly number[], point: number): number[] {
  const at: number[] = [];
  for (let axis = shape.length - 2, rest = point; axis >= 0; axis--) {
    at.unshift(rest % shape[axis]!);
    rest = Math.floor(rest / shape[axis]!);
  }
  return at;
}

function spreadOf(value: number, residuals: number[]): Spread {
  const sorted = residuals.sort((a, b) => a - b);
  const quantile = (share: number) => sorted[Math.round(share * (sorted.length - 1))]!;
  return {
    ...{ value, least: sorted[0]!, most: sorted.at(-1)! },
    ...{ quarter: quantile(0.25), median: quantile(0.5), threeQuarters: quantile(0.75) },
  };
}

/** One recording's residuals over the six parameters. */
export const scanFigure: Picture<{ scan: Scan; recording: string }> = {
  title: "Residuals over the parameters",

  caption({ scan, recording }) {
    const marginals = marginalsOf(scan, indexOf(scan, recording));
    const { shape, data } = scan.artifact.arrays.residual;
    const trials = data.length / shape.at(-1)!;
    if (!marginals) return `Recording ${recording} has no residuals.`;
    const { best } = marginals;
    const set = names.map((name) => `${plain(name)} ${written(best[name])} ${parameters[name].unit}`);
    return (
      `Residuals of recording ${recording} for ${trials} sets of six parameters, against each parameter: whole range ` +
      "(thin), middle half (thick) and median (tick) over all values of the others, and the least (line). " +
      `The best set (point, residual ${rounded(best.residual, 4)}): ${listed(set)}.`
    );
  },

  draw(input, look) {
    const { scan, recording } = input;
    const marginals = marginalsOf(scan, indexOf(scan, recording));
    const charts = names.map((name) => marginal(name, marginals, look));
    const theme = themes[look.theme];
    const rows: Row[] = [
      ...inRows(charts, look, 120),
      {
        legend: [
          { label: "least residual", colour: theme.model, form: "line" },
          { label: "all, middle half", colour: theme.muted, form: "bar" },
          { label: "best", colour: theme.best, form: "dot" },
        ],
      },
    ];
    return panels({ name: `${this.title}, ${recording}`, caption: this.caption(input), rows }, look);
  },
};

export const indexOf = ({ artifact: { values } }: Scan, recording: string): number =>
  (values.recording ?? []).indexOf(recording);

/** A parameter's symbol as plain text has it. */
export const plain = (name: Parameter): string => parameters[name].symbol.replace(/[{}]/g, "");

/** Two charts in a row, or three where there is room. */
export function inRows(charts: readonly Chart[], look: Look, height: number): Row[] {
  const perRow = look.width < 480 ? 2 : 3;
  return Array.from({ length: Math.ceil(charts.length / perRow) }, (_, row) => ({
    height,
    charts: charts.slice(row * perRow, (row + 1) * perRow),
  }));
}

/** The axis of a scanned parameter, with its values as ticks as far as they have room. */
export function axisOf(name: Parameter, values: ArrayLike<number>) {
  const [low, high] = extent(values) ?? [0, 1];
  const margin = (high - low) / 12 || 0.5;
  const { symbol, unit } = parameters[name];
  return { label: `${symbol} (${unit})`, domain: [low - margin, high + margin] as const };
}

function marginal(name: Parameter, marginals: Marginals | undefined, look: Look): Chart {
  const theme = themes[look.theme];
  const spreads = marginals?.spreads[name] ?? [];
  const x = axisOf(
    name,
    spreads.map(({ value }) => value),
  );
  const range = extent(
    Object.values(marginals?.spreads ?? {}).flatMap((all) => all.flatMap(({ least, most }) => [least, most])),
  );
  const half = (x.domain[1] - x.domain[0]) / 50;
  const tick = { y: "median", x1: (s: Spread) => s.value - half, x2: (s: Spread) => s.value + half };
  return {
    x,
    y: { label: "residual", ...logarithmic(range) },
    empty: marginals ? undefined : "no residuals",
    marks: [
      Plot.ruleX(spreads, { x: "value", y1: "least", y2: "most", stroke: theme.faint, strokeWidth: 1.5 }),
      Plot.ruleX(spreads, {
        x: "value",
        y1: "quarter",
        y2: "threeQuarters",
        stroke: theme.muted,
        strokeWidth: 4,
        strokeLinecap: "butt",
      }),
      Plot.ruleY(spreads, { ...tick, stroke: theme.ink, strokeWidth: 1.5 }),
      Plot.line(spreads, { x: "value", y: "least", stroke: theme.model, strokeWidth: 1.6 }),
      ...(marginals
        ? [
            Plot.dot([marginals.best], {
              x: name,
              y: "residual",
              r: 4,
              fill: theme.best,
              stroke: theme.ink,
              strokeWidth: 0.8,
            }),
          ]
        : []),
    ],
  };
}

/** A logarithmic axis around values, with ticks at 1, 2 and 5 times powers of ten, or fewer. */
export function logarithmic(range: readonly [number, number] | undefined) {
  const [least, most] = range && range[0] > 0 ? range : ([1, 10] as const);
  const domain = [least / 1.15, most * 1.15] as const;
  const decades = Array.from({ length: 25 }, (_, k) => k - 12);
  const at = (digits: readonly number[]) =>
    decades
      .flatMap((decade) => digits.map((digit) => Number(`${digit}e${decade}`)))
      .filter((tick) => tick >= domain[0] && tick <= domain[1]);
  const ticks =
    [at([1]), at([1, 3]), at([1, 2, 5])].find(({ length }) => length >= 3) ?? at([1, 2, 3, 4, 5, 6, 8]);
  return { domain, ticks, log: true };
}
