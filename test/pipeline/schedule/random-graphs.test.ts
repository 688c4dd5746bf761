import { setImmediate } from "node:timers/promises";
import fc from "fast-check";
import { Subject } from "rxjs";
import { expect, test } from "vitest";
import { place, type Revision, type Stage, type StageNode } from "../../../pipeline/index.ts";
import { ancestors } from "../../../pipeline/inspect.ts";
import { asIs, engineOf, type Num, num, record } from "../../support/harness.ts";

/** A node of a random graph; it takes as inputs the earlier nodes of these numbers. */
interface Spec {
  readonly n: number;
  /** Small, so that different inputs often give the same output. */
  readonly mod: number;
  /** How many turns of the event loop it takes. */
  readonly turns: number;
  readonly inputs: readonly number[];
}
type Graph = readonly Spec[];

const mixing: Stage<Omit<Spec, "inputs">, Record<string, Num>, Num> = {
  id: "mix",
  params: asIs(),
  async run({ params: { n, mod, turns }, inputs, progress }) {
    for (let turn = 0; turn < turns; turn += 1) await progress(turn / turns);
    return num(
      mixed(
        { n, mod },
        Object.values(inputs).map((input) => input.values.n),
      ),
    );
  },
};
const mixed = ({ n, mod }: { n: number; mod: number }, inputs: readonly number[]): number =>
  inputs.reduce((sum, value, index) => sum + (index + 1) * value, n) % mod;

const numbered = (index: number) => String(index).padStart(2, "0");

function nodesOf(graph: Graph): StageNode<Num>[] {
  const nodes: StageNode<Num>[] = [];
  for (const [index, { inputs, ...params }] of graph.entries()) {
    const named = Object.fromEntries(inputs.map((input) => [`in${numbered(input)}`, nodes[input]!]));
    nodes.push(place(mixing, `mix/${numbered(index)}`, params, named));
  }
  return nodes;
}

/** All values, computed with nothing but a loop; `known` holds the pre-images of the past and gets the new ones. */
function naively(graph: Graph, needed: ReadonlySet<string>, known: Set<string>) {
  const values: number[] = [];
  const fresh: string[] = [];
  for (const [index, spec] of graph.entries()) {
    const inputs = spec.inputs.map((input) => values[input]!);
    values.push(mixed(spec, inputs));
    const name = `mix/${numbered(index)}`;
    const preImage = JSON.stringify([name, spec, inputs]);
    if (needed.has(name) && !known.has(preImage)) {
      known.add(preImage);
      fresh.push(name);
    }
  }
  return { values, fresh };
}

const graphs: fc.Arbitrary<Graph> = fc.integer({ min: 1, max: 20 }).chain((size) =>
  fc.tuple(
    ...Array.from({ length: size }, (_, index) =>
      fc.record({
        n: fc.nat({ max: 3 }),
        mod: fc.integer({ min: 1, max: 5 }),
        turns: fc.nat({ max: 2 }),
        inputs:
          index === 0
            ? fc.constant([])
            : fc
                .uniqueArray(fc.nat({ max: index - 1 }), { maxLength: 3 })
                .map((list) => list.sort((a, b) => a - b)),
      }),
    ),
  ),
);
const change = fc.record({ at: fc.nat({ max: 19 }), n: fc.nat({ max: 3 }), target: fc.nat({ max: 19 }) });

const changed = (graph: Graph, { at, n }: { at: number; n: number }): Graph =>
  graph.map((spec, index) => (index === at % graph.length ? { ...spec, n } : spec));

test("after each run outputs are those of a naive recomputation, and exactly the new pre-images were executed", async () => {
  await fc.assert(
    fc.asyncProperty(
      graphs,
      fc.array(change, { maxLength: 4 }),
      fc.integer({ min: 1, max: 3 }),
      async (first, changes, jobs) => {
        const { engine, store } = engineOf([mixing], { jobs });
        const known = new Set<string>();
        let graph = first;
        for (const next of [undefined, ...changes]) {
          if (next) graph = changed(graph, next);
          const nodes = nodesOf(graph);
          const targets = next ? [nodes[next.target % nodes.length]!] : nodes;
          const needed = new Set(ancestors(targets).map(({ name }) => name));
          const { values, fresh } = naively(graph, needed, known);
          const { executed, hits } = await record(engine.run(targets)).summary();
          expect(executed.toSorted()).toEqual(fresh);
          expect([...executed, ...hits].sort()).toEqual([...needed].sort());
          for (const name of needed) {
            const { content } = store.result(store.lastKeys(name)!.key)!;
            expect((await store.load(content)).values.n).toBe(values[Number(name.slice(4))]);
          }
        }
      },
    ),
    { numRuns: 300, seed: 7 },
  );
});

test("whenever revisions come, no result mixes two of them and the last one is right in the end", async () => {
  const pushes = fc.array(fc.record({ change, turns: fc.nat({ max: 8 }) }), { minLength: 1, maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(graphs, pushes, fc.integer({ min: 1, max: 3 }), async (first, later, jobs) => {
      const { engine, store } = engineOf([mixing], { jobs });
      const revisions = new Subject<Revision>();
      const run = record(engine.follow(revisions));
      let graph = first;
      revisions.next({ targets: nodesOf(graph) });
      for (const push of later) {
        for (let turn = 0; turn < push.turns; turn += 1) await setImmediate();
        graph = changed(graph, push.change);
        revisions.next({ targets: nodesOf(graph) });
      }
      revisions.complete();
      const { executed, hits } = await run.summary();
      expect(executed.length + hits.length).toBe(graph.length);
      const { values } = naively(graph, new Set(), new Set());
      for (const [index, value] of values.entries()) {
        const { content } = store.result(store.lastKeys(`mix/${numbered(index)}`)!.key)!;
        expect((await store.load(content)).values.n).toBe(value);
      }
      for (const { preImage, content } of store.entries()) {
        const inputs = Object.entries(preImage.inputs).sort(([a], [b]) => (a < b ? -1 : 1));
        const given = await Promise.all(
          inputs.map(async ([, input]) => (await store.load(input)).values.n as number),
        );
        expect((await store.load(content)).values.n).toBe(mixed(preImage.params as unknown as Spec, given));
      }
    }),
    { numRuns: 150, seed: 8 },
  );
});
