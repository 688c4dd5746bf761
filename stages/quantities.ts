import { results as printed } from "../data/notebook.ts";
import type { Artifact } from "../pipeline/index.ts";
import type { Numbers } from "../pipeline/inspect.ts";
import type { InferredValues } from "./model/inference/inference-summary.ts";
import { parameters } from "./model/parameters/parameters.ts";

/** A number of the pipeline beside the one that the notebook prints. */
export interface Row {
  readonly quantity: string;
  /** "1" for none. */
  readonly unit: string;
  readonly here: number;
  /** The standard deviation of what `here` is the mean of. */
  readonly sd?: number;
  readonly notebook?: number | undefined;
}

/** The rows of a stage's artifacts, by what their names say after the first slash. */
export type Quantities = (artifacts: ReadonlyMap<string, Artifact>) => Row[];

/** Spikes that the notebook's figure of the step responses shows. */
const spikes: Readonly<Record<string, number>> = { "RS-cell": 4, "FS-cell": 10 };

/** Up to so many recordings get a row each; of more, only the spread is told. */
const fewRecordings = 4;
const printedResidual = "wide-stimulus/wa080523";

export const stepResponseRows: Quantities = (cells) =>
  each(cells, (cell, { arrays }) => [
    row(`spikes, step response of ${cell}`, "1", arrays.spike_times!.data.length, spikes[cell]),
  ]);

export const tableRows: Quantities = (cells) =>
  each(cells, (cell, { values }) => [
    row(`simulations, transfer function of ${cell}`, "1", values.simulations as number),
  ]);

export const fitRows: Quantities = (cells) =>
  each(cells, (cell, { values }) => [
    row(
      `mean squared error of the fit of ${cell}`,
      "Hz²",
      values.rate_mse as number,
      (printed.rateMse as Readonly<Record<string, number>>)[cell],
    ),
  ]);

export const fixedPointRows: Quantities = (ones) => each(ones, (_, artifact) => fixedPointRowsOf(artifact));

export const waveformRows: Quantities = (ones) =>
  each(ones, (_, { arrays }) => [row("waveform, largest ν_e", "Hz", largest(arrays.nu_e!.data))]);

export const ringRows: Quantities = (variants) =>
  each(variants, (variant, { arrays }) => [
    row(`ring ${variant}, largest ν_e`, "Hz", largest(arrays.nu_e!.data)),
    row(`ring ${variant}, largest δV`, "%", 100 * largest(arrays.delta_V!.data)), // as figures have it
  ]);

export const inferredRows: Quantities = (ones) =>
  each(ones, (_, { values }) => inferenceRowsOf("inferred", values as unknown as InferredValues));

export const refinedRows: Quantities = (ones) =>
  each(ones, (_, { values }) => inferenceRowsOf("refined", values as unknown as InferredValues));

export const row = (quantity: string, unit: string, here: number, notebook?: number): Row => ({
  quantity,
  unit,
  here,
  notebook,
});

export const each = (
  artifacts: ReadonlyMap<string, Artifact>,
  rows: (name: string, artifact: Artifact) => Row[],
) => [...artifacts].flatMap(([name, artifact]) => rows(name, artifact));

function fixedPointRowsOf({ arrays }: Artifact): Row[] {
  const rates = ["ν_e", "ν_i"];
  const moments = [...rates, "c_ee", "c_ei", "c_ii"];
  const unit = (moment: string) => (moment.startsWith("c") ? "Hz²" : "Hz");
  const listed = (name: string, of: string, symbols: readonly string[], known: readonly number[] = []) =>
    symbols.map((symbol, k) => row(`${of}, ${symbol}`, unit(symbol), arrays[name]!.data[k]!, known[k]));
  return [
    ...listed("first_order", "fixed point, first order", rates, printed.firstOrder),
    ...listed("second_order_as_coded", "fixed point, second order", moments, printed.secondOrder),
    ...listed("second_order", "fixed point, second order, converged", moments),
    ...Array.from(arrays.eigenvalues!.data, (value, k) =>
      row(`fixed point, eigenvalue ${k + 1}`, "1/s", value),
    ),
  ];
}

/** Speeds of each piece, NaN where they are not determined; of many recordings, what the middle is. */
export function speedRows(artifacts: ReadonlyMap<string, Artifact>): Row[] {
  const recordings = [...artifacts.keys()].filter((name) => firstOf(name) === "recording");
  const areFew = recordings.length <= fewRecordings;
  const listed = [...artifacts].filter(([name]) => areFew || firstOf(name) !== "recording");
  const rows = listed.flatMap(([name, { arrays }]) =>
    Array.from(arrays.speed!.data, (speed, piece) => {
      const [from, to] = [arrays.from!, arrays.to!].map(({ data }) => Number(data[piece]!.toPrecision(3)));
      return row(`speed ${name}, ${from} to ${to} mm`, "mm/s", speed);
    }),
  );
  if (areFew) return rows;
  const speeds = recordings
    .flatMap((name) => [...artifacts.get(name)!.arrays.speed!.data])
    .filter((speed) => !Number.isNaN(speed))
    .map(Math.abs)
    .sort((a, b) => a - b);
  const middle = speeds.length > 0 ? median(speeds) : Number.NaN;
  return [
    ...rows,
    row(`speed in ${recordings.length} recordings, median of ${speeds.length} pieces`, "mm/s", middle),
  ];
}

/** The recordings' sets, on the scan's grid or refined, as far as there are several; `mesoflow show` tells more. */
function inferenceRowsOf(
  sets: "inferred" | "refined",
  { recording, mean, sd, units, tests, borders }: InferredValues,
): Row[] {
  const over = `of ${recording.length} recording${recording.length === 1 ? "" : "s"}`;
  const means = parameters.map((name) => ({
    ...row(`${sets} ${name}, mean ± SD ${over}`, units[name]!, mean[name]!),
    sd: sd[name]!,
  }));
  const { l_exc_l_inh, tau1_duration, tau2_duration } = tests;
  return [
    ...(recording.length > 1 ? means : []),
    ...(l_exc_l_inh.outcome === "tested"
      ? [row(`${sets} l_exc against l_inh, p of the paired t-test`, "1", l_exc_l_inh.p)]
      : []),
    ...Object.entries({ tau1: tau1_duration, tau2: tau2_duration }).flatMap(([name, test]) =>
      test.outcome === "tested"
        ? [
            row(`${sets} ${name} with the stimulus' duration, Pearson's r`, "1", test.estimate),
            row(`${sets} ${name} with the stimulus' duration, p`, "1", test.p),
          ]
        : [],
    ),
    row(`${sets} values at an end of their range, ${over}`, "1", borders.length),
  ];
}

/** Residuals of each recording where they are few; else what the middle and the ends are. */
export function residualRows(artifacts: ReadonlyMap<string, Artifact>): Row[] {
  const residuals = [...artifacts].map(([name, { values }]) => ({
    name,
    residual: values.residual as number,
  }));
  const one = ({ name, residual }: (typeof residuals)[number]) =>
    row(`residual ${name}`, "1", residual, name === printedResidual ? printed.residual : undefined);
  const variants = new Set(residuals.map(({ name }) => firstOf(name)));
  return [...variants].flatMap((variant) => {
    const its = residuals.filter(({ name }) => firstOf(name) === variant);
    if (its.length <= fewRecordings) return its.map(one);
    const sorted = its.map(({ residual }) => residual).sort((a, b) => a - b);
    return [
      row(`residual ${variant}, smallest of ${its.length}`, "1", sorted[0]!),
      row(`residual ${variant}, median`, "1", median(sorted)),
      row(`residual ${variant}, largest`, "1", sorted.at(-1)!),
      ...its.filter(({ name }) => name === printedResidual).map(one),
    ];
  });
}

function median(sorted: readonly number[]): number {
  const upper = Math.floor(sorted.length / 2);
  return sorted.length % 2 ? sorted[upper]! : (sorted[upper - 1]! + sorted[upper]!) / 2;
}

function largest(values: Numbers): number {
  let most = Number.NEGATIVE_INFINITY;
  for (const value of values) most = Math.max(most, value);
  return most;
}

const firstOf = (name: string): string => name.split("/", 1)[0]!;
