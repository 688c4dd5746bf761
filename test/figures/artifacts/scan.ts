import type { Posteriors } from "../../../figures/posterior.ts";
import type { Scan } from "../../../figures/scan.ts";
import type { OutputOf } from "../../../figures/stage-output.ts";
import type inference from "../../../stages/inference.ts";
import { refinedInferenceSchema } from "../../../stages/inference-settings.ts";
import { vector } from "../../../stages/labelled-arrays.ts";
import { type Parameter, parameters } from "../../../stages/model/parameters/parameters.ts";
import type refinedInference from "../../../stages/refined-inference.ts";
import { numbers } from "./numbers.ts";

export const recordings = ["one", "two", "three"];

export function scanOf(value = (residual: number) => residual): Scan {
  const axes = {
    ...{
      v_c: [50, 325, 600],
      l_stim: [0.2, 2],
      l_exc: [1, 7],
      l_inh: [1, 7],
      tau2: [50, 200],
      tau1: [5, 50],
    },
  };
  const units = { v_c: "mm/s", l_stim: "mm", l_exc: "mm", l_inh: "mm", tau2: "ms", tau1: "ms" };
  const shape = [3, 2, 2, 2, 2, 2, recordings.length];
  const size = shape.reduce((product, length) => product * length, 1);
  const residual = {
    data: numbers(size, (k) => value(3 + ((k * 7919) % 1009) / (1 + (k % 3)))),
    ...{ shape, dims: [...Object.keys(axes), "recording"], units: "1" },
  };
  const coordinates = Object.entries(axes).map(([name, values]) => [
    name,
    vector(name, Float64Array.from(values), units[name as keyof typeof units]),
  ]);
  return {
    artifact: {
      arrays: { ...Object.fromEntries(coordinates), residual } as Scan["artifact"]["arrays"],
      values: { recording: recordings },
    },
    params: {},
  };
}

const tested = { outcome: "tested", count: 3, statistic: 2, df: 2, interval: [-4, 12] } as const;

export function inferenceOf(count = recordings.length): OutputOf<typeof inference> {
  const column = (units: string, ...values: number[]) =>
    vector("recording", Float64Array.from(values.slice(0, count)), units);
  return {
    artifact: {
      arrays: {
        ...{ v_c: column("mm/s", 325, 50, 600), l_stim: column("mm", 0.2, 2, 0.2) },
        ...{ l_exc: column("mm", 7, 7, 7), l_inh: column("mm", 1, 1, 7) },
        ...{ tau2: column("ms", 50, 200, 200), tau1: column("ms", 5, 50, 5) },
        duration: column("ms", 10, 50, Number.NaN),
        residual: column("1", 3, 4, 5),
        shared: vector(
          "recording",
          Int32Array.from({ length: count }, () => 1),
          "1",
        ),
      },
      values: {
        recording: recordings.slice(0, count),
        mean: { v_c: 325, l_stim: 0.8, l_exc: 7, l_inh: 3, tau2: 150, tau1: 20 },
        sd: { v_c: 224.5, l_stim: 0.85, l_exc: 0, l_inh: 2.83, tau2: 70.7, tau1: 21.2 },
        units: { v_c: "mm/s", l_stim: "mm", l_exc: "mm", l_inh: "mm", tau2: "ms", tau1: "ms" },
        tests: {
          l_exc_l_inh: { ...tested, estimate: 4, p: 0.184 },
          tau1_duration: {
            outcome: "not enough",
            count: 2,
            reason: "a correlation takes at least 3 recordings",
          },
          tau2_duration: { ...tested, estimate: 0.72, p: 0.0078 },
        },
        borders: [],
        warnings: [],
      },
    },
    params: { durations: { one: 10, two: 50 } },
  };
}

/** Posteriors of which the last parameter is not determined by the first recording. */
export function posteriorOf(names: readonly string[] = recordings): Posteriors {
  const count = names.length;
  const ranges: Posteriors["params"]["ranges"] = {
    v_c: [50, 600],
    l_stim: [0.2, 2],
    l_exc: [1, 7],
    l_inh: [1, 7],
    tau2: [50, 200],
    tau1: [5, 50],
  };
  const at = (name: Parameter, part: number) => ranges[name][0] + part * (ranges[name][1] - ranges[name][0]);
  const each = (parts: (k: number, isOpen: boolean) => readonly number[]) =>
    Float64Array.from(
      Array.from({ length: count }, (_, k) =>
        parameters.flatMap((name) => parts(k, k === 0 && name === "tau1").map((part) => at(name, part))),
      ).flat(),
    );
  return {
    artifact: {
      arrays: {
        median: { data: each((k) => [0.3 + 0.2 * k]) },
        interval: { data: each((k, isOpen) => (isOpen ? [0.05, 0.95] : [0.2 + 0.2 * k, 0.45 + 0.2 * k])) },
      },
      values: {
        recording: names,
        undetermined: names.map((_, k) => (k === 0 ? ["tau1"] : [])),
      },
    },
    params: { ranges, posterior: { level: 90 } },
  };
}

/** The same sets within a wider range. */
export function refinedOf(): OutputOf<typeof refinedInference> {
  const { artifact, params } = inferenceOf();
  const ranges = {
    v_c: [10, 900],
    l_stim: [0.1, 4],
    l_exc: [0.5, 9],
    l_inh: [0.5, 9],
    tau2: [20, 300],
    tau1: [2, 80],
  };
  return { artifact, params: refinedInferenceSchema.parse({ ...params, ranges }) };
}
