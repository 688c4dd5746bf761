import { Graph, layout } from "@dagrejs/dagre";
import type { Vertex } from "../inspect/graph-drawing.ts";
import { counted } from "../output/format.ts";
import { arrow, detailsOf, ink, type Style, styles } from "./vertex.ts";

/** Lengths in px. A monospaced letter is 0.6 of its size wide in all fonts of the list, near enough. */
const name = { size: 13, height: 18 };
const detail = { size: 11, height: 15 };
const padding = { x: 10, y: 7 };
const margin = 16;
const fonts = "ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace";

interface Point {
  readonly x: number;
  readonly y: number;
}

/** A vertex as text in a box. */
interface Box {
  readonly lines: readonly string[];
  readonly style: Style;
  readonly isRound: boolean;
  /** It stands for several, as a pile of boxes. */
  readonly isPile: boolean;
  readonly width: number;
  readonly height: number;
}

/**
 * The graph as an SVG document, from left to right. It depends on the vertices only, carries its own colours for
 * light and dark grounds, and says in words what it shows. An arrow that others imply, from what an input needs
 * itself, is left out.
 */
export function graphSvg(vertices: readonly Vertex[]): string {
  const { boxes, at, edges, width, height } = placed(vertices);
  const key = legendOf();
  const nodes = vertices.reduce((sum, { size }) => sum + size, 0);
  const whole = { width: Math.max(width, key.width) + 2 * margin, height: height + key.height + 3 * margin };
  const drawn = vertices.map((vertex, index) => {
    const text = [boxes[index]!.lines.join(", "), ...needs(vertex)].join("; ");
    return boxText(boxes[index]!, at[index]!, text);
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${number(whole.width)}" height="${number(whole.height)}" ` +
      `viewBox="${-margin} ${-margin} ${number(whole.width)} ${number(whole.height)}" role="img" ` +
      `aria-labelledby="graph-title graph-desc" font-family="${escaped(fonts)}">`,
    `<title id="graph-title">Graph of ${counted(nodes, "node")}</title>`,
    `<desc id="graph-desc">${escaped(described(vertices))}</desc>`,
    `<defs><marker id="graph-arrow" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" markerHeight="7" orient="auto">` +
      `<path d="M0 0 L8 4 L0 8 z" fill="${arrow}"/></marker></defs>`,
    `<g fill="none" stroke="${arrow}" stroke-width="1.3">`,
    ...edges.map((points) => `<path d="${curve(points)}" marker-end="url(#graph-arrow)"/>`),
    "</g>",
    ...drawn,
    `<g transform="translate(0 ${number(height + margin)})">`,
    ...key.boxes,
    "</g>",
    "</svg>",
  ].join("\n");
}

function boxOf(vertex: Vertex): Box {
  const style = styles[vertex.state];
  const lines = [`${style.mark} ${vertex.name}`, ...detailsOf(vertex)];
  return { ...sizeOf(lines), lines, style, isRound: vertex.kind === "source", isPile: vertex.size > 1 };
}

function sizeOf(lines: readonly string[]): { width: number; height: number } {
  const widths = lines.map((line, index) => 0.6 * [...line].length * (index === 0 ? name : detail).size);
  return {
    width: Math.max(...widths) + 2 * padding.x,
    height: name.height + (lines.length - 1) * detail.height + 2 * padding.y,
  };
}

/** The boxes as they are drawn, where each has its upper left corner, and the ways of the edges. */
function placed(vertices: readonly Vertex[]) {
  const boxes = vertices.map(boxOf);
  const graph = new Graph();
  graph.setGraph({ rankdir: "LR", nodesep: 14, ranksep: 46, edgesep: 10 });
  graph.setDefaultEdgeLabel(() => ({}));
  const ids = new Map(vertices.map((vertex, index) => [vertex, String(index)]));
  // Copies: the layout writes into them.
  for (const [index, { width, height }] of boxes.entries()) graph.setNode(String(index), { width, height });
  const arrows = arrowsOf(vertices);
  for (const [from, to] of arrows) graph.setEdge(ids.get(from)!, ids.get(to)!);
  layout(graph);
  const centres = boxes.map((_, index) => graph.node(String(index)) as Point);
  // All boxes of a column are as wide as the widest: no arrow to one of them runs behind another.
  const columns = new Map<number, number>();
  for (const [index, { x }] of centres.entries()) {
    columns.set(x, Math.max(columns.get(x) ?? 0, boxes[index]!.width));
  }
  const set = boxes.map((box, index) => ({ ...box, width: columns.get(centres[index]!.x)! }));
  const at = set.map(({ width, height }, index): Point => {
    const { x, y } = centres[index]!;
    return { x: x - width / 2, y: y - height / 2 };
  });
  const edges = arrows.map(([from, to]) => {
    const [start, end] = [from, to].map((vertex) => Number(ids.get(vertex))) as [number, number];
    const { points } = graph.edge(String(start), String(end)) as { points: readonly Point[] };
    return [
      { x: at[start]!.x + set[start]!.width, y: centres[start]!.y },
      // Of a short one its middle says nothing; a long one leads around what lies between.
      ...(points.length > 3 ? points.slice(1, -1) : []),
      { x: at[end]!.x, y: centres[end]!.y },
    ];
  });
  const { width = 0, height = 0 } = graph.graph() as { width?: number; height?: number };
  return { boxes: set, at, edges, width: Math.max(width, 0), height: Math.max(height, 0) };
}

/** From each vertex to what needs it, unless that needs it through another as well. */
function arrowsOf(vertices: readonly Vertex[]): (readonly [from: Vertex, to: Vertex])[] {
  const above = new Map<Vertex, ReadonlySet<Vertex>>();
  return vertices.flatMap((vertex) => {
    const beyond = new Set(vertex.inputs.flatMap((input) => [...above.get(input)!]));
    above.set(vertex, new Set([...vertex.inputs, ...beyond]));
    return vertex.inputs.filter((input) => !beyond.has(input)).map((input) => [input, vertex] as const);
  });
}

function boxText(
  { lines, style, isRound, isPile, width, height }: Box,
  { x, y }: Point,
  title: string,
): string {
  const dash = style.dashed ? ' stroke-dasharray="5 3"' : "";
  const texts = lines.map((line, index) => {
    const { size } = index === 0 ? name : detail;
    const base = padding.y + (index === 0 ? 13 : name.height + index * detail.height - 4);
    const weight = index === 0 ? ' font-weight="600"' : "";
    return `<text x="${padding.x}" y="${base}" font-size="${size}"${weight}>${escaped(line)}</text>`;
  });
  const rect = (offset: number) =>
    `<rect x="${offset}" y="${offset}" width="${number(width)}" height="${number(height)}" ` +
    `rx="${isRound ? number(height / 2) : 4}" fill="${style.fill}" stroke="${style.line}" stroke-width="1.6"${dash}/>`;
  const boxes = isPile ? [rect(4), rect(0)] : [rect(0)];
  return (
    `<g transform="translate(${number(x)} ${number(y)})" fill="${ink}"><title>${escaped(title)}</title>` +
    `${boxes.join("")}${texts.join("")}</g>`
  );
}

/** All states with their marks, in a row. */
function legendOf(): { boxes: string[]; width: number; height: number } {
  let x = 0;
  let tallest = 0;
  const boxes = Object.entries(styles).map(([state, style]) => {
    const lines = [`${style.mark} ${style.text}`];
    const box: Box = { ...sizeOf(lines), lines, style, isRound: state === "source", isPile: false };
    const text = boxText(box, { x, y: 0 }, `legend: ${style.text}`);
    x += box.width + margin / 2;
    tallest = Math.max(tallest, box.height);
    return text;
  });
  return { boxes, width: x - margin / 2, height: tallest };
}

/** For who cannot see it: every vertex in words. */
const described = (vertices: readonly Vertex[]): string =>
  vertices
    .map((vertex) => [[vertex.name, ...detailsOf(vertex)].join(", "), ...needs(vertex)].join("; "))
    .join(". ");

const needs = ({ inputs }: Vertex): string[] =>
  inputs.length > 0 ? [`needs ${inputs.map((input) => input.name).join(", ")}`] : [];

/** A smooth way through the points, level at each of them. */
function curve(points: readonly Point[]): string {
  const [first, ...others] = points as [Point, ...Point[]];
  let from = first;
  const pieces = others.map((to) => {
    const middle = (from.x + to.x) / 2;
    const piece = `C${number(middle)} ${number(from.y)} ${number(middle)} ${number(to.y)} ${xy(to)}`;
    from = to;
    return piece;
  });
  return `M${xy(first)} ${pieces.join(" ")}`;
}

const xy = ({ x, y }: Point): string => `${number(x)} ${number(y)}`;

const number = (value: number): string => String(Math.round(10 * value) / 10);

/** Text for XML, without what may not stand there even escaped. */
const escaped = (text: string): string =>
  text
    .replaceAll(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, "\ufffd")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
