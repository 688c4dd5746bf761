import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { memoryStore } from "../../cache/index.ts";
import { stimulusOf } from "../../data/recording-name.ts";
import { Engine, type LabelledArray, place, source } from "../../pipeline/index.ts";
import inference from "../../stages/inference.ts";
import { bestFits } from "../../stages/model/inference/best-fits.ts";
import { rangeLimitsOf, rangeLimitWarnings } from "../../stages/model/inference/range-limits.ts";
import { parameters } from "../../stages/model/parameters/parameters.ts";
import refinedInference from "../../stages/refined-inference.ts";
import { type Scan, scanSchema, units } from "../../stages/scan.ts";
import { golden } from "../golden.ts";
import { idle } from "./context.ts";

/** A scan's artifact, as a grid gathers it. */
function scanOf(
  axes: Readonly<Record<string, readonly number[]>>,
  recordings: string[],
  data: Float64Array,
): Scan {
  const coordinates = parameters.map((name): [string, LabelledArray] => [
    name,
    { data: Float64Array.from(axes[name]!), shape: [axes[name]!.length], dims: [name], units: units[name] },
  ]);
  const shape = [...parameters.map((name) => axes[name]!.length), recordings.length];
  const residual = { data, shape, dims: [...parameters, "recording"], units: "1" };
  return {
    arrays: { residual, ...Object.fromEntries(coordinates) } as unknown as Scan["arrays"],
    values: { recording: recordings },
  };
}
const runOf = (scan: Scan, durations: Record<string, number> = {}) =>
  inference.run({ params: { durations }, inputs: { scan }, ...idle });

describe("of the authors' scan of two values", () => {
  interface Trial {
    readonly parameters: Readonly<Record<string, number>>;
    readonly residuals: Readonly<Record<string, { readonly factor_t_m100_300: number }>>;
  }
  const trials = golden("scan_n2") as Trial[];
  const files = Object.keys(trials[0]!.residuals);
  const settingOf = ({ parameters: set }: Trial, name: string) =>
    ({
      v_c: set.conduction_velocity_mm_s,
      l_stim: set.l_stim_mm,
      l_exc: set.l_exc_mm,
      l_inh: set.l_inh_mm,
      tau2: Math.round(1e3 * set.tau2_s!),
      tau1: Math.round(1e3 * set.tau1_s!),
    })[name]!;
  const axes = Object.fromEntries(
    parameters.map((name) => [
      name,
      [...new Set(trials.map((trial) => settingOf(trial, name)))].sort((a, b) => a - b),
    ]),
  );
  const placeOf = (trial: Trial) =>
    parameters.reduce((at, name) => at * axes[name]!.length + axes[name]!.indexOf(settingOf(trial, name)), 0);
  const data = new Float64Array(trials.length * files.length);
  for (const trial of trials) {
    files.forEach((file, k) => {
      data[placeOf(trial) * files.length + k] = trial.residuals[file]!.factor_t_m100_300;
    });
  }
  const durations = Object.fromEntries(files.map((file) => [file, stimulusOf(file)!.duration]));
  const made = runOf(scanOf(axes, files, data), durations);

  it("each recording's best set is the trial of its smallest residual", async () => {
    const { arrays } = await made;
    files.forEach((file, k) => {
      const residualOf = (trial: Trial) => trial.residuals[file]!.factor_t_m100_300;
      const [best] = trials.toSorted((a, b) => residualOf(a) - residualOf(b));
      expect(arrays.residual.data[k]).toBe(residualOf(best!));
      for (const name of parameters)
        expect(arrays[name].data[k], `${name} of ${file}`).toBe(settingOf(best!, name));
    });
    expect([...arrays.duration.data]).toEqual([10, 10, 10, 100, 100, 50, 50, 50, 10, 10, 50, 50]);
    for (const { dims, shape } of Object.values(arrays))
      expect({ dims, shape }).toEqual({ dims: ["recording"], shape: [12] });
    expect(parameters.map((name) => arrays[name].units)).toEqual(["mm/s", "mm", "mm", "mm", "ms", "ms"]);
  });

  it("every best value is at an end of its range, and one sentence says why", async () => {
    const { values } = await made;
    expect(values.borders).toHaveLength(6 * 12);
    expect(values.warnings).toEqual([
      expect.stringMatching(/two values only.*set scan\.points to 3 or more/),
    ]);
    expect(values.recording).toEqual(files);
  });
});

describe("few recordings", () => {
  const axes = {
    v_c: [1, 2, 3],
    l_stim: [1],
    l_exc: [1, 2, 3],
    l_inh: [1, 2, 3],
    tau2: [1, 2, 3],
    tau1: [1, 2, 3],
  };
  const flat = (count: number) =>
    scanOf(axes, ["a", "b"].slice(0, count), new Float64Array(243 * count).fill(5));

  it("give no number that JSON does not have, and say what is missing", async () => {
    const { values, arrays } = await runOf(flat(1), { a: 50 });
    expect(JSON.parse(JSON.stringify(values))).toEqual(values);
    expect(JSON.stringify(values)).not.toContain("null");
    const outcomes = Object.values(values.tests).map(({ outcome }) => outcome);
    expect(outcomes).toEqual(["not enough", "not enough", "not enough"]);
    expect(values.mean.v_c).toBe(1);
    expect(values.sd.v_c).toBe(0);
    expect(arrays.residual.data).toEqual(Float64Array.of(5));
  });

  it("that the scan does not tell apart are said to be undetermined: the first set is told", async () => {
    const { values, arrays } = await runOf(flat(2), { a: 50, b: 100 });
    expect([...arrays.shared.data]).toEqual([243, 243]);
    expect([...arrays.tau1.data]).toEqual([1, 1]);
    expect(values.warnings.at(-1)).toMatch(
      /Several sets share the smallest residual against a, b: told is the first/,
    );
    expect(values.tests.l_exc_l_inh).toMatchObject({ reason: "l_exc − l_inh is the same in all recordings" });
  });

  it("without a duration are left out of the correlations and told", async () => {
    const { values, arrays } = await runOf(flat(2), { b: 100 });
    expect(values.tests.tau1_duration.count).toBe(1);
    expect(values.tests.l_exc_l_inh.count).toBe(2);
    expect([...arrays.duration.data]).toEqual([Number.NaN, 100]);
    expect(values.warnings).toContainEqual(
      expect.stringMatching(/not known of a, .*set inference\.durations\.a=/),
    );
  });

  it("of which one fits nowhere are refused, by name", async () => {
    const scan = flat(2);
    const nowhere = scan.arrays.residual.data.map((value, k) => (k % 2 ? Number.NaN : value));
    const broken = scanOf(axes, ["a", "b"], nowhere);
    await expect(runOf(broken)).rejects.toMatchObject({
      name: "BadInput",
      message: expect.stringMatching(/No set of the scan has a finite residual against b/),
    });
  });

  it("are a stage whose result can be stored and found", async () => {
    const engine = new Engine({ store: memoryStore(), stages: [inference] });
    const scan = source("scan of two", async () => flat(2));
    const node = place(inference, "inference", { durations: { a: 10 } }, { scan });
    const { arrays } = await engine.compute(node);
    expect(arrays).toHaveProperty("l_stim.shape", [2]);
  });
});

describe("the best set", () => {
  it("is the one that looking through all of them finds", () => {
    const shape = fc.tuple(
      fc.integer({ min: 1, max: 4 }),
      fc.integer({ min: 1, max: 3 }),
      fc.integer({ min: 1, max: 3 }),
    );
    const residual = fc.oneof(
      fc.integer({ min: 0, max: 3 }),
      fc.constant(Number.NaN),
      fc.constant(Number.POSITIVE_INFINITY),
    );
    const scan = shape.chain((lengths) =>
      fc.array(residual, { minLength: 36, maxLength: 36 }).map((values) => ({ lengths, values })),
    );
    fc.assert(
      fc.property(scan, ({ lengths: [n, m, recordings], values }) => {
        const data = Float64Array.from(values.slice(0, n * m * recordings));
        const names = Array.from({ length: recordings }, (_, k) => `r${k}`);
        const of = (i: number, j: number, k: number) => data[(i * m + j) * recordings + k]!;
        const sets = Array.from({ length: n * m }, (_, set) => [Math.floor(set / m), set % m] as const);
        const least = names.map((_, k) =>
          Math.min(...sets.map(([i, j]) => of(i, j, k)).filter(Number.isFinite)),
        );
        if (!least.every(Number.isFinite)) {
          expect(() => bestFits({ data, shape: [n, m, recordings] }, names)).toThrow(/No set of the scan/);
          return;
        }
        const { residual, at, shared } = bestFits({ data, shape: [n, m, recordings] }, names);
        expect([...residual]).toEqual(least);
        names.forEach((_, k) => {
          const equal = sets.filter(([i, j]) => of(i, j, k) === least[k]);
          expect([at[0]![k], at[1]![k]]).toEqual(equal[0]);
          expect(shared[k]).toBe(equal.length);
        });
      }),
    );
  });
});

describe("optima at the ends of ranges", () => {
  const column = (...values: number[]) => ({ values: Float64Array.from(values), units: "mm" });
  const columns = { l_exc: column(1, 4, 7), l_inh: column(2, 2, 2), l_stim: column(1, 1, 1 + 1e-12) };
  const ranges = {
    l_exc: { low: 1, high: 7 },
    l_inh: { low: 2, high: 2 },
    l_stim: { low: 0.2, high: 1 + 1e-11 },
  };
  const borders = rangeLimitsOf(["a", "b", "c"], columns, ranges);

  it("are told by parameter, recording and end; a single value has none", () => {
    expect(borders.slice(0, 2)).toEqual([
      { recording: "a", parameter: "l_exc", end: "low", value: 1 },
      { recording: "c", parameter: "l_exc", end: "high", value: 7 },
    ]);
    expect(
      borders.slice(2).map(({ recording, parameter, end }) => `${recording} ${parameter} ${end}`),
    ).toEqual(["a l_stim high", "b l_stim high", "c l_stim high"]);
  });

  it("come with what to do", () => {
    expect(rangeLimitWarnings(borders, columns, ranges)).toEqual([
      expect.stringMatching(
        /^l_exc is best at the lower end of its range, 1 mm, in 1 of 3 recordings \(a\): lower the first value of scan\.l_exc/,
      ),
      expect.stringMatching(
        /^l_exc is best at the upper end of its range, 7 mm, in 1 of 3 recordings \(c\): raise the second value of scan\.l_exc/,
      ),
      expect.stringMatching(
        /^l_stim is best at the upper end .* in 3 of 3 recordings \(a, b, c\).*does not determine it\.$/,
      ),
    ]);
  });
});

it("of refined parameters says the same as of any, and names those at an end of the scan's ranges", async () => {
  const { points: _, t_range, normalisation, ...ranges } = scanSchema.parse({});
  const along = (data: number[], units: string) => ({
    ...{ data: Float64Array.from(data), shape: [data.length], dims: ["recording"], units },
  });
  const columns = Object.fromEntries(
    parameters.map((name) => [name, along([ranges[name][0] * 1.3, ranges[name][1]], units[name])]),
  );
  const { arrays, values } = await refinedInference.run({
    ...idle,
    params: { durations: { a: 50, b: 100 }, ranges },
    inputs: {
      refinement: {
        arrays: { ...columns, residual: along([3, 4], "1") },
        values: { recording: ["a", "b"] },
      } as never,
    },
  });
  expect([...arrays.tau1.data]).toEqual([6.5, 50]);
  expect([...arrays.residual.data]).toEqual([3, 4]);
  expect(values.mean.tau1).toBe(28.25);
  expect(values.borders.map(({ recording, parameter, end }) => [recording, parameter, end])).toEqual(
    parameters.map((name) => ["b", name, "high"]),
  );
  expect(values.warnings[0]).toMatch(/^v_c is best at the upper end of its range, 600 mm\/s, in 1 of 2 /);
});
