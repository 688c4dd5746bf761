import * as Plot from "@observablehq/plot";
import type { Parameter } from "../stages/model/parameters.ts";
import type { Chart } from "./chart.ts";
import { listed, written } from "./number.ts";
import { names, plain } from "./parameters.ts";
import type { Picture } from "./picture.ts";
import type { Made } from "./results.ts";
import { axisOf, inRows } from "./scan.ts";
import { type Look, themes } from "./theme.ts";

/** The posteriors of all recordings, as their grid gathers them, with the ends of the prior. */
export type Posteriors = Made<
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

/** What each recording says of each parameter, and what it does not. */
export const posteriorFigure: Picture<{ posterior: Posteriors }> = {
  title: "What each recording determines",

  caption({ posterior: { artifact, params } }) {
    const { recording, undetermined } = artifact.values;
    const open = names.flatMap((name) => {
      const count = undetermined.filter((those) => those.includes(name)).length;
      return count > 0 ? `${plain(name)} by ${count}` : [];
    });
    return (
      `Medians (points) and intervals of ${written(params.posterior.level)} % (lines) of the posterior of each parameter, for ` +
      `${recording.length} recording${recording.length === 1 ? "" : "s"} (${listed(recording)}), over the range that ` +
      "counted as equally likely before (dotted: its ends). Not determined (hollow points, grey lines): " +
      `${open.length > 0 ? listed(open) : "none"} of ${recording.length}.`
    );
  },

  rows({ posterior }, look) {
    const theme = themes[look.theme];
    return [
      ...inRows(
        names.map((name, k) => intervals(name, k, posterior, look)),
        look,
        98,
      ),
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

function intervals(name: Parameter, place: number, { artifact, params }: Posteriors, look: Look): Chart {
  const theme = themes[look.theme];
  const { recording, undetermined } = artifact.values;
  const { median, interval } = artifact.arrays;
  const { label, domain } = axisOf(name, params.ranges[name]);
  const all = recording.map((_, k) => {
    const at = k * names.length + place;
    const isOpen = undetermined[k]!.includes(name);
    const [low, high] = [interval.data[2 * at]!, interval.data[2 * at + 1]!];
    return { x: k + 1, median: median.data[at]!, low, high, isOpen };
  });
  const colour = ({ isOpen }: { isOpen: boolean }) => (isOpen ? theme.muted : theme.model);
  const width = ({ isOpen }: { isOpen: boolean }) => (isOpen ? 0.8 : 2);
  const count = recording.length;
  return {
    x: { label: "recording", domain: [0.4, count + 0.6], ticks: count > 1 ? [1, count] : [1] },
    y: { label, domain },
    empty: count === 0 ? "no recordings" : undefined,
    marks: [
      Plot.ruleY(params.ranges[name], { stroke: theme.muted, strokeWidth: 0.8, strokeDasharray: "1,2.5" }),
      Plot.ruleX(all, { x: "x", y1: "low", y2: "high", stroke: colour, strokeWidth: width }),
      Plot.dot(all, {
        ...{ x: "x", y: "median", r: 2.6, stroke: colour, strokeWidth: 1.2 },
        fill: ({ isOpen }: { isOpen: boolean }) => (isOpen ? theme.background : theme.model),
      }),
    ],
  };
}
