import * as Plot from "@observablehq/plot";
import type { Parameter } from "../stages/model/parameters/parameters.ts";
import { type Chart, heightOf } from "./chart.ts";
import type { FigureKind } from "./figure-kind.ts";
import { listed, written } from "./number.ts";
import { names, plain } from "./parameters.ts";
import { axisOf, inRows } from "./scan.ts";
import type { StageOutput } from "./stage-output.ts";
import { shortened } from "./svg.ts";
import { type Look, themes } from "./theme.ts";

/** The posteriors of all recordings, as their grid assembles them, with the ends of the prior. */
export type Posteriors = StageOutput<
  {
    readonly arrays: Readonly<Record<"median" | "interval", { readonly data: Float64Array }>>;
    readonly values: {
      readonly recording: readonly string[];
      readonly undetermined: readonly (readonly string[])[];
    };
  },
  {
    readonly ranges: Readonly<Record<Parameter, readonly [number, number]>>;
    readonly posterior: { readonly level: number };
  }
>;

/** The posterior of each parameter for each recording, and what the recordings do not determine. */
export const posteriorFigure: FigureKind<{ posterior: Posteriors }> = {
  title: "What each recording determines",

  caption({ posterior: { artifact, params } }) {
    const { recording, undetermined } = artifact.values;
    const of =
      recording.length === 1
        ? `one recording (${recording[0]})`
        : `each of ${recording.length} recordings (from the top: ${listed(recording)})`;
    const open = names.flatMap((name) => {
      const count = undetermined.filter((those) => those.includes(name)).length;
      return count > 0 ? `${plain(name)} by ${count}` : [];
    });
    return (
      `Medians (points) and intervals of ${written(params.posterior.level)} % (lines) of the posterior of each parameter, a line for ` +
      `${of}, over the range that ` +
      "counted as equally likely before (dotted: its ends). Not determined (hollow points, grey lines): " +
      `${open.length > 0 ? listed(open) : "none"} of ${recording.length}.`
    );
  },

  rows({ posterior }, look) {
    const theme = themes[look.theme];
    const count = posterior.artifact.values.recording.length;
    const charts = names.map((name, k) => intervals(name, k, posterior, look));
    const height = heightOf(charts[0]!, Math.max(count, fewest) * line);
    return [
      // Names of recordings are long, so a row of charts has them once, at its left.
      ...inRows(charts, look, height).map((row) => ({
        ...row,
        charts: row.charts.map((chart, k) => ({ ...chart, y: { ...chart.y, silent: k > 0 } })),
      })),
      {
        legend: [
          { label: "median", colour: theme.model, form: "dot" },
          { label: "interval", colour: theme.model, form: "line" },
          { label: "not determined", colour: theme.muted, form: "thin" },
        ],
      },
    ];
  },
};

/** px of a recording's row. */
const line = 13;
/** A chart has room for at least this many rows. */
const fewest = 2;

/** A parameter's intervals, one row for each recording, the first on top. */
function intervals(name: Parameter, place: number, { artifact, params }: Posteriors, look: Look): Chart {
  const theme = themes[look.theme];
  const { recording, undetermined } = artifact.values;
  const { median, interval } = artifact.arrays;
  const all = recording.map((_, k) => {
    const at = k * names.length + place;
    const isOpen = undetermined[k]!.includes(name);
    const [low, high] = [interval.data[2 * at]!, interval.data[2 * at + 1]!];
    return { y: k + 1, median: median.data[at]!, low, high, isOpen };
  });
  const colour = ({ isOpen }: { isOpen: boolean }) => (isOpen ? theme.muted : theme.model);
  const width = ({ isOpen }: { isOpen: boolean }) => (isOpen ? 0.8 : 2);
  const count = recording.length;
  return {
    x: axisOf(name, params.ranges[name]),
    y: {
      label: "recording",
      domain: [Math.max(count, 1) + 0.5, 0.5],
      ticks: all.map(({ y }) => y),
      format: (k) => shortened(recording[k - 1]!),
    },
    empty: count === 0 ? "no recordings" : undefined,
    marks: [
      Plot.ruleX(params.ranges[name], { stroke: theme.muted, strokeWidth: 0.8, strokeDasharray: "1,2.5" }),
      Plot.ruleY(all, { y: "y", x1: "low", x2: "high", stroke: colour, strokeWidth: width }),
      Plot.dot(all, {
        ...{ x: "median", y: "y", r: 2.6, stroke: colour, strokeWidth: 1.2 },
        fill: ({ isOpen }: { isOpen: boolean }) => (isOpen ? theme.background : theme.model),
      }),
    ],
  };
}
