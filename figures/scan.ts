import * as Plot from "@observablehq/plot";
import type { Parameter } from "../stages/model/parameters/parameters.ts";
import type { Scan as Gathered } from "../stages/scan.ts";
import type { Chart } from "./chart.ts";
import type { FigureKind } from "./figure-kind.ts";
import { listed, rounded } from "./number.ts";
import type { Row } from "./panels.ts";
import { names, parameters, plain } from "./parameters.ts";
import { extent } from "./series.ts";
import type { StageOutput } from "./stage-output.ts";
import { type Look, themes } from "./theme.ts";

/** The scan. It has no parameters of its own, only those of its points. */
export type Scan = StageOutput<Gathered>;

/** The ends of the scanned ranges. */
export const rangesOf = ({ artifact: { arrays } }: Scan): Record<Parameter, readonly [number, number]> =>
  perParameter((name) => extent(arrays[name].data) ?? [0, 1]);

/** A recording's best set. */
export type Best = Readonly<Record<Parameter, number>> & { readonly residual: number };

/** The least residual at each value of each parameter, over all values of the others; Infinity if there is none. */
export type Envelopes = Readonly<Record<Parameter, Float64Array>>;

/** The point of a recording's least residual; undefined if no residual is a number. */
export function leastOf(scan: Scan, recording: number): { best: Best; envelopes: Envelopes } | undefined {
  const { arrays } = scan.artifact;
  const envelopes = names.map((name) =>
    new Float64Array(arrays[name].data.length).fill(Number.POSITIVE_INFINITY),
  );
  let best: { residual: number; at: readonly number[] } | undefined;
  eachPoint(scan, recording, (residual, at) => {
    for (let axis = 0; axis < at.length; axis++) {
      if (residual < envelopes[axis]![at[axis]!]!) envelopes[axis]![at[axis]!] = residual;
    }
    if (!best || residual < best.residual) best = { residual, at: [...at] };
  });
  if (!best) return undefined;
  const { residual, at } = best;
  return {
    best: { ...perParameter((name, axis) => arrays[name].data[at[axis]!]!), residual },
    envelopes: perParameter((_, axis) => envelopes[axis]!),
  };
}

const perParameter = <T>(of: (name: Parameter, axis: number) => T): Record<Parameter, T> =>
  Object.fromEntries(names.map((name, axis) => [name, of(name, axis)])) as Record<Parameter, T>;

/**
 * Visits a recording's residuals that are numbers, with their indices along the axes, which are valid until the next.
 */
function eachPoint(
  { artifact: { arrays } }: Scan,
  recording: number,
  visit: (residual: number, at: readonly number[]) => void,
): void {
  const { data, shape } = arrays.residual;
  const recordings = shape.at(-1)!;
  const at = names.map(() => 0);
  for (let index = recording; index >= 0 && index < data.length; index += recordings) {
    if (Number.isFinite(data[index]!)) visit(data[index]!, at);
    // The last axis before the recordings is the fastest.
    for (let axis = at.length - 1; axis >= 0; axis--) {
      at[axis]! += 1;
      if (at[axis]! < shape[axis]!) break;
      at[axis] = 0;
    }
  }
}

/** The distribution of residuals at one value of a parameter, over all values of the others. */
interface Spread {
  readonly value: number;
  readonly least: number;
  readonly quarter: number;
  readonly median: number;
  readonly threeQuarters: number;
  readonly most: number;
}

function spreadsOf(scan: Scan, recording: number, name: Parameter): Spread[] {
  const { data } = scan.artifact.arrays[name];
  const axis = names.indexOf(name);
  const groups = Array.from(data, (): number[] => []);
  eachPoint(scan, recording, (residual, at) => groups[at[axis]!]!.push(residual));
  return groups.flatMap((residuals, k) => {
    if (residuals.length === 0) return [];
    const sorted = Float64Array.from(residuals).sort();
    const quantile = (share: number) => sorted[Math.round(share * (sorted.length - 1))]!;
    return {
      ...{ value: data[k]!, least: sorted[0]!, most: sorted.at(-1)! },
      ...{ quarter: quantile(0.25), median: quantile(0.5), threeQuarters: quantile(0.75) },
    };
  });
}

/** One recording's residuals over the six parameters. */
export const scanFigure: FigureKind<{ scan: Scan; recording: string }> = {
  title: "Residuals over the parameters",

  caption({ scan, recording }) {
    const found = leastOf(scan, indexOf(scan, recording));
    const { shape, data } = scan.artifact.arrays.residual;
    const trials = data.length / shape.at(-1)!;
    if (!found) return `Recording ${recording} has no residuals.`;
    const { best } = found;
    const set = names.map((name) => `${plain(name)} ${rounded(best[name], 4)} ${parameters[name].unit}`);
    return (
      `Residuals of recording ${recording} for ${trials} sets of six parameters, against each parameter: whole range ` +
      "(thin), middle half (thick) and median (tick) over all values of the others, and the least (line). " +
      `The best set (point, residual ${rounded(best.residual, 4)}): ${listed(set)}.`
    );
  },

  rows(input, look) {
    const { scan, recording } = input;
    const at = indexOf(scan, recording);
    const best = leastOf(scan, at)?.best;
    const spreads = perParameter((name) => spreadsOf(scan, at, name));
    const range = extent(
      Object.values(spreads).flatMap((all) => all.flatMap(({ least, most }) => [least, most])),
    );
    const y = { label: "residual", ...logarithmic(range) };
    const charts = names.map((name) => ({ ...marginal(name, spreads[name], best, look), y }));
    const theme = themes[look.theme];
    return [
      ...inRows(charts, look, 120),
      {
        legend: [
          { label: "least residual", colour: theme.model, form: "line" },
          { label: "all, middle half", colour: theme.muted, form: "bar" },
          { label: "best", colour: theme.best, form: "dot" },
        ],
      },
    ];
  },
};

/** The recordings along the scan's last axis. */
export const recordingsOf = ({ artifact: { values } }: Scan): readonly string[] =>
  values.recording as readonly string[];

const indexOf = (scan: Scan, recording: string): number => recordingsOf(scan).indexOf(recording);

/** Two charts in a row, or three if there is room. */
export function inRows(
  charts: readonly Chart[],
  look: Look,
  height: number,
): Extract<Row, { readonly charts: unknown }>[] {
  const perRow = look.width < 480 ? 2 : 3;
  return Array.from({ length: Math.ceil(charts.length / perRow) }, (_, row) => ({
    height,
    charts: charts.slice(row * perRow, (row + 1) * perRow),
  }));
}

/** The axis of a scanned parameter. */
export function axisOf(name: Parameter, values: ArrayLike<number>) {
  const [low, high] = extent(values) ?? [0, 1];
  const margin = (high - low) / 12 || 0.5;
  const { symbol, unit } = parameters[name];
  return { label: `${symbol} (${unit})`, domain: [low - margin, high + margin] as const };
}

function marginal(name: Parameter, spreads: readonly Spread[], best: Best | undefined, look: Look) {
  const theme = themes[look.theme];
  const x = axisOf(
    name,
    spreads.map(({ value }) => value),
  );
  const half = (x.domain[1] - x.domain[0]) / 50;
  const tick = { y: "median", x1: (s: Spread) => s.value - half, x2: (s: Spread) => s.value + half };
  return {
    x,
    empty: best ? undefined : "no residuals",
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
      Plot.dot(best ? [best] : [], {
        ...{ x: name, y: "residual", r: 4, fill: theme.best, stroke: theme.ink, strokeWidth: 0.8 },
      }),
    ],
  };
}

const tenths = Array.from({ length: 45 }, (_, k) => (10 + 2 * k) / 10);

/** A logarithmic axis around values, with ticks at 1, 2 and 5 times powers of ten, or fewer; a short axis has more. */
export function logarithmic(range: readonly [number, number] | undefined) {
  const [least, most] = range && range[0] > 0 ? range : ([1, 10] as const);
  const margin = Math.max((most / least) ** 0.08, 1.05);
  const domain = [least / margin, most * margin] as const;
  const decades = Array.from({ length: 25 }, (_, k) => k - 12);
  const at = (digits: readonly number[]) =>
    decades
      .flatMap((decade) => digits.map((digit) => Number(`${digit}e${decade}`)))
      .filter((tick) => tick >= domain[0] && tick <= domain[1]);
  const few = at([1, 2, 3, 4, 5, 6, 8]);
  const ticks =
    [at([1]), at([1, 3]), at([1, 2, 5])].find(({ length }) => length >= 3) ??
    (few.length >= 2 ? few : at(tenths));
  return { domain, ticks, log: true };
}
