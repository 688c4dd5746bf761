import type { Vertex, VertexState } from "../inspect/graph-drawing.ts";
import { detailsOf, ink, lineOf, styles } from "./vertex.ts";

/** Text as it is shown where states have colours. */
export type Paint = (text: string, state: VertexState) => string;

/**
 * A tree, inputs above what they feed, each vertex once: below the last of its inputs to be ready, the one the
 * most steps from a source. Its other inputs stand behind it.
 */
export function treeText(vertices: readonly Vertex[], paint: Paint = (text) => text): string {
  const depths = new Map<Vertex, number>();
  const children = new Map<Vertex | undefined, Vertex[]>();
  const parents = new Map<Vertex, Vertex | undefined>();
  for (const vertex of vertices) {
    const parent = vertex.inputs.reduce<Vertex | undefined>(
      (deepest, input) => (deepest && depths.get(deepest)! >= depths.get(input)! ? deepest : input),
      undefined,
    );
    depths.set(vertex, parent ? depths.get(parent)! + 1 : 0);
    parents.set(vertex, parent);
    children.set(parent, [...(children.get(parent) ?? []), vertex]);
  }

  const lines: string[] = [];
  const draw = (vertex: Vertex, own: string, below: string): void => {
    const others = vertex.inputs.filter((input) => input !== parents.get(vertex));
    const also = others.length > 0 ? `  ← ${others.map(({ name }) => name).join(", ")}` : "";
    lines.push(`${own}${paint(lineOf(vertex), vertex.state)}${also}`);
    const its = children.get(vertex) ?? [];
    its.forEach((child, index) => {
      const isLast = index === its.length - 1;
      draw(child, `${below}${isLast ? "└─ " : "├─ "}`, `${below}${isLast ? "   " : "│  "}`);
    });
  };
  for (const root of children.get(undefined) ?? []) draw(root, "", "");
  return lines.join("\n");
}

const textsOf = (vertex: Vertex): string[] => [
  `${styles[vertex.state].mark} ${vertex.name}`,
  ...detailsOf(vertex),
];

/** For Mermaid; sources are rounded. */
export function mermaidText(vertices: readonly Vertex[]): string {
  const ids = new Map(vertices.map((vertex, index) => [vertex, `n${index}`]));
  // Entities as Mermaid spells them.
  const quoted = (text: string) => text.replaceAll(/["#&<>`]/g, (sign) => `#${sign.codePointAt(0)};`);
  const lines = vertices.flatMap((vertex) => {
    const id = ids.get(vertex)!;
    const text = `"${textsOf(vertex).map(quoted).join("<br/>")}"`;
    return [
      `  ${id}${vertex.kind === "source" ? `([${text}])` : `[${text}]`}:::${vertex.state}`,
      ...vertex.inputs.map((input) => `  ${ids.get(input)} --> ${id}`),
    ];
  });
  const used = Object.entries(styles).filter(([state]) => vertices.some((vertex) => vertex.state === state));
  const classes = used.map(
    ([state, { line, fill, dashed }]) =>
      `  classDef ${state} fill:${fill},stroke:${line},color:${ink}${dashed ? ",stroke-dasharray:5 3" : ""}`,
  );
  return ["flowchart LR", ...lines, ...classes].join("\n");
}

/** For Graphviz; sources are ellipses. */
export function dotText(vertices: readonly Vertex[]): string {
  const quoted = (text: string) => `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
  const lines = vertices.flatMap((vertex) => {
    const { line, fill, dashed } = styles[vertex.state];
    const label = textsOf(vertex).map(quoted).join(" + ").replaceAll('" + "', "\\n");
    const style = dashed ? "filled,dashed" : "filled";
    const shape = vertex.kind === "source" ? "ellipse" : "box";
    return [
      `  ${quoted(vertex.name)} [label=${label}, shape=${shape}, style="${style}", color="${line}", fillcolor="${fill}"];`,
      ...vertex.inputs.map((input) => `  ${quoted(input.name)} -> ${quoted(vertex.name)};`),
    ];
  });
  return ["digraph mesoflow {", "  rankdir=LR;", `  node [fontcolor="${ink}"];`, ...lines, "}"].join("\n");
}
