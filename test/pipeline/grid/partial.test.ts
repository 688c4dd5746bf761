import { expect, test } from "vitest";
import { grid, type Stage } from "../../../pipeline/index.ts";
import { partialOf } from "../../../pipeline/inspect.ts";
import { add, adding, engineOf, record } from "../../support/harness.ts";
import { pairs } from "./grid-stage.ts";

const x = adding("x", { n: 1000 });
const ground = () => {
  const { typed, stage } = pairs();
  const { engine } = engineOf([stage, add as unknown as Stage]);
  const of = (a: readonly number[]) =>
    grid(typed, "pairs", { axes: { a, "inner.b": [10, 20] }, params: {}, inputs: { x }, chunk: 2 });
  const partial = async (a: readonly number[]) => partialOf(of(a), await engine.plan([of(a)]), engine.store);
  return { engine, of, partial };
};

test("points that other grids have computed are there, the others are NaN", async () => {
  const { engine, of, partial } = ground();
  await engine.compute(of([1, 3]));
  const found = await partial([1, 2, 3]);
  expect(found!.arrays.sum).toEqual({
    data: Float64Array.of(1011, 1021, Number.NaN, Number.NaN, 1013, 1023),
    ...{ shape: [3, 2], dims: ["a", "inner.b"], units: "1" },
  });
  expect([...found!.arrays.a!.data]).toEqual([1, 2, 3]);
});

test("of a whole grid it is the artifact; before there is any point, or what it needs, it is nothing", async () => {
  const { engine, of, partial } = ground();
  expect(await partial([1, 2])).toBeUndefined();
  await record(engine.run([x])).summary();
  expect(await partial([1, 2])).toBeUndefined();
  const whole = await engine.compute(of([1, 2]));
  expect(await partial([1, 2])).toEqual(whole);
});
