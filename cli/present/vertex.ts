import type { Vertex, VertexState } from "../inspect/graph-drawing.ts";
import type { GridFacts } from "../inspect/stage-status.ts";
import { counted, duration, whole } from "../output/format.ts";
import { stateTexts } from "./stage-status.ts";

/** How each state is drawn; told by mark, words and line as well as by colour, which not everybody sees. */
export interface Style {
  readonly mark: string;
  readonly text: string;
  /** Of the line around, after Okabe & Ito's palette for all kinds of colour vision; of the inside. */
  readonly line: string;
  readonly fill: string;
  readonly dashed: boolean;
  /** Of text on a terminal. */
  readonly ansi: "green" | "yellow" | "cyan" | "red" | "gray";
}

/** Text on every fill, and the arrows between, to be seen on white and on black. */
export const ink = "#1a1a1a";
export const arrow = "#7a7a7a";

export const styles: Readonly<Record<VertexState, Style>> = {
  fresh: {
    mark: "●",
    text: stateTexts.fresh,
    line: "#009e73",
    fill: "#d5f0e6",
    dashed: false,
    ansi: "green",
  },
  stale: {
    mark: "○",
    text: stateTexts.stale,
    line: "#c07800",
    fill: "#fdebc8",
    dashed: false,
    ansi: "yellow",
  },
  waiting: {
    mark: "◌",
    text: stateTexts.waiting,
    line: "#2a7fb8",
    fill: "#dceefa",
    dashed: true,
    ansi: "cyan",
  },
  broken: {
    mark: "✗",
    text: stateTexts.broken,
    line: "#d55e00",
    fill: "#fbdccb",
    dashed: false,
    ansi: "red",
  },
  source: { mark: "■", text: "source", line: "#7a7a7a", fill: "#ededed", dashed: false, ansi: "gray" },
};

/** "● up to date   ○ would run   …" */
export const legend = (): string =>
  Object.values(styles)
    .map(({ mark, text }) => `${mark} ${text}`)
    .join("   ");

/** What is told of a vertex below its name: what it stands for, how that stands, and how long it took. */
export function detailsOf(vertex: Vertex): string[] {
  const { state, counts, seconds } = vertex;
  const what = whatText(vertex);
  if (state === "source") return [what || styles.source.text];
  const how = Object.keys(counts).length > 1 ? countsText(counts) : styles[state].text;
  return [what, seconds === undefined ? how : `${how}, took ${duration(seconds)}`].filter(Boolean);
}

/** "12 stages", "3 grids, 6 axes, 1,000 points"; nothing of a single node that is no grid. */
function whatText({ kind, size, grid }: Vertex): string {
  const noun = kind === "source" ? "source" : grid ? "grid" : "stage";
  return [...(size > 1 ? [counted(size, noun)] : []), ...(grid ? [gridText(grid)] : [])].join(", ");
}

/** "6 axes, 15,625 points, 62 % known" */
export function gridText({ axes, points, known }: GridFacts): string {
  // Rounded down: only all is 100 %.
  const share = known === undefined ? [] : [`${Math.floor((100 * known) / points)} % known`];
  return [`${axes} ${axes === 1 ? "axis" : "axes"}`, counted(points, "point"), ...share].join(", ");
}

/** "3 would run, 9 up to date" */
const countsText = (counts: Vertex["counts"]): string =>
  Object.entries(styles)
    .flatMap(([state, { text }]) => {
      const count = counts[state as VertexState];
      return count === undefined ? [] : [`${whole(count)} ${text}`];
    })
    .join(", ");

/** "○ scan  6 axes, 15,625 points, 62 % known  0.04 s": how it stands is told by the mark, if it is one for all. */
export function lineOf(vertex: Vertex): string {
  const { name, state, counts, seconds } = vertex;
  const how = Object.keys(counts).length > 1 ? countsText(counts) : "";
  const what = [whatText(vertex), how].filter(Boolean).join(": ");
  const took = seconds === undefined ? "" : duration(seconds);
  return [`${styles[state].mark} ${name}`, what, took].filter(Boolean).join("  ");
}
