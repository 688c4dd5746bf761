import { styleText } from "node:util";
import { inputsOf } from "../../pipeline/inspect.ts";
import { drawingOf, factsOf, type Vertex } from "../inspect/graph-drawing.ts";
import type { ExitStatus, Options } from "../options.ts";
import { writeWhole } from "../output/file-output.ts";
import { print, printJson, tell } from "../output/print.ts";
import { dotText, mermaidText, type Paint, treeText } from "../present/graph.ts";
import { legend, styles } from "../present/vertex.ts";
import { withSession } from "../session/session.ts";

/** `mesoflow graph [stage…]`: the named stages and all they need. */
export function graph(options: Options): Promise<ExitStatus> {
  const { format, out, json } = options;
  return withSession(options, { readOnly: true }, async ({ plan: planned, targets, store }) => {
    const plan = await planned(targets(options.names));
    if (json) {
      for (const node of plan.nodes) printJson(factsOf(node, plan, store));
      const edges = plan.nodes.reduce((sum, node) => sum + inputsOf(node).length, 0);
      printJson({ event: "graph", nodes: plan.nodes.length, edges });
      return 0;
    }
    const vertices = drawingOf(plan, store, options.all);
    const text = await drawn(vertices, format, out === undefined ? painted(process.stdout) : undefined);
    if (out === undefined) print(text);
    else {
      await writeWhole(out, `${text}\n`);
      tell(`wrote ${out}`);
    }
    return 0;
  });
}

async function drawn(
  vertices: readonly Vertex[],
  format: string | undefined,
  paint: Paint | undefined,
): Promise<string> {
  switch (format) {
    case "mermaid":
      return mermaidText(vertices);
    case "dot":
      return dotText(vertices);
    case "svg":
      // Loaded only for this: it takes a while to import.
      return (await import("../present/graph-svg.ts")).graphSvg(vertices);
    default:
      return `${treeText(vertices, paint)}\n\n${legend()}   ← further inputs`;
  }
}

/** Colours on a terminal, unless it or its user wants none (no-color.org). */
function painted({ isTTY }: NodeJS.WriteStream): Paint | undefined {
  if (!isTTY || process.env.NO_COLOR || process.env.TERM === "dumb") return undefined;
  return (text, state) => styleText(styles[state].ansi, text);
}
