import { inputsOf, type Node, type Plan } from "../../pipeline/index.ts";
import type { ExitStatus, Options } from "../options.ts";
import { dotText, mermaidText, treeText } from "../present/graph.ts";
import { print, printJson } from "../present/print.ts";
import { stateTexts } from "../present/standing.ts";
import { withSession } from "../session.ts";

const marks = { fresh: "●", stale: "○", waiting: "◌", broken: "✗" } as const;

/** `mesoflow graph [stage…]`: the named stages and all they need. */
export function graph(options: Options): Promise<ExitStatus> {
  return withSession(options, { readOnly: true }, async ({ plan: planned, targets }) => {
    const plan = await planned(targets(options.names));
    const { nodes } = plan;
    const label = (node: Node): string => `${markOf(node, plan)} ${node.name}`;
    if (options.json) {
      for (const node of nodes) printJson(facts(node, plan));
      const edges = nodes.reduce((sum, node) => sum + inputsOf(node).length, 0);
      printJson({ event: "graph", nodes: nodes.length, edges });
    } else if (options.format === "mermaid") print(mermaidText(nodes, label));
    else if (options.format === "dot") print(dotText(nodes, label));
    else {
      print(treeText(nodes, label));
      const states = Object.entries(marks).map(
        ([state, mark]) => `${mark} ${stateTexts[state as keyof typeof marks]}`,
      );
      print(`\n${states.join("   ")}   ■ source   ← further inputs`);
    }
    return 0;
  });
}

function markOf(node: Node, { prospects }: Plan): string {
  const { state } = prospects.get(node)!;
  return node.kind === "source" && state === "fresh" ? "■" : marks[state];
}

const facts = (node: Node, { prospects }: Plan): object => ({
  name: node.name,
  kind: node.kind,
  state: prospects.get(node)!.state,
  inputs: inputsOf(node).map(({ name }) => name),
});
