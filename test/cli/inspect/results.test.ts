import { describe, expect, it } from "vitest";
import { configure, layerOfSet } from "../../../cli/configuration/configuration.ts";
import { hasResults, resultRows } from "../../../cli/inspect/results.ts";
import { resultsText } from "../../../cli/present/results.ts";
import type { Artifact, LabelledArray } from "../../../pipeline/index.ts";

const numbers = (...data: number[]): LabelledArray => ({
  data: Float64Array.from(data),
  shape: [data.length],
  dims: ["x"],
  units: "1",
});
const valued = (values: Artifact["values"]): Artifact => ({ arrays: {}, values });
const { configuration } = configure([layerOfSet("coefficients=notebook")]);
const rowsOf = (artifacts: Record<string, Artifact>, own = configuration) =>
  resultRows(new Map(Object.entries(artifacts)), own);

const fixedPoint: Artifact = {
  arrays: {
    first_order: numbers(2.457196708, 9.640638894),
    second_order: numbers(1, 2, 3, 4, 5),
    second_order_as_coded: numbers(2.45947006, 9.66354478, 0.09778797, 0.11800296, 0.25284009),
    eigenvalues: numbers(-767, -210),
  },
  values: { stable: true },
};

describe("the table of results", () => {
  it("has a row for each quantity, beside the notebook's", () => {
    const rows = rowsOf({
      "step-response/RS-cell": { arrays: { spike_times: numbers(1, 2, 3, 4) }, values: {} },
      "tf-simulation/FS-cell": valued({ simulations: 595 }),
      "tf-fit/RS-cell": valued({ rate_mse: 0.0245 }),
      "ring-trial/baseline": { arrays: { nu_e: numbers(1, 74, 3), delta_V: numbers(0, 0.05) }, values: {} },
      "waveform-mean-field": { arrays: { nu_e: numbers(2, 9, 2) }, values: {} },
      "recording/example": valued({ missing: 0 }),
    });
    expect(rows).toEqual([
      { quantity: "spikes, step response of RS-cell", unit: "1", here: 4, notebook: 4 },
      { quantity: "simulations, transfer function of FS-cell", unit: "1", here: 595, notebook: undefined },
      { quantity: "mean squared error of the fit of RS-cell", unit: "Hz²", here: 0.0245, notebook: 0.041754 },
      { quantity: "waveform, largest ν_e", unit: "Hz", here: 9, notebook: undefined },
      { quantity: "ring baseline, largest ν_e", unit: "Hz", here: 74, notebook: undefined },
      { quantity: "ring baseline, largest δV", unit: "%", here: 5, notebook: undefined },
    ]);
    expect(hasResults("recording/example")).toBe(false);
    expect(hasResults("residual/baseline/example")).toBe(true);
  });

  it("has both orders of the fixed point, and the converged one without comparison", () => {
    const rows = rowsOf({ "fixed-point": fixedPoint });
    expect(rows.map(({ here }) => here)).toEqual([
      ...[2.457196708, 9.640638894],
      ...[2.45947006, 9.66354478, 0.09778797, 0.11800296, 0.25284009],
      ...[1, 2, 3, 4, 5],
      ...[-767, -210],
    ]);
    expect(rows.filter(({ notebook }) => notebook !== undefined)).toHaveLength(7);
  });

  it("compares with nothing where cells or network are not the notebook's", () => {
    for (const own of [
      { network: "Vogels-Abbott", cells: configuration.cells },
      { network: "CONFIG1", cells: { exc: "LIF", inh: "FS-cell" } },
    ] as const) {
      const rows = resultRows(new Map([["fixed-point", fixedPoint]]), own);
      expect(rows.every(({ notebook }) => notebook === undefined)).toBe(true);
    }
  });

  it("lists few residuals and sums up many", () => {
    const residuals = (count: number) =>
      Object.fromEntries(
        Array.from({ length: count }, (_, k) => [
          `residual/wide-stimulus/${k === 2 ? "wa080523" : `r${k}`}`,
          valued({ residual: 10 + k }),
        ]),
      );
    expect(rowsOf(residuals(4)).map(({ quantity, here }) => [quantity, here])).toEqual([
      ["residual wide-stimulus/r0", 10],
      ["residual wide-stimulus/r1", 11],
      ["residual wide-stimulus/wa080523", 12],
      ["residual wide-stimulus/r3", 13],
    ]);
    expect(rowsOf(residuals(6)).map(({ quantity, here, notebook }) => [quantity, here, notebook])).toEqual([
      ["residual wide-stimulus, smallest of 6", 10, undefined],
      ["residual wide-stimulus, median", 12.5, undefined],
      ["residual wide-stimulus, largest", 15, undefined],
      ["residual wide-stimulus/wa080523", 12, 18.2543083783],
    ]);
  });

  it("lists the speeds of few recordings, and of many their middle; none that is not determined", () => {
    const pieces = (...speeds: number[]): Artifact => ({
      arrays: {
        from: numbers(...speeds.map((_, k) => 5 * k)),
        to: numbers(...speeds.map((_, k) => 5 * k + 4.999)),
        speed: numbers(...speeds),
      },
      values: {},
    });
    const trial = { "propagation/trial/baseline": pieces(-270, 280) };
    const recordings = (count: number) =>
      Object.fromEntries(
        Array.from({ length: count }, (_, k) => [
          `propagation/recording/r${k}`,
          pieces(-100 - k, Number.NaN),
        ]),
      );
    const few = rowsOf({ ...trial, ...recordings(1) });
    expect(few.map(({ quantity, here }) => [quantity, here])).toEqual([
      ["speed trial/baseline, 0 to 5 mm", -270],
      ["speed trial/baseline, 5 to 10 mm", 280],
      ["speed recording/r0, 0 to 5 mm", -100],
      ["speed recording/r0, 5 to 10 mm", Number.NaN],
    ]);
    expect(resultsText(few, configuration)).toMatch(/recording\/r0, 5 to 10 mm +not determined +mm\/s/);
    const many = rowsOf({ ...trial, ...recordings(7) });
    expect(many.map(({ quantity, here }) => [quantity, here]).slice(2)).toEqual([
      ["speed in 7 recordings, median of 7 pieces", 103],
    ]);
  });

  it("tells what recordings have in common, as far as there is enough of them", () => {
    const names = ["v_c", "l_stim", "l_exc", "l_inh", "tau2", "tau1"];
    const each = (value: number) => Object.fromEntries(names.map((name, k) => [name, value + k]));
    const none = { outcome: "not enough", count: 1, reason: "it takes more" };
    const tested = {
      outcome: "tested",
      count: 2,
      statistic: 4,
      df: 1,
      p: 0.156,
      estimate: 2,
      interval: [-4, 8],
    };
    const inference = (recording: string[], tests: Record<string, Artifact["values"]>) =>
      valued({
        ...{
          recording,
          mean: each(100),
          sd: each(8),
          units: Object.fromEntries(names.map((name) => [name, "mm"])),
        },
        ...{ tests, borders: [{}, {}], warnings: [] },
      });
    const few = rowsOf({
      inference: inference(["a"], { l_exc_l_inh: none, tau1_duration: none, tau2_duration: none }),
    });
    expect(few.map(({ quantity, here }) => [quantity, here])).toEqual([
      ["inferred values at an end of their range, of 1 recording", 2],
    ]);
    const rows = rowsOf({
      inference: inference(["a", "b"], { l_exc_l_inh: tested, tau1_duration: none, tau2_duration: none }),
    });
    const cells = resultsText(rows, configuration)
      .split("\n")
      .map((line) => line.split(/ {2,}/));
    expect(cells[1]).toEqual(["inferred v_c, mean ± SD of 2 recordings", "100.00 ± 8.00", "mm"]);
    expect(cells[6]).toEqual(["inferred tau1, mean ± SD of 2 recordings", "105.0 ± 13.0", "mm"]);
    expect(cells[7]).toEqual(["inferred l_exc against l_inh, p of the paired t-test", "0.156"]);
    expect(cells[8]).toEqual(["inferred values at an end of their range, of 2 recordings", "2"]);
  });

  it("is printed with the notebook's digits and what it was obtained under", () => {
    const rows = rowsOf({
      "fixed-point": fixedPoint,
      "residual/wide-stimulus/wa080523": valued({ residual: 18.412793602 }),
    });
    const lines = resultsText(rows, configuration).split("\n");
    const cells = lines.map((line) => line.split(/ {2,}/));
    expect(cells).toContainEqual([
      "fixed point, first order, ν_e",
      "2.45719671",
      "2.45719675",
      "-4.2e-8",
      "Hz",
    ]);
    expect(cells).toContainEqual([
      "fixed point, second order, c_ee",
      "0.09778797",
      "0.09778797",
      "none",
      "Hz²",
    ]);
    expect(cells).toContainEqual([
      "residual wide-stimulus/wa080523",
      "18.4127936020",
      "18.2543083783",
      "+0.16",
    ]);
    expect(lines.slice(-2)).toEqual([
      "Coefficients: notebook; reading: as-coded; CONFIG1 with RS-cell and FS-cell. Differences below 1e-7 come from digits that the notebook leaves off its coefficients.",
      "The notebook's residual 18.2543083783 includes a plotting trick; without it, it is 18.412793602.",
    ]);
    const fitted = resultsText(rowsOf({ "fixed-point": fixedPoint }), configure([]).configuration);
    expect(fitted.split("\n").at(-1)).toContain("come out with --profile notebook.");
  });
});
