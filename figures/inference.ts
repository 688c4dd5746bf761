import * as Plot from "@observablehq/plot";
import type inference from "../stages/inference.ts";
import type { Parameter } from "../stages/model/parameters/parameters.ts";
import type { Test } from "../stages/numerics/statistics/t-tests.ts";
import type refinedInference from "../stages/refined-inference.ts";
import type { Chart } from "./chart.ts";
import type { FigureKind } from "./figure-kind.ts";
import { listed, rounded, written } from "./number.ts";
import { names, parameters, plain } from "./parameters.ts";
import { axisOf, inRows } from "./scan.ts";
import { extent, padded } from "./series.ts";
import type { OutputOf } from "./stage-output.ts";
import { type Look, themes } from "./theme.ts";

/** Each recording's best set of parameters, and their statistics. */
export type Inference = OutputOf<typeof inference> | OutputOf<typeof refinedInference>;

interface Inferred {
  readonly inference: Inference;
  /** The ranges in which the sets were sought. */
  readonly ranges: Readonly<Record<Parameter, readonly [number, number]>>;
}

/** Parameters over recordings: Figure 9 of the paper. */
export const inferenceFigure: FigureKind<Inferred> = {
  title: "Parameters inferred from the recordings",

  caption({ inference: { artifact } }) {
    const { recording, mean, sd, tests } = artifact.values;
    const isOne = recording.length === 1;
    const each = names.map((name) => {
      const spread = isOne ? "" : ` ± ${rounded(sd[name]!)}`;
      return `${plain(name)} ${rounded(mean[name]!)}${spread} ${parameters[name].unit}`;
    });
    const { l_exc_l_inh, tau1_duration, tau2_duration } = tests;
    return (
      `Best set of ${isOne ? "one recording" : `each of ${recording.length} recordings`} (${listed(recording)}): bars over the range where it was sought (dotted: its ends)` +
      `${isOne ? "" : ", with mean and standard deviation over recordings (line and band)"}: ${listed(each)}. Below: ${plain("l_exc")} beside ${plain("l_inh")} ` +
      `(${outcome(l_exc_l_inh, "mean difference", " mm")}), and ${plain("tau1")} (${outcome(tau1_duration, "r =", "")}) and ${plain("tau2")} ` +
      `(${outcome(tau2_duration, "r =", "")}) against the stimulus' duration; equal points are drawn as larger ones.`
    );
  },

  rows(input, look) {
    const { tests } = input.inference.artifact.values;
    const theme = themes[look.theme];
    const paired = reaches(input, tests.l_exc_l_inh, look);
    const correlations = (["tau1", "tau2"] as const).map((name) =>
      against(name, tests[`${name}_duration`], input, look),
    );
    return [
      ...inRows(
        names.map((name) => bars(name, input, look)),
        look,
        98,
      ),
      {
        legend: [
          { label: "best set of each recording", colour: theme.model, form: "bar" },
          { label: "mean ± SD", colour: theme.ink, form: "band" },
        ],
      },
      ...(look.width < 480
        ? [
            { height: 125, charts: [paired] },
            { height: 140, charts: correlations },
          ]
        : [{ height: 160, charts: [paired, ...correlations] }]),
    ];
  },
};

const outcome = (test: Test, what: string, unit: string): string =>
  test.outcome === "tested"
    ? `${what} ${rounded(test.estimate)}${unit}, p = ${rounded(test.p, 2)}`
    : `not tested: ${test.reason}`;

function bars(name: Parameter, { inference, ranges }: Inferred, look: Look): Chart {
  const theme = themes[look.theme];
  const { arrays, values } = inference.artifact;
  const { data } = arrays[name];
  const { label, domain } = axisOf(name, ranges[name]);
  const bottom = Math.max(domain[0], 0); // no parameter is negative
  const count = data.length;
  const best = Array.from(data, (value, k) => ({ x1: k + 0.65, x2: k + 1.35, value }));
  const [mean, sd] = [values.mean[name]!, values.sd[name]!];
  return {
    x: {
      label: "recording",
      domain: [0.4, count + 0.6],
      ticks: count > 1 ? [1, count] : [1],
    },
    y: { label, domain: [Math.min(bottom, mean - sd), Math.max(domain[1], mean + sd)] },
    empty: count === 0 ? "no recordings" : undefined,
    marks: [
      Plot.ruleY(ranges[name], { stroke: theme.muted, strokeWidth: 0.8, strokeDasharray: "1,2.5" }),
      Plot.rect(best, { x1: "x1", x2: "x2", y1: bottom, y2: "value", fill: theme.model }),
      Plot.rect([0], {
        x1: 0.4,
        x2: count + 0.6,
        y1: mean - sd,
        y2: mean + sd,
        fill: theme.ink,
        fillOpacity: 0.2,
      }),
      Plot.ruleY([mean], { stroke: theme.ink, strokeWidth: 1.5 }),
    ],
  };
}

/** The extents of excitation and inhibition, one line for each recording. */
function reaches({ inference }: Inferred, test: Test, look: Look): Chart {
  const theme = themes[look.theme];
  const { l_exc, l_inh } = inference.artifact.arrays;
  const pairs = Array.from(l_exc.data, (exc, k) => ({ exc, inh: l_inh.data[k]! }));
  const range = extent(l_exc.data, l_inh.data);
  const lines = counted(pairs.map(({ exc, inh }) => [exc, inh] as const));
  const dots = (x: number, side: 0 | 1) =>
    counted(pairs.map(({ exc, inh }) => [x, side === 0 ? exc : inh] as const));
  const dot = { x: "x", y: "y", r: ({ count }: { count: number }) => radius(count) };
  return {
    title: told(test, "difference", " mm"),
    x: {
      label: "connections",
      domain: [-0.35, 1.35],
      ticks: [0, 1],
      format: (k) => (k === 0 ? "exc." : "inh."),
    },
    y: {
      label: `${parameters.l_exc.symbol}, ${parameters.l_inh.symbol} (mm)`,
      domain: range ? padded(range) : [0, 1],
    },
    empty: range ? undefined : "no recordings",
    marks: [
      ...lines.map(({ x, y, count }) =>
        Plot.line([0, 1], { x: [0, 1], y: [x, y], stroke: theme.muted, strokeWidth: 0.6 + 0.4 * count }),
      ),
      Plot.dot(dots(0, 0), { ...dot, fill: theme.excitatory }),
      Plot.dot(dots(1, 1), { ...dot, fill: theme.inhibitory }),
    ],
  };
}

function against(name: "tau1" | "tau2", test: Test, { inference }: Inferred, look: Look): Chart {
  const theme = themes[look.theme];
  const { arrays } = inference.artifact;
  const known = [...arrays.duration.data.keys()].filter((k) => Number.isFinite(arrays.duration.data[k]!));
  const points = counted(known.map((k) => [arrays.duration.data[k]!, arrays[name].data[k]!] as const));
  const [x, y] = [extent(points.map((point) => point.x)), extent(points.map((point) => point.y))];
  const durations = [...new Set(points.map((point) => point.x))].sort((a, b) => a - b);
  const apart = (durations.at(-1)! - durations[0]!) / 5; // closer ticks would be upon each other
  const areApart = durations.every((each, k) => k === 0 || each - durations[k - 1]! >= apart);
  const { symbol, unit } = parameters[name];
  return {
    title: told(test, "r =", ""),
    x: {
      label: "stimulus (ms)",
      domain: x ? padded(padded(x)) : [0, 1],
      ...(areApart && { ticks: durations }),
    },
    y: { label: `${symbol} (${unit})`, domain: y ? padded(padded(y)) : [0, 1] },
    empty: points.length === 0 ? "no durations" : undefined,
    marks: [
      Plot.dot(points, {
        x: "x",
        y: "y",
        fill: theme.model,
        r: ({ count }: { count: number }) => radius(count),
      }),
    ],
  };
}

const told = (test: Test, what: string, unit: string): string =>
  test.outcome === "tested"
    ? `${what} ${rounded(test.estimate, 2)}${unit}, p = ${rounded(test.p, 2)}`
    : `not tested (n = ${written(test.count)})`;

/** Of area, not of length. */
const radius = (count: number): number => 2.2 * Math.sqrt(count);

/** Equal points as one with their count, because a grid has few values. */
function counted(points: readonly (readonly [number, number])[]): { x: number; y: number; count: number }[] {
  const counts = new Map<string, { x: number; y: number; count: number }>();
  for (const [x, y] of points) {
    const point = counts.get(`${x} ${y}`) ?? { x, y, count: 0 };
    point.count += 1;
    counts.set(`${x} ${y}`, point);
  }
  return [...counts.values()];
}
