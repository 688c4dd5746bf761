/**
 * What a scan costs: a trial of the ring, and its comparison with a recording.
 *
 *     npm run bench:scan
 *
 * The 64 trials of the N = 2 scan and twelve recordings, the bundled example cut to twelve lengths. Milliseconds of
 * processor time of one thread, medians of rounds after a warm-up; kept in bench/history.txt.
 */
import { readFileSync } from "node:fs";
import { exampleRecording } from "../data/example.ts";
import { coefficients } from "../data/notebook.ts";
import { readRecording } from "../data/recording-file.ts";
import type { FixedPoint } from "../stages/fixed-point.ts";
import fixedPoint from "../stages/fixed-point.ts";
import { type Target, targetOf } from "../stages/model/comparison/comparison.ts";
import { residualsOf } from "../stages/model/comparison/residuals.ts";
import type { ResponseWindow } from "../stages/model/comparison/response.ts";
import { meanFieldOf } from "../stages/model/mean-field/field.ts";
import { cells } from "../stages/model/parameters/cells.ts";
import { networks } from "../stages/model/parameters/networks.ts";
import { positions } from "../stages/model/ring/ring.ts";
import { depolarisationOf, type Ring, ringSchema } from "../stages/model/ring/trial.ts";
import { type Recording, recordingOf } from "../stages/recording.ts";
import { axesOf, scanSchema } from "../stages/scan.ts";
import { remember } from "./history.ts";

const rounds = 7;

const field = {
  cells: { exc: cells["RS-cell"], inh: cells["FS-cell"] },
  network: networks.CONFIG1,
  reading: "as-coded" as const,
  mean_field: { T: 5, drive: networks.CONFIG1.drive },
};
const printed = (cell: "RS-cell" | "FS-cell") => ({
  arrays: {
    P: { data: Float64Array.from(coefficients.notebook[cell]!), shape: [11], dims: ["term"], units: "V" },
  },
  values: { reading: field.reading },
});
const inputs = { exc: printed("RS-cell"), inh: printed("FS-cell") };

const scan = scanSchema.parse({});
const rings: Ring[] = Object.entries(axesOf(scan))
  .reduce<object[]>(
    (some, [name, values]) => some.flatMap((ring) => values.map((value) => ({ ...ring, [name]: value }))),
    [{}],
  )
  .map((ring) => ringSchema.parse(ring));

/** The example without its last rows. */
function shortened(rows: number): Recording {
  const { vsd, time, space, ...others } = readRecording(readFileSync(exampleRecording), "example.mat");
  const kept = space.length - rows;
  return recordingOf({
    ...others,
    time,
    space: space.slice(0, kept),
    vsd: vsd.slice(0, kept * time.length),
  });
}

const idle = { signal: new AbortController().signal, progress: async () => {} };
const rest: FixedPoint = await fixedPoint.run({ ...idle, params: field, inputs });
const meanField = meanFieldOf(field, inputs);
const under = { space: positions(30, 36, field.reading), extent: 36 };
const targets: Target[] = Array.from({ length: 12 }, (_, k) =>
  targetOf(shortened(6 * k), under, scan.t_range),
);

const trials = (): ResponseWindow[] =>
  rings.map((ring) => {
    const { time, deltaV } = depolarisationOf({ ...field, ring }, meanField, rest);
    return { time: time.map((t) => 1e3 * t), deltaV, pixels: ring.pixels };
  });
const comparisons = (responses: readonly ResponseWindow[]): number[] =>
  responses.flatMap((response) => targets.map(residualsOf(response, scan.normalisation)));

/** Milliseconds of processor time, and what came of it. */
function timed<T>(action: () => T): [number, T] {
  const begin = process.cpuUsage();
  const made = action();
  const { user, system } = process.cpuUsage(begin);
  return [(user + system) / 1000, made];
}
const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1]!;

const taken = Array.from({ length: rounds + 1 }, () => {
  const [ofTrials, responses] = timed(trials);
  const [ofComparisons, residuals] = timed(() => comparisons(responses));
  if (!residuals.every((residual) => residual > 0)) throw new Error("a trial fits a noisy recording exactly");
  return { trial: ofTrials / rings.length, comparison: ofComparisons / residuals.length };
}).slice(1); // the first round warms up

const lines = (["trial", "comparison"] as const).map((each) => ({
  measure: `scan, a ${each}`,
  ours: median(taken.map((round) => round[each])),
  peer: undefined,
}));
for (const { measure, ours } of lines) console.log(`${measure.padEnd(20)} ${ours.toFixed(3)} ms`);
remember(lines);
