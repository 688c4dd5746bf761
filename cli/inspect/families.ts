import type { Node } from "../../pipeline/index.ts";
import { inputsOf } from "../../pipeline/inspect.ts";

/** Nodes that a drawing shows as one: places of one stage that are fed and named alike; or a single node. */
export interface Family {
  /** What the members' names have in common, as a glob: "residual/baseline/*". */
  readonly name: string;
  readonly members: readonly Node[];
  /** What its members need. */
  readonly inputs: readonly Family[];
}

/** Up to so many nodes that are alike are shown one by one. */
const few = 4;

/**
 * Nodes are alike if they are places of one stage and each of their inputs is the same or of the same family;
 * sources, if what reads them is of the same stages. So many recordings become one, and the residuals against them
 * one for each ring trial. Each family comes after its inputs.
 *
 * @param nodes each after its inputs
 * @param all every node on its own
 */
export function familiesOf(nodes: readonly Node[], all = false): Family[] {
  const families: Family[] = [];
  const of = new Map<Node, Family>();
  const readers = readersOf(nodes);
  for (const level of levelsOf(nodes)) {
    const alike = new Map<string, Node[]>();
    for (const node of level) {
      const likeness = all ? node.name : likenessOf(node, of, readers);
      if (!alike.get(likeness)?.push(node)) alike.set(likeness, [node]);
    }
    for (const members of alike.values()) {
      const groups = members.length > few ? [members] : members.map((member) => [member]);
      for (const group of groups) {
        const inputs = new Set(group.flatMap((member) => inputsOf(member).map((input) => of.get(input)!)));
        const family: Family = {
          name: patternOf(group.map(({ name }) => name)),
          members: group,
          inputs: [...inputs],
        };
        families.push(family);
        for (const member of group) of.set(member, family);
      }
    }
  }
  return families;
}

/** Nodes by how many steps they are from the farthest source: what is alike is as far. */
function levelsOf(nodes: readonly Node[]): Node[][] {
  const levels: Node[][] = [];
  const depths = new Map<Node, number>();
  for (const node of nodes) {
    const depth = inputsOf(node).reduce((most, input) => Math.max(most, depths.get(input)! + 1), 0);
    depths.set(node, depth);
    levels[depth] ??= [];
    levels[depth].push(node);
  }
  return levels;
}

function likenessOf(
  node: Node,
  of: ReadonlyMap<Node, Family>,
  readers: ReadonlyMap<Node, ReadonlySet<string>>,
): string {
  if (node.kind === "source") return JSON.stringify(["source", ...(readers.get(node) ?? [])]);
  const inputs = Object.entries(node.inputs).map(([name, input]) => [name, of.get(input)!.name]);
  return JSON.stringify([node.stage.id, inputs]);
}

/** By which stages, and as what, each node is read. */
function readersOf(nodes: readonly Node[]): Map<Node, Set<string>> {
  const readers = new Map<Node, Set<string>>();
  for (const node of nodes) {
    if (node.kind === "source") continue;
    for (const [name, input] of Object.entries(node.inputs)) {
      const known = readers.get(input) ?? new Set();
      readers.set(input, known.add(`${node.stage.id} ${name}`));
    }
  }
  return readers;
}

/** Names with a star for each part, between slashes or spaces, in which they differ. */
function patternOf(names: readonly string[]): string {
  const [first = "", ...others] = names;
  if (others.length === 0) return first;
  const split = names.map((name) => name.split(/([/ ])/));
  const length = Math.min(...split.map((parts) => parts.length));
  const parts = split[0]!.slice(0, length);
  const common = parts.map((part, at) => (split.every((other) => other[at] === part) ? part : "*"));
  return common.join("");
}
