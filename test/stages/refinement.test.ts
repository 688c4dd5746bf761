// @module-tag slow
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { exampleRecording } from "../../data/example.ts";
import { parameters } from "../../stages/model/parameters/parameters.ts";
import recording from "../../stages/recording.ts";
import {
  coldStart,
  filmComparison,
  filmed,
  parametersOf,
  ranges,
  refined,
  residualAt,
  trialAt,
  truth,
} from "../support/noiseless.ts";
import { idle } from "./context.ts";
import { scanned, scanOf, startsOf } from "./refinement/scanned.ts";

/** Thousands of simulations take seconds, and many more where the machine is busy; ms. */
const patience = 600_000;

const bytes = {
  data: new Uint8Array(readFileSync(exampleRecording)),
  shape: [0],
  dims: ["byte"],
  units: "1",
};
const example = await recording.run({
  ...idle,
  params: { file: "example.mat" },
  inputs: { file: { arrays: { bytes }, values: {} } },
});

describe("the example recording, from the scan at two values of each parameter", async () => {
  const scan = await scanOf(example, 2);
  const best = Math.min(...scan.arrays.residual.data);

  it("starts are the scan's best points, the best first", async () => {
    const { arrays } = await startsOf(example, scan, 5);
    const sorted = [...scan.arrays.residual.data].sort((a, b) => a - b);
    expect([...arrays.residual.data]).toEqual(sorted.slice(0, 5));
    expect(arrays.vsd).toBe(example.arrays.vsd);
    for (const start of [0, 4]) {
      const sets = parameters.map((name) => [name, arrays[name].data[start]!]);
      const residual = await residualAt(Object.fromEntries(sets), example, scanned);
      expect(residual).toBe(arrays.residual.data[start]);
    }
    expect((await startsOf(example, scan, 100)).arrays.residual.data).toHaveLength(64);
  });

  it("500 simulations come lower than 729 of a finer scan, with the residual stage's number to the last bit", async () => {
    const found = await refined(await startsOf(example, scan, 3), scanned, { evaluations: 500 });
    const { arrays, values } = found;
    expect(arrays.scan_residual.data[0]).toBe(best);
    const finer = await scanOf(example, 3);
    expect(arrays.residual.data[0]).toBeLessThan(Math.min(...finer.arrays.residual.data));
    expect(arrays.residual.data[0]).toBeLessThan(0.25 * best);
    expect(values.evaluations).toBeLessThanOrEqual(500);
    expect(await residualAt(parametersOf(found), example, scanned)).toBe(arrays.residual.data[0]);
    expect(arrays.trace.data).toHaveLength(500);
    expect(arrays.trace.data.at(-1)).toBe(arrays.residual.data[0]);
    for (const name of parameters) {
      expect(arrays[name].data[0]).toBeGreaterThanOrEqual(ranges[name][0]);
      expect(arrays[name].data[0]).toBeLessThanOrEqual(ranges[name][1]);
    }
  });

  it.each([
    [20, 1],
    [70, 0.5],
    [130, 0.25],
    [300, 0.15],
  ])(
    "with %i simulations lower than %d of the scan's best, which is one of its starts",
    async (evaluations, part) => {
      const from = await startsOf(example, scan, 3);
      const found = await refined(from, scanned, { evaluations });
      expect(found.arrays.residual.data[0]).toBeLessThan(part * best);
      expect(found.values.evaluations).toBeLessThanOrEqual(evaluations);
      expect(await residualAt(parametersOf(found), example, scanned)).toBe(found.arrays.residual.data[0]);
    },
  );

  it("a thousand come as low whatever the seed", async () => {
    const from = await startsOf(example, scan, 3);
    for (const seed of [1, 2]) {
      const { arrays } = await refined(from, scanned, { seed });
      expect(arrays.residual.data[0]).toBeLessThan(0.512);
    }
  });

  it("the same for the same seed, another search for another", async () => {
    const from = await startsOf(example, scan, 3);
    const [one, same, other] = await Promise.all(
      [1, 1, 2].map((seed) => refined(from, scanned, { evaluations: 600, seed })),
    );
    expect(one).toEqual(same);
    expect(other!.arrays.trace.data).not.toEqual(one!.arrays.trace.data);
  });

  it("tells how far it is, and stops at once when it is aborted", async () => {
    const told: number[] = [];
    const progress = async (fraction: number) => {
      told.push(fraction);
      if (told.length === 30) throw new Error("aborted");
    };
    const from = await startsOf(example, scan, 3);
    await expect(refined(from, scanned, { evaluations: 60 }, progress)).rejects.toThrow("aborted");
    expect(told).toEqual(Array.from({ length: 30 }, (_, k) => k / 60));
  });
});

describe("parameters of noiseless films, from the middle of the ranges", () => {
  // Of ninety draws 87 are found within 6000 simulations, most within the thousand of the defaults, as these (docs).
  it.each([1, 2, 3, 5, 7, 9, 10, 11, 13, 18, 19, 21, 23, 24, 28])(
    "truth %i comes back within 1%",
    async (which) => {
      const want = truth(which);
      const film = filmed(await trialAt(want));
      expect(await residualAt(want, film, filmComparison)).toBeLessThan(1e-25);
      const from = await coldStart(film, filmComparison);
      const found = await refined(from, filmComparison);
      const got = parametersOf(found);
      for (const name of parameters) expect(Math.abs(got[name] / want[name] - 1), name).toBeLessThan(0.01);
      const { v_c_low, v_c_high, residual } = found.arrays;
      expect(want.v_c).toBeGreaterThanOrEqual(v_c_low.data[0]!);
      expect(want.v_c).toBeLessThanOrEqual(v_c_high.data[0]!);
      expect(residual.data[0]).toBeLessThan(1e-12);
      expect(found.values).toMatchObject({ converged: true });
      expect(await residualAt(got, film, filmComparison)).toBe(residual.data[0]);
    },
    patience,
  );
});

describe("what a film does not determine", () => {
  it.each([50, 75, 300])(
    "at v_c = %d, where delays are whole without rounding, the set has its residual",
    async (v_c) => {
      const set = { ...truth(5), v_c };
      const film = filmed(await trialAt(set));
      const from = await coldStart(film, filmComparison);
      for (const name of parameters) from.arrays[name].data[0] = set[name];
      from.arrays.residual.data[0] = await residualAt(set, film, filmComparison);
      const found = await refined(from, filmComparison, { evaluations: 20 });
      const [low, high, got] = [found.arrays.v_c_low, found.arrays.v_c_high, found.arrays.v_c].map(
        ({ data }) => data[0]!,
      ) as [number, number, number];
      expect(low).toBeLessThanOrEqual(v_c);
      expect(high).toBeGreaterThanOrEqual(v_c);
      expect(got).toBeGreaterThanOrEqual(low);
      expect(got).toBeLessThanOrEqual(high);
      expect(await residualAt(parametersOf(found), film, filmComparison)).toBe(found.arrays.residual.data[0]);
    },
  );

  it("v_c between whole-step delays: the ends are told, and give the same residual; beyond them it differs", async () => {
    // Connections reach two units only.
    const set = { v_c: 400, l_stim: 1, l_exc: 1.2, l_inh: 1.1, tau2: 100, tau1: 20 };
    const film = filmed(await trialAt({ ...set, v_c: 300 }));
    const from = await coldStart(film, filmComparison);
    for (const name of parameters) from.arrays[name].data[0] = set[name];
    from.arrays.residual.data[0] = 0; // nothing is better than this start
    const { arrays } = await refined(from, filmComparison, { evaluations: 20 });
    const [low, high] = [arrays.v_c_low.data[0]!, arrays.v_c_high.data[0]!];
    expect(high / low - 1).toBeGreaterThan(0.05);
    expect(arrays.v_c.data[0]).toBe((low + high) / 2);
    const at = (v_c: number) => residualAt({ ...set, v_c }, film, filmComparison);
    const value = await at(400);
    for (const v_c of [low * 1.0001, (low + high) / 2, high * 0.9999]) expect(await at(v_c)).toBe(value);
    for (const v_c of [low * 0.9999, high * 1.0001]) expect(await at(v_c)).not.toBe(value);
  });

  it("l_stim where the units beside the middle do not feel the stimulus", async () => {
    const set = { ...truth(5), l_stim: 0.25 };
    const film = filmed(await trialAt(set));
    const profile = (l_stim: number) => residualAt({ ...set, l_stim }, film, filmComparison);
    expect(await profile(0.2)).toBeLessThan(1e-6);
    expect(await profile(0.8)).toBeGreaterThan(1e-2);
  });
});
