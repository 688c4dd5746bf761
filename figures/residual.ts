import * as Plot from "@observablehq/plot";
import type residual from "../stages/residual.ts";
import type { Chart } from "./chart.ts";
import type { FigureKind } from "./figure-kind.ts";
import { coarser, contours, type Field, reachOf } from "./map.ts";
import { rounded, written } from "./number.ts";
import { extent, padded } from "./series.ts";
import type { OutputOf } from "./stage-output.ts";
import { type Look, themes } from "./theme.ts";

/** Time from the peak. The window of the comparison is on the recording's own clock instead. */
const timeLabel = "time from peak (ms)";

type Residual = OutputOf<typeof residual>;

/** A trial of the ring beside a recording. */
export const residualFigure: FigureKind<{ residual: Residual; trial: string; recording: string }> = {
  title: "Model against recording",

  caption({ residual: { artifact, params }, trial, recording }) {
    const { normalisation, t_range } = params.residual;
    const [from, to] = (extent(artifact.arrays.time.data) ?? [Number.NaN, Number.NaN]).map((ms) =>
      rounded(ms),
    );
    const scaled = normalisation === "own-max" ? "its own largest value" : "the fixed factor 4/58";
    return (
      `Recording ${recording}, and the trial ${trial} where it was recorded, both with their peak at 0 ms and 0 mm, from ${from} to ` +
      `${to} ms around it (${written(t_range[0])} to ${written(t_range[1])} ms on the recording's own clock); the recording divided by ` +
      `its largest value, the model by ${scaled}. Below, their difference, and both where the stimulus is strongest. The residual, the sum of ` +
      `squared differences, is ${rounded(artifact.values.residual, 5)}.`
    );
  },

  rows(input, look) {
    const { data, model } = input.residual.artifact.arrays;
    const theme = themes[look.theme];
    const range = extent(data.data, model.data) ?? ([0, 0] as const);
    const difference = data.data.map((value, k) => value - model.data[k]!);
    const most = Math.max(...(extent(difference) ?? [0]).map(Math.abs));
    const signal = { label: "signal / peak", domain: range, colours: theme.sequential };
    const off = { label: "difference", domain: [-most, most] as const, colours: theme.diverging };
    const map = (
      title: string,
      values: Float64Array,
      bar: typeof signal | typeof off,
      more?: Partial<Chart>,
    ) => ({
      ...mapOf(input.residual, title, values, bar, look),
      ...more,
    });
    return [
      { height: 155, charts: [map("recording", data.data, signal), map("model", model.data, signal)] },
      { height: 155, charts: [map("recording − model", difference, off), courses(input.residual, look)] },
      {
        legend: [
          { label: "recording", colour: theme.data, form: "line" },
          { label: "model", colour: theme.model, form: "line" },
        ],
      },
    ];
  },
};

function mapOf(
  { artifact }: Residual,
  title: string,
  values: Float64Array,
  bar: { label: string; domain: readonly [number, number]; colours: readonly string[] },
  look: Look,
): Chart {
  const { space, time } = artifact.arrays;
  const columns = time.data.length;
  const whole: Field = { x: time.data, y: space.data, at: (column, row) => values[row * columns + column]! };
  const field = coarser(whole, look.width / 2, 64);
  return {
    title,
    x: { label: timeLabel, domain: reachOf(field.x) },
    y: { label: "position (mm)", domain: reachOf(field.y) },
    bar,
    empty: bar.domain[0] < bar.domain[1] && field.y.length > 1 ? undefined : "nothing to compare",
    marks: contours(field, bar, look),
  };
}

/** Both signals over time at the position nearest to the peak. */
function courses({ artifact }: Residual, look: Look): Chart {
  const theme = themes[look.theme];
  const { space, time, data, model } = artifact.arrays;
  const n = time.data.length;
  const row = space.data.reduce((best, x, k) => (Math.abs(x) < Math.abs(space.data[best]!) ? k : best), 0);
  const [measured, simulated] = [data, model].map((of) => of.data.subarray(row * n, (row + 1) * n));
  const range = extent(measured!, simulated!);
  return {
    title: `at ${written(Math.round(space.data[row] ?? 0))} mm`,
    x: { label: timeLabel, domain: reachOf(time.data) },
    y: { label: "signal / peak", domain: padded(range ?? [0, 1]) },
    empty: range ? undefined : "no values",
    marks: [
      Plot.line(measured!, { x: time.data, y: measured!, stroke: theme.data, strokeWidth: 1.2 }),
      Plot.line(simulated!, { x: time.data, y: simulated!, stroke: theme.model, strokeWidth: 2 }),
    ],
  };
}
