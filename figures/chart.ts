import * as Plot from "@observablehq/plot";
import { barWidth, type ColourBar, colourBar } from "./colour-bar.ts";
import { written } from "./number.ts";
import { ticksOf } from "./series.ts";
import { contentsOf, label, moved, textWidth } from "./svg.ts";
import { fontSize, type Look, themes } from "./theme.ts";

export interface Axis {
  /** The quantity along the axis, with its unit: "time (ms)". */
  readonly label: string;
  readonly domain: readonly [number, number];
  readonly ticks?: readonly number[];
  readonly log?: boolean;
  readonly format?: (value: number) => string;
  /** No text, because the axis below, or that of the chart to the left, is the same. */
  readonly silent?: boolean;
}

/** One set of axes and its marks. */
export interface Chart {
  readonly title?: string;
  readonly x: Axis;
  readonly y: Axis;
  readonly marks: readonly Plot.Markish[];
  /** The colour bar on the right. */
  readonly bar?: ColourBar;
  /** Text in the middle if there is nothing to draw. */
  readonly empty?: string | undefined;
}

interface Size {
  readonly width: number;
  readonly height: number;
  readonly marginLeft: number;
}

/** px around the marks. */
const margin = { right: 7, bottom: 30, silentBottom: 7 };
const line = 14;
/** px left of an axis without texts: ticks, and room for half of the first text below. */
const silentLeft = 10;
/** px: the approximate distance of ticks, their length, and the gap to their texts. */
const tick = { x: 34, y: 26, size: 4, gap: 3 };

/** px of a chart's heading: its title, and the label of its y-axis, which reads better above than rotated. */
const headOf = ({ title, y, bar }: Chart): number =>
  (title ? line : 0) + (y.label || bar?.label ? line : 0) + 5;

/** px of a chart with axes of a given height. */
export const heightOf = (chart: Chart, inner: number): number =>
  inner + headOf(chart) + (chart.x.silent ? margin.silentBottom : margin.bottom);

/** px of the texts along a chart's y-axis, with their ticks. */
export function leftOf(chart: Chart, height: number): number {
  if (chart.y.silent) return silentLeft;
  const { ticks, format } = yAxisOf(chart, height);
  return Math.ceil(
    Math.max(...ticks.map((tick) => textWidth(format(tick), fontSize.tick)), 12) + tick.size + tick.gap,
  );
}

const yAxisOf = (chart: Chart, height: number) => {
  const free = height - heightOf(chart, 0);
  return ticked(chart.y, free / tick.y);
};

/** An axis with its defaults. */
const ticked = (axis: Axis, about: number) => ({
  ticks: [...(axis.ticks ?? ticksOf(axis.domain, about))],
  format: axis.format ?? written,
});

/**
 * The chart in a box of this size, from (0, 0).
 *
 * @param marginLeft px that the figure needs at the left of all charts
 * @param indent px that a panel's letter needs in the upper left corner
 */
export function drawn(chart: Chart, { width, height, marginLeft }: Size, look: Look, indent: number): string {
  const theme = themes[look.theme];
  const { title, x, y, bar, empty } = chart;
  const marginTop = headOf(chart);
  const marginBottom = x.silent ? margin.silentBottom : margin.bottom;
  const inner = width - (bar ? barWidth(bar) : 0);
  const along = ticked(x, (inner - marginLeft) / tick.x);
  const marginRight = x.log ? margin.right : rightOf(x.domain, along, inner - marginLeft);
  const middle = { x: (marginLeft + inner - marginRight) / 2, y: (marginTop + height - marginBottom) / 2 };
  const labelLine = marginTop - 9;
  const axis = ({ ticks, format }: ReturnType<typeof ticked>, isSilent = false) => ({
    ...{ fontSize: fontSize.tick, fill: theme.ink, stroke: theme.muted, label: null },
    ...{ ticks, tickFormat: isSilent ? () => "" : format, tickSize: tick.size, tickPadding: tick.gap },
  });
  const svg = Plot.plot({
    ...{ document: look.document as never, width: inner, height },
    ...{ marginTop, marginBottom, marginLeft, marginRight },
    x: { domain: [...x.domain], type: x.log ? "log" : "linear", axis: null },
    y: { domain: [...y.domain], type: y.log ? "log" : "linear", axis: null },
    color: { type: "identity" },
    marks: [
      ...(empty ? [] : chart.marks),
      ...(["left", "bottom"] as const).map((anchor) => Plot.frame({ anchor, stroke: theme.muted })),
      ...[Plot.axisX(axis(along, x.silent)), Plot.axisY(axis(yAxisOf(chart, height), y.silent))],
    ],
  });
  const center = { anchor: "middle", x: middle.x };
  return [
    contentsOf(svg.outerHTML),
    title ? label(title, { x: indent, y: 11, "font-weight": 600 }) : "",
    y.silent ? "" : label(y.label, { x: title ? 0 : indent, y: labelLine }),
    x.silent ? "" : label(x.label, { ...center, y: height - 3 }),
    empty ? label(empty, { ...center, y: middle.y, fill: theme.muted }) : "",
    ...(bar && !bar.silent && !empty
      ? [
          moved(inner, 0, colourBar(bar, { height, top: marginTop, bottom: marginBottom }, look)),
          label(bar.label, { x: width, y: labelLine, anchor: "end" }),
        ]
      : []),
  ].join("");
}

/** Room for the half of the last tick's text beyond its tick, also if the text is not drawn. */
function rightOf(
  [low, high]: readonly [number, number],
  { ticks, format }: ReturnType<typeof ticked>,
  width: number,
): number {
  const last = ticks.at(-1);
  if (last === undefined) return margin.right;
  const beyond = ((high - last) / (high - low)) * (width - margin.right);
  return Math.max(margin.right, Math.ceil(textWidth(format(last), fontSize.tick) / 2 - beyond));
}
