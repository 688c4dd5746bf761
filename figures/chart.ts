import * as Plot from "@observablehq/plot";
import { barWidth, type ColourBar, colourBar } from "./colour-bar.ts";
import { written } from "./number.ts";
import { ticksOf } from "./series.ts";
import { contentsOf, label, moved, textWidth } from "./svg.ts";
import { fontSize, type Look, themes } from "./theme.ts";

export interface Axis {
  /** What is along it, with its unit: "time (ms)". */
  readonly label: string;
  readonly domain: readonly [number, number];
  readonly ticks?: readonly number[];
  readonly log?: boolean;
  readonly format?: (value: number) => string;
  /** Without text where the axis below is the same. */
  readonly silent?: boolean;
}

/** One set of axes with what is drawn in it. */
export interface Chart {
  readonly title?: string;
  readonly x: Axis;
  readonly y: Axis;
  readonly marks: readonly Plot.Markish[];
  /** What its colours are, on the right. */
  readonly bar?: ColourBar;
  /** Said in the middle where there is nothing to draw. */
  readonly empty?: string | undefined;
  /** Of charts with fewer digits than others; px. */
  readonly marginLeft?: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** px around what is drawn. */
const margin = { left: 30, right: 7, bottom: 30, silentBottom: 7 };
const line = 14;
/** px between ticks at the least. */
const tickRoom = { x: 34, y: 26 };

/** px that a chart's heading takes: its title, and the label of its y-axis, which reads better above than upright. */
const headOf = ({ title, y, bar }: Chart): number =>
  (title ? line : 0) + (y.label || bar?.label ? line : 0) + 5;

/** The chart in a box of this size, from (0, 0). A panel's letter has its place in the upper left corner. */
export function chart(chart: Chart, { width, height }: Size, look: Look, indent: number): string {
  const theme = themes[look.theme];
  const { title, x, y, bar, empty, marginLeft = margin.left } = chart;
  const marginTop = headOf(chart);
  const marginBottom = x.silent ? margin.silentBottom : margin.bottom;
  const inner = width - (bar ? barWidth(bar) : 0);
  const marginRight = rightOf(x, inner - marginLeft);
  const middle = marginLeft + (inner - marginLeft - marginRight) / 2;
  const labelLine = marginTop - 9;
  const text = { fontSize: fontSize.tick, fill: theme.ink, label: null, tickSize: 4, tickPadding: 3 };
  const axis = (scale: Axis, about: number) => ({
    ...{ ...text, stroke: theme.muted, ticks: [...(scale.ticks ?? ticksOf(scale.domain, about))] },
    tickFormat: scale.silent ? () => "" : (scale.format ?? written),
  });
  const rows = (height - marginTop - marginBottom) / tickRoom.y;
  const columns = (inner - marginLeft) / tickRoom.x;
  const svg = Plot.plot({
    ...{ document: look.document as never, width: inner, height, marginTop, marginBottom },
    ...{ marginLeft, marginRight },
    x: { domain: [...x.domain], type: x.log ? "log" : "linear", axis: null },
    y: { domain: [...y.domain], type: y.log ? "log" : "linear", axis: null },
    color: { type: "identity" },
    marks: [
      ...(empty ? [] : chart.marks),
      ...[
        Plot.frame({ anchor: "left", stroke: theme.muted }),
        Plot.frame({ anchor: "bottom", stroke: theme.muted }),
      ],
      ...[Plot.axisX(axis(x, columns)), Plot.axisY(axis(y, rows))],
    ],
  });
  const left = title && labelLine > line ? 0 : indent;
  return [
    contentsOf(svg.outerHTML),
    title ? label(title, { x: indent, y: 11, "font-weight": 600 }) : "",
    label(y.label, { x: left, y: labelLine }),
    x.silent ? "" : label(x.label, { x: middle, y: height - 3, anchor: "middle" }),
    empty
      ? label(empty, {
          x: middle,
          y: marginTop + (height - marginTop - marginBottom) / 2,
          anchor: "middle",
          fill: theme.muted,
        })
      : "",
    bar && !bar.silent
      ? moved(inner, 0, colourBar(bar, { height }, { top: marginTop, bottom: marginBottom }, look))
      : "",
    bar && !bar.silent ? label(bar.label, { x: width, y: labelLine, anchor: "end" }) : "",
  ].join("");
}

/** Room for the half of the last tick's text that stands beyond its tick; also where the text itself is silent. */
function rightOf({ domain: [low, high], ticks, format = written, log }: Axis, width: number): number {
  const last = Math.max(...(ticks ?? ticksOf([low, high], width / tickRoom.x)));
  if (log || !Number.isFinite(last)) return margin.right;
  const beyond =
    textWidth(format(last), fontSize.tick) / 2 - ((high - last) / (high - low)) * (width - margin.right);
  return Math.max(margin.right, Math.ceil(beyond));
}
