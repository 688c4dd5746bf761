import fc from "fast-check";

/** A node of a random graph; inputs are numbers of earlier nodes, taken modulo how many there are. */
export interface Spec {
  readonly kind: "stage" | "source" | "grid";
  /** Parameter of a stage; what a source holds. */
  readonly n: number;
  /** Results are taken modulo it: where it is small, different inputs often give the same output. */
  readonly mod: number;
  /** It fails where this is its result; a source, where this is what it holds. */
  readonly failsAt: number;
  /** How often it fails in passing before it succeeds. */
  readonly flaky: number;
  /** How many steps it takes. */
  readonly steps: number;
  /** Whether it looks at its signal. */
  readonly obeys: boolean;
  readonly inputs: readonly number[];
  /** Of a grid: the values along the axis `m`, the nodes along the axis `x` if any, points a chunk. */
  readonly along: readonly number[];
  readonly nodes: readonly number[];
  readonly chunk: number;
}

/** One state of the world. */
export interface Graph {
  readonly specs: readonly Spec[];
  /** Numbers of nodes; all that nothing else needs where there are none. */
  readonly targets: readonly number[];
  readonly code: number;
  /** Those that are to run whatever is known. */
  readonly forced: readonly number[];
}

/** What is changed at once, each part understood in whatever graph it meets. */
export interface Change {
  readonly what: "n" | "failsAt" | "inputs" | "along" | "nodes" | "targets" | "code" | "force" | "back";
  readonly at: number;
  readonly value: number;
  readonly list: readonly number[];
}

export interface Case {
  readonly specs: readonly Spec[];
  readonly pushes: readonly (readonly Change[])[];
  readonly jobs: number;
  readonly keepGoing: boolean;
  /** Whether the store takes its time. */
  readonly slowStore: boolean;
  /** Whether it ends by being left, not by itself. */
  readonly isLeft: boolean;
  /** Of all that is left to chance while it is played. */
  readonly seed: number;
}

const never = -1;
const list = (max: number, maxLength: number) => fc.uniqueArray(fc.nat({ max }), { maxLength });

const spec: fc.Arbitrary<Spec> = fc.record({
  kind: fc.oneof(
    { weight: 7, arbitrary: fc.constant("stage" as const) },
    { weight: 1, arbitrary: fc.constant("source" as const) },
    { weight: 1, arbitrary: fc.constant("grid" as const) },
  ),
  n: fc.nat({ max: 3 }),
  mod: fc.constantFrom(2, 3, 1_000_003),
  failsAt: fc.oneof(
    { weight: 15, arbitrary: fc.constant(never) },
    { weight: 1, arbitrary: fc.nat({ max: 2 }) },
  ),
  flaky: fc.oneof({ weight: 9, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat({ max: 3 }) }),
  steps: fc.nat({ max: 3 }),
  obeys: fc.boolean(),
  inputs: list(59, 3),
  along: list(5, 4),
  nodes: list(59, 2),
  chunk: fc.integer({ min: 1, max: 3 }),
});

const change: fc.Arbitrary<Change> = fc.record({
  what: fc.constantFrom(
    ...([
      "n",
      "n",
      "n",
      "n",
      "failsAt",
      "inputs",
      "along",
      "nodes",
      "targets",
      "code",
      "force",
      "back",
    ] as const),
  ),
  at: fc.nat({ max: 59 }),
  value: fc.nat({ max: 3 }),
  list: list(59, 3),
});

const graphOf = (maxLength: number) => fc.array(spec, { minLength: 1, maxLength, size: "max" });

export const cases: fc.Arbitrary<Case> = fc.record({
  specs: fc.oneof(
    { weight: 10, arbitrary: graphOf(8) },
    { weight: 4, arbitrary: graphOf(20) },
    { weight: 1, arbitrary: graphOf(60) },
  ),
  pushes: fc.array(fc.array(change, { minLength: 1, maxLength: 2 }), { maxLength: 5, size: "max" }),
  jobs: fc.integer({ min: 1, max: 4 }),
  keepGoing: fc.boolean(),
  slowStore: fc.oneof(
    { weight: 3, arbitrary: fc.constant(false) },
    { weight: 1, arbitrary: fc.constant(true) },
  ),
  isLeft: fc.oneof({ weight: 7, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
  seed: fc.nat(),
});

export const nameOf = ({ specs }: Graph, at: number): string =>
  `${specs[at]!.kind === "source" ? "source" : "mix"}/${String(at).padStart(2, "0")}`;

/** The numbers of the nodes that one takes in common for all its points, and of those along its axis. */
export const inputsAt = (specs: readonly Spec[], at: number): readonly number[] =>
  specs[at]!.kind === "source" ? [] : earlier(specs[at]!.inputs, at);
export const nodesAt = (specs: readonly Spec[], at: number): readonly number[] =>
  specs[at]!.kind === "grid" ? earlier(specs[at]!.nodes, at) : [];

const earlier = (numbers: readonly number[], at: number): number[] =>
  at === 0 ? [] : [...new Set(numbers.map((number) => number % at))].sort((a, b) => a - b);

/** The states of the world, one a push, from the first on. */
export function graphsOf({ specs, pushes }: Case): Graph[] {
  const graphs: Graph[] = [{ specs, targets: [], code: 0, forced: [] }];
  for (const changes of pushes) {
    const before: Graph = { ...graphs.at(-1)!, forced: [] };
    graphs.push(changes.reduce((graph, change) => changed(graph, change, graphs.at(-2) ?? before), before));
  }
  return graphs;
}

function changed(graph: Graph, { what, at, value, list }: Change, back: Graph): Graph {
  const place = at % graph.specs.length;
  const withSpec = (change: Partial<Spec>): Graph => ({
    ...graph,
    specs: graph.specs.map((spec, index) => (index === place ? { ...spec, ...change } : spec)),
  });
  if (what === "n") return withSpec({ n: value });
  if (what === "failsAt") return withSpec({ failsAt: value - 1 });
  if (what === "inputs" || what === "nodes") return withSpec({ [what]: list });
  if (what === "along")
    return withSpec({
      along: list.map((each) => each % 6).filter((each, index, all) => all.indexOf(each) === index),
    });
  if (what === "targets") return { ...graph, targets: list.map((number) => number % graph.specs.length) };
  if (what === "code") return { ...graph, code: value };
  if (what === "force") return { ...graph, forced: [place] };
  return { ...back, forced: [] };
}
