import { type Chart, drawn, leftOf } from "./chart.ts";
import { barWidth } from "./colour-bar.ts";
import { figure, label, moved, tag, textWidth } from "./svg.ts";
import { fontSize, type Look, themes } from "./theme.ts";

/** The shape of a sign in a legend. */
export interface Entry {
  readonly label: string;
  readonly colour: string;
  readonly form: "line" | "thin" | "dot" | "band" | "bar" | "diamond";
}

/** Charts side by side with a letter each, or a legend. */
export type Row =
  | {
      readonly height: number;
      readonly charts: readonly Chart[];
      readonly letters?: boolean;
    }
  | { readonly legend: readonly Entry[] }
  /** Short statements such as "v_{c} 300 mm/s", in as many lines as they need. */
  | { readonly notes: readonly string[] };

const letterIndent = 15;
const gap = { x: 10, y: 8 };
const legendLine = 15;
const sign = 18;
const boxMargin = 6;

/** A figure of rows of panels, lettered A, B, C … in reading order. */
export function panels(
  { title, caption, rows }: { title: string; caption: string; rows: readonly Row[] },
  look: Look,
): string {
  const { ink } = themes[look.theme];
  const parts: string[] = [];
  const lefts = rows.flatMap((row) =>
    "charts" in row ? row.charts.filter(({ y }) => !y.silent).map((each) => leftOf(each, row.height)) : [],
  );
  const most = Math.max(...lefts, 0); // the same everywhere, so that axes stand one above the other
  let [y, letter] = [0, 0];
  for (const row of rows) {
    if (!("charts" in row)) {
      const lines = "legend" in row ? legend(row.legend, look) : notes(row.notes, look);
      parts.push(moved(0, y, lines.drawn));
      y += lines.height + gap.y;
      continue;
    }
    const { height, charts, letters = true } = row;
    const margins = charts.map((each) => (each.y.silent ? leftOf(each, height) : most));
    // Axes are equally wide with and without a colour bar, and beside a narrow and a wide one.
    const bars = barsOf(rows, charts.length);
    const taken = [...margins, ...bars].reduce((sum, width) => sum + width, gap.x * (charts.length - 1));
    const free = (look.width - taken) / charts.length;
    let x = 0;
    charts.forEach((each, k) => {
      const marginLeft = margins[k]!;
      const inner = marginLeft + free;
      const letterAt = { x: 0, y: 11, "font-size": fontSize.letter, "font-weight": 600 };
      const heading = letters ? label(String.fromCharCode(65 + letter++), letterAt) : "";
      const size = { width: inner + barOf(each), height, marginLeft };
      parts.push(moved(x, y, heading, drawn(each, size, look, letters ? letterIndent : 0)));
      x += inner + bars[k]! + gap.x;
    });
    y += height + gap.y;
  }
  return figure({ width: look.width, height: Math.ceil(y - gap.y + 2), ink, title, caption }, ...parts);
}

/** px of a chart's colour bar. */
const barOf = ({ bar }: Chart): number => (bar ? barWidth(bar) : 0);

/** px for the colour bars of each column, among rows of equally many charts: equal in all, so that panels align. */
function barsOf(rows: readonly Row[], columns: number): number[] {
  const alike = rows.flatMap((row) => ("charts" in row && row.charts.length === columns ? [row.charts] : []));
  return Array.from({ length: columns }, (_, k) => Math.max(...alike.map((charts) => barOf(charts[k]!))));
}

/** Statements in a box. */
function notes(statements: readonly string[], look: Look): { height: number; drawn: string } {
  const { muted, faint } = themes[look.theme];
  const room = look.width - 2 * boxMargin;
  let [x, y] = [0, 0];
  const drawn = statements.map((text) => {
    const width = textWidth(text);
    if (x > 0 && x + width > room) [x, y] = [0, y + legendLine];
    const at = label(text, { x, y: y + 11, fill: muted });
    x += width + 10;
    return at;
  });
  const height = y + legendLine + boxMargin;
  const box = {
    x: 0.5,
    y: 0.5,
    width: look.width - 1,
    height: height - 1,
    rx: 3,
    fill: "none",
    stroke: faint,
  };
  return { height, drawn: tag("rect", box) + moved(boxMargin, boxMargin / 2, ...drawn) };
}

/** Entries in as many lines as they need. */
function legend(entries: readonly Entry[], look: Look): { height: number; drawn: string } {
  const { ink } = themes[look.theme];
  let [x, y] = [0, 0];
  const drawn = entries.map(({ label: text, colour, form }) => {
    const width = sign + textWidth(text) + 12;
    if (x > 0 && x + width - 12 > look.width) [x, y] = [0, y + legendLine];
    const at = moved(x, y, signOf(form, colour), label(text, { x: sign, y: 11, fill: ink }));
    x += width;
    return at;
  });
  return { height: y + legendLine, drawn: drawn.join("") };
}

function signOf(form: Entry["form"], colour: string): string {
  switch (form) {
    case "line":
      return tag("path", { d: "M0,7.5h13", stroke: colour, "stroke-width": 2 });
    case "thin":
      return tag("path", { d: "M0,7.5h13", stroke: colour, "stroke-width": 0.8 });
    case "dot":
      return tag("circle", { cx: 7, cy: 7.5, r: 3, fill: colour });
    case "diamond":
      return tag("path", { d: "M7,3.5l4,4l-4,4l-4,-4z", fill: colour });
    case "bar":
      return tag("rect", { x: 2, y: 3, width: 9, height: 9, fill: colour });
    case "band":
      return (
        tag("rect", { y: 2.5, width: 13, height: 10, fill: colour, "fill-opacity": 0.25 }) +
        tag("path", { d: "M0,7.5h13", stroke: colour, "stroke-width": 2 })
      );
  }
}
