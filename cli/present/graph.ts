import { inputsOf, type Node } from "../../pipeline/index.ts";

/** A line for a node in a drawing: its name with what else is told of it. */
export type Label = (node: Node) => string;

/**
 * A tree, inputs above what they feed, each node once: below the last of its inputs to be ready, the one the
 * most steps from a source. Its other inputs stand behind it.
 */
export function treeText(nodes: readonly Node[], label: Label): string {
  const depths = new Map<Node, number>();
  const children = new Map<Node | undefined, Node[]>();
  const parents = new Map<Node, Node | undefined>();
  for (const node of nodes) {
    const inputs = inputsOf(node);
    const parent = inputs.reduce<Node | undefined>(
      (deepest, input) => (deepest && depths.get(deepest)! >= depths.get(input)! ? deepest : input),
      undefined,
    );
    depths.set(node, parent ? depths.get(parent)! + 1 : 0);
    parents.set(node, parent);
    children.set(parent, [...(children.get(parent) ?? []), node]);
  }

  const lines: string[] = [];
  const draw = (node: Node, own: string, below: string): void => {
    const others = inputsOf(node).filter((input) => input !== parents.get(node));
    const also = others.length > 0 ? `  ← ${others.map(({ name }) => name).join(", ")}` : "";
    lines.push(`${own}${label(node)}${also}`);
    const its = children.get(node) ?? [];
    its.forEach((child, index) => {
      const isLast = index === its.length - 1;
      draw(child, `${below}${isLast ? "└─ " : "├─ "}`, `${below}${isLast ? "   " : "│  "}`);
    });
  };
  for (const root of children.get(undefined) ?? []) draw(root, "", "");
  return lines.join("\n");
}

/** For Mermaid; sources are rounded. */
export function mermaidText(nodes: readonly Node[], label: Label): string {
  const ids = new Map(nodes.map((node, index) => [node, `n${index}`]));
  const lines = nodes.flatMap((node) => {
    const id = ids.get(node)!;
    const text = `"${label(node).replaceAll('"', "#quot;")}"`;
    return [
      `  ${id}${node.kind === "source" ? `([${text}])` : `[${text}]`}`,
      ...inputsOf(node).map((input) => `  ${ids.get(input)} --> ${id}`),
    ];
  });
  return ["flowchart LR", ...lines].join("\n");
}

/** For Graphviz; sources are ellipses. */
export function dotText(nodes: readonly Node[], label: Label): string {
  const quoted = (text: string) => `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
  const lines = nodes.flatMap((node) => [
    `  ${quoted(node.name)} [label=${quoted(label(node))}, shape=${node.kind === "source" ? "ellipse" : "box"}];`,
    ...inputsOf(node).map((input) => `  ${quoted(input.name)} -> ${quoted(node.name)};`),
  ]);
  return ["digraph mesoflow {", "  rankdir=LR;", ...lines, "}"].join("\n");
}
