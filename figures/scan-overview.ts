import * as Plot from "@observablehq/plot";
import type { Parameter } from "../stages/model/parameters/parameters.ts";
import type { Chart } from "./chart.ts";
import type { FigureKind } from "./figure-kind.ts";
import { listed, rounded } from "./number.ts";
import { names } from "./parameters.ts";
import {
  axisOf,
  type Best,
  type Envelopes,
  inRows,
  leastOf,
  logarithmic,
  recordingsOf,
  type Scan,
} from "./scan.ts";
import { extent } from "./series.ts";
import { shortened } from "./svg.ts";
import { type Look, themes } from "./theme.ts";

interface Envelope {
  readonly recording: string;
  readonly best: Best;
  readonly envelopes: Envelopes;
}

/** How well each recording determines each parameter. */
export const scanOverview: FigureKind<{ scan: Scan }> = {
  title: "What the recordings tell of the parameters",

  caption({ scan }) {
    const least = envelopesOf(scan).map(({ recording, best }) => `${recording} ${rounded(best.residual)}`);
    return (
      "Least residual over all other parameters, against each parameter, divided by the least residual of the recording: a line a " +
      `recording, points where it is best. A flat line tells nothing of a parameter. Least residuals: ${listed(least)}.`
    );
  },

  rows({ scan }, look) {
    const envelopes = envelopesOf(scan);
    const theme = themes[look.theme];
    const told = envelopes.length === 1 ? shortened(envelopes[0]!.recording) : "a recording";
    const charts = names.map((name) => chartOf(name, scan, envelopes, look));
    return [
      ...inRows(charts, look, 120),
      {
        legend: [
          { label: told, colour: theme.model, form: "line" },
          { label: "its best value", colour: theme.best, form: "dot" },
        ],
      },
    ];
  },
};

const envelopesOf = (scan: Scan): Envelope[] =>
  recordingsOf(scan).flatMap((recording, k) => {
    const found = leastOf(scan, k);
    return found ? [{ recording, ...found }] : [];
  });

function chartOf(name: Parameter, scan: Scan, envelopes: readonly Envelope[], look: Look): Chart {
  const theme = themes[look.theme];
  const { data } = scan.artifact.arrays[name];
  const lines = envelopes.map(({ best, envelopes }) =>
    Array.from(envelopes[name], (least, k) => ({ value: data[k]!, times: least / best.residual })),
  );
  const range = extent(lines.flatMap((line) => line.map(({ times }) => times)));
  return {
    x: axisOf(name, data),
    y: { label: "residual / least", ...logarithmic(range) },
    empty: range ? undefined : "no residuals",
    marks: [
      ...lines.map((line) =>
        Plot.line(line, { x: "value", y: "times", stroke: theme.model, strokeWidth: 1, strokeOpacity: 0.6 }),
      ),
      Plot.dot(envelopes, {
        ...{ x: ({ best }: Envelope) => best[name], y: 1, r: 2.6 },
        ...{ fill: theme.best, stroke: theme.ink, strokeWidth: 0.6 },
      }),
    ],
  };
}
