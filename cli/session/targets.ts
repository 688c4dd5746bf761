import picomatch from "picomatch";
import { BadInput } from "../../pipeline/errors.ts";
import type { Node, StageNode } from "../../pipeline/index.ts";
import { ancestors, inputsOf } from "../../pipeline/inspect.ts";
import { nearest, suggestion } from "../configuration/nearest.ts";

/**
 * The stages that are named, by their names, by the beginning of theirs up to a slash ("ring-trial"), or by
 * globs; all if none is named. In the graph's order.
 *
 * @throws BadInput for a name that is nobody's
 */
export function targetsIn(graph: readonly StageNode[], patterns: readonly string[]): StageNode[] {
  if (patterns.length === 0) return [...graph];
  const chosen = new Set(patterns.flatMap((pattern) => matching(graph, pattern)));
  return graph.filter((node) => chosen.has(node));
}

/** The stages of the graph that need one of these, directly or through others. */
export function dependentsOf(nodes: readonly StageNode[], graph: readonly StageNode[]): StageNode[] {
  const reached = new Set<Node>(nodes);
  for (const node of ancestors(graph))
    if (inputsOf(node).some((input) => reached.has(input))) reached.add(node);
  for (const node of nodes) reached.delete(node);
  return graph.filter((node) => reached.has(node));
}

function matching(graph: readonly StageNode[], pattern: string): StageNode[] {
  const found = graph.filter(({ name }) => matches(name, pattern));
  if (found.length > 0) return found;
  const names = graph.flatMap(({ name }) => beginnings(name));
  const plain = pattern.replaceAll(/[!*?()[\]{}]/g, "");
  const meant = suggestion(nearest(plain, new Set(names)), ": mesoflow status lists them all.");
  throw new BadInput(`No stage is called ${pattern || '""'}${meant}`);
}

/** Whether a name is the one given, begins with it up to a slash, or is of the glob given. */
export function matches(name: string, pattern: string): boolean {
  if (pattern === "") return false;
  return (
    name === pattern ||
    name.startsWith(pattern.replace(/\/*$/, "/")) ||
    picomatch(pattern, { bash: true, nonegate: true })(name)
  );
}

/** residual/baseline/example: itself, residual, residual/baseline */
function beginnings(name: string): string[] {
  const parts = name.split("/");
  return [name, ...parts.slice(1).map((_, index) => parts.slice(0, index + 1).join("/"))];
}
