import { expect, test } from "vitest";
import { memoryStore } from "../../../cache/index.ts";
import { cacheListingOf } from "../../../cli/inspect/cache-listing.ts";
import { cacheListingText } from "../../../cli/present/cache-listing.ts";
import { grid, type Stage } from "../../../pipeline/index.ts";
import { asIs, engineOf, type Num, num } from "../../support/harness.ts";

test("chunks of a grid make one line, beside that of the grid itself", async () => {
  const stage: Stage<{ readonly side: number }, Record<never, never>, Num> = {
    id: "squares",
    params: asIs(),
    run: async ({ params: { side } }) => num(side * side),
  };
  const store = memoryStore();
  const { engine } = engineOf([stage as unknown as Stage], { store });
  const over = (...side: number[]) =>
    grid(stage, "squares", { axes: { side }, params: {}, inputs: {}, chunk: 2 });
  await engine.compute(over(1, 2, 3, 4, 5));
  const last = await engine.compute(over(1, 2, 3, 4, 5, 6));
  expect(last.arrays.n!.data).toEqual(Float64Array.of(1, 4, 9, 16, 25, 36));

  const holdings = cacheListingOf(store.entries());
  const chunks = store.entries().filter(({ partOf }) => partOf !== undefined);
  expect(holdings).toHaveLength(3);
  expect(holdings.at(-1)).toEqual({
    stage: "squares",
    bytes: chunks.reduce((sum, { bytes }) => sum + bytes, 0),
    seconds: chunks.reduce((sum, { seconds }) => sum + seconds, 0),
    at: chunks.map(({ at }) => at).sort()[3],
    what: { base: chunks[0]!.partOf, chunks: 4, evicted: 0, points: 6 },
  });
  const [head, ...lines] = cacheListingText(holdings).split("\n");
  expect(head).toMatch(/^stage +key +content +size +took +when$/);
  expect(lines.filter((line) => /^squares {2}[0-9a-f]{12}/.test(line))).toHaveLength(2);
  expect(lines.at(-1)).toMatch(/^squares {2}4 chunks +6 points +\d+ B +<?\d+\.\d+ s +\d{4}-/);

  const [first] = chunks;
  store.tables.artifacts.delete(first!.content);
  expect(cacheListingOf(store.entries()).at(-1)!.what).toMatchObject({ chunks: 3, evicted: 1 });
  expect(cacheListingText(cacheListingOf(store.entries()))).toContain("3 chunks, 1 evicted");
});
