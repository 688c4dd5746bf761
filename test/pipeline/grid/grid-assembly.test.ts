import fc from "fast-check";
import { expect, test } from "vitest";
import { grid, type Node } from "../../../pipeline/index.ts";
import { add, adding, engineOf, type Num, record } from "../../support/harness.ts";
import { pairs } from "./grid-stage.ts";

const values = (maxLength: number) =>
  fc.uniqueArray(fc.integer({ min: -5, max: 5 }), { minLength: 1, maxLength });
const numRuns = Number(process.env.FUZZ_RUNS ?? 200);

const shapes = fc.record({
  a: fc.option(values(4)),
  b: fc.option(values(3)),
  /** Of points: pairs of `a` and, where there is one, `inner.c`. */
  points: fc.option(
    fc.uniqueArray(fc.tuple(fc.integer({ min: -3, max: 3 }), fc.option(fc.nat({ max: 3 }))), {
      minLength: 1,
      maxLength: 4,
      selector: (point) => JSON.stringify(point),
    }),
  ),
  /** What the nodes along the input axis give; several may give the same. */
  x: fc.option(fc.array(fc.nat({ max: 2 }), { minLength: 1, maxLength: 3 })),
  chunk: fc.integer({ min: 1, max: 7 }),
  jobs: fc.integer({ min: 1, max: 4 }),
});

test("whatever the axes, points, chunks and jobs, a grid gathers what a plain loop over its points does", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(shapes, { minLength: 1, maxLength: 3 }), async (grids) => {
      const { typed, stage, computed } = pairs();
      const seen = new Set<string>();
      const { store } = engineOf([]);
      for (const { a, b, points, x, chunk, jobs } of grids) {
        if (!a && !b && !points && !x) continue;
        const { engine } = engineOf([stage, add], { jobs, store });
        // Where points set `a`, the axis cannot; the first axis varies slowest.
        const along = points ? undefined : a;
        const nodes = x?.map((n, at) => adding(`x${at}`, { n }));
        const node = grid(typed, "pairs", {
          axes: {
            ...(along && { a: along }),
            ...(b && { "inner.b": b }),
            ...(nodes && { x: nodes }),
          } as { a: number[]; x: Node<Num>[] },
          ...(points && {
            points: points.map(([a, c]) => ({ a, ...(c !== null && { inner: { c } }) }) as { a: number }),
          }),
          params: { ...(!along && !points && { a: 100 }), inner: b ? {} : { b: 50 } } as { a: number },
          inputs: (x ? {} : { x: adding("common", { n: 7 }) }) as Record<never, never>,
          chunk,
        });
        const sums: number[] = [];
        const flat: number[] = [];
        const fresh = new Set<string>();
        for (const [first, c] of points ?? (along ?? [100]).map((each) => [each, null] as const)) {
          for (const second of b ?? [50]) {
            for (const third of x ?? [7]) {
              sums.push(first + second + (c ?? 0) + third);
              flat.push(first, second);
              const axes = [points !== null, along !== null && along !== undefined, b !== null, x !== null];
              const point = JSON.stringify([axes, first, second, c, third]);
              if (!seen.has(point)) fresh.add(point);
            }
          }
        }
        for (const point of fresh) seen.add(point);
        computed.length = 0;
        const { failed } = await record(engine.run([node])).summary();
        expect(failed).toEqual([]);
        expect(computed).toHaveLength(fresh.size);
        const { arrays } = await engine.compute(node);
        expect([...arrays.sum.data]).toEqual(sums);
        expect([...arrays.pair.data]).toEqual(flat);
        const lengths = [points, along, b, x].flatMap((list) => (list ? [list.length] : []));
        expect(arrays.pair.shape).toEqual([...lengths, 2]);
      }
    }),
    { numRuns },
  );
}, 3_600_000);
