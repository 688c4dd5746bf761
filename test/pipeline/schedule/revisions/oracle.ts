import { type Graph, inputsAt, nameOf, nodesAt } from "./graphs.ts";

/** What a node of a graph is to come to. */
export type Outcome =
  /** `text` is all of its artifact; that of a source has no points. */
  | { readonly state: "made"; readonly text: string; readonly points: readonly string[] }
  | { readonly state: "failed"; readonly points: readonly string[] }
  | { readonly state: "blocked"; readonly by: readonly string[] };

/** What goes into one call of the stage, and tells it from all others. */
export interface Given {
  readonly name: string;
  readonly code: number;
  readonly params: { readonly [name: string]: number | boolean | string };
  /** Texts of the artifacts. */
  readonly inputs: { readonly [name: string]: string };
}

export const identityOf = ({ name, code, params, inputs }: Given): string =>
  JSON.stringify([name, code, sorted(params), sorted(inputs)]);

const sorted = (record: object): unknown[] => Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1));

/** The number that the stage makes of what it is given. */
export function mixed({ params, inputs }: Pick<Given, "params" | "inputs">): number {
  let sum = (params.n as number) + 7 * (params.m as number);
  Object.keys(inputs)
    .sort()
    .forEach((name, index) => {
      sum += (index + 1) * digest(inputs[name]!);
    });
  return sum % (params.mod as number);
}

function digest(text: string): number {
  if (!text.startsWith("{")) return Number(text);
  const { n } = JSON.parse(text) as { n: number[] };
  return n.reduce((sum, value, index) => (sum + (index + 1) * value) % 1_000_003, 1);
}

/** Nodes that the targets need, by their numbers. */
export function neededOf(graph: Graph): ReadonlySet<number> {
  const { specs } = graph;
  const needed = new Set(targetsOf(graph));
  for (let at = specs.length - 1; at >= 0; at -= 1) {
    if (!needed.has(at)) continue;
    for (const input of [...inputsAt(specs, at), ...nodesAt(specs, at)]) needed.add(input);
  }
  return needed;
}

/** Those that nothing else needs, unless told. */
export function targetsOf({ specs, targets }: Graph): number[] {
  if (targets.length > 0) return [...new Set(targets)];
  const used = new Set(specs.flatMap((_, at) => [...inputsAt(specs, at), ...nodesAt(specs, at)]));
  return specs.flatMap((_, at) => (used.has(at) ? [] : [at]));
}

/**
 * All that a graph comes to, from scratch, by a plain loop.
 *
 * @param held what the sources held, undefined of one that could not be read
 */
export function recomputed(
  graph: Graph,
  held: ReadonlyMap<string, number | undefined>,
): Map<string, Outcome> {
  const { specs, code } = graph;
  const needed = neededOf(graph);
  const outcomes = new Map<string, Outcome>();
  for (let at = 0; at < specs.length; at += 1) {
    if (!needed.has(at)) continue;
    const name = nameOf(graph, at);
    const { kind, n, mod, failsAt, flaky, steps, obeys, along } = specs[at]!;
    if (kind === "source") {
      const value = held.get(name);
      outcomes.set(
        name,
        value === undefined
          ? { state: "failed", points: [] }
          : { state: "made", text: String(value), points: [] },
      );
      continue;
    }
    const by = new Set<string>();
    const textOf = (input: number): string => {
      const inner = nameOf(graph, input);
      const outcome = outcomes.get(inner)!;
      if (outcome.state === "made") return outcome.text;
      for (const each of outcome.state === "failed" ? [inner] : outcome.by) by.add(each);
      return "";
    };
    const common: Record<string, string> = {};
    for (const input of inputsAt(specs, at)) common[inputName(input)] = textOf(input);
    const varied = nodesAt(specs, at).map((node) => [nameOf(graph, node), textOf(node)] as const);
    if (by.size > 0) {
      outcomes.set(name, { state: "blocked", by: [...by].sort() });
      continue;
    }
    const params = { name, n, mod, failsAt, flaky, steps, obeys };
    const points: Given[] = [];
    const values = kind === "grid" ? alongOf(along) : [0];
    for (const m of values) {
      for (const x of varied.length > 0 ? varied : [undefined]) {
        points.push({ name, code, params: { ...params, m }, inputs: x ? { ...common, x: x[1] } : common });
      }
    }
    const made = points.map(mixed);
    const identities = points.map(identityOf);
    if (made.includes(failsAt)) outcomes.set(name, { state: "failed", points: identities });
    else {
      const text =
        kind === "stage"
          ? String(made[0])
          : JSON.stringify({ n: made, m: values, x: labelsOf(varied.map(([node]) => node)) });
      outcomes.set(name, { state: "made", text, points: identities });
    }
  }
  return outcomes;
}

export const inputName = (input: number): string => `in${String(input).padStart(2, "0")}`;
/** No axis is empty. */
export const alongOf = (along: readonly number[]): readonly number[] => (along.length > 0 ? along : [0]);

/** Names along an axis are without the stage's id where all are of one. */
const labelsOf = (names: readonly string[]): readonly string[] =>
  names.every((name) => name.startsWith("mix/")) ? names.map((name) => name.slice("mix/".length)) : names;
