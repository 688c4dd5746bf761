import { z } from "zod";
import type { Artifact, Stage } from "../pipeline/index.ts";
import type { FixedPoint } from "./fixed-point.ts";
import { type Doubles, matrix, vector } from "./labelled-arrays.ts";
import { fieldSchema, meanFieldOf } from "./model/mean-field/field.ts";
import { eachParameter, type Parameter, parameters } from "./model/parameters/parameters.ts";
import { count, positive, quantity } from "./model/parameters/units.ts";
import { observationOf } from "./model/posterior/observation.ts";
import type { Scene } from "./model/posterior/observation-operator.ts";
import { posteriorOf } from "./model/posterior/recording-posterior.ts";
import { positions } from "./model/ring/ring.ts";
import { depolarisationOf, ringSchema } from "./model/ring/trial.ts";
import type { Coefficients } from "./model/transfer-function/transfer-function.ts";
import { covarianceOf, meanOf, quantiles, resampled } from "./numerics/statistics/weights.ts";
import type { Recording } from "./recording.ts";
import { type fixed, rangesSchema, scanSchema, units } from "./scan.ts";

/** How the posterior is sampled. */
export const posteriorSchema = z.strictObject({
  simulations: count(200, 100_000, "trials simulated for each recording").default(800),
  seed: count(0, 1_000_000, "seed of the draws").default(1),
  level: quantity("%", "probability that an interval holds").min(1).max(99).default(90),
  baseline: positive("ms", "how long from its first frame on a recording shows no response").default(150),
});

const { pixels, extent, amplitude, dt } = ringSchema.shape;
const { t_range } = scanSchema.shape;
const params = z.strictObject({
  ...fieldSchema,
  // A parameter of the ring that is missing here does not compile.
  ring: z.strictObject({ pixels, extent, amplitude, dt }) satisfies z.ZodObject<typeof fixed>,
  ranges: rangesSchema,
  t_range,
  posterior: posteriorSchema,
});
type Params = z.infer<typeof params>;

type Inputs = {
  readonly exc: Coefficients;
  readonly inh: Coefficients;
  readonly fixedPoint: FixedPoint;
  readonly recording: Recording;
};

/**
 * The posterior of the ring's parameters given a recording: draws for each parameter, all equally likely, and mean, SD,
 * median and interval of all, in the order of `values.parameters`, each in the parameter's unit.
 */
export type Posterior = Artifact<
  { readonly [K in Parameter]: Doubles } & {
    mean: Doubles;
    sd: Doubles;
    median: Doubles;
    interval: Doubles;
    correlation: Doubles;
  },
  {
    parameters: readonly string[];
    /** Parameters whose interval covers most of the prior's. */
    undetermined: readonly string[];
    sentences: readonly string[];
    effective_size: number;
    /** Power of the likelihood that the search resolved; 1 is the whole likelihood. */
    power: number;
    misfit: number;
    /** Of the mean over a unit of the ring, ‰. */
    noise_sd: number;
    noise_shared: number;
    noise_memory: number;
    noise_reach: number;
    /** ‰ per unit of δV, ms and mm of the recording: those of the best simulation. */
    gain: number;
    start: number;
    middle: number;
  }
>;

/** Draws of the posterior. */
const draws = 500;
/** A recording does not determine a parameter whose interval is longer than this share of the prior's. */
const undeterminedFrom = 0.6;
/** Chance alone hardly ever makes a larger misfit. */
const largeMisfit = 1.5;

const posterior: Stage<Params, Inputs, Posterior> = {
  id: "posterior",
  params,
  async run({ params, inputs, progress }) {
    const { ring, ranges, reading, t_range, posterior: settings } = params;
    const space = positions(ring.pixels, ring.extent, reading);
    const pitch = space[1]! - space[0]!;
    const observation = observationOf(inputs.recording, pitch, settings.baseline, t_range[1]);
    const quantityAt = (name: Parameter, part: number) =>
      ranges[name][0] + part * (ranges[name][1] - ranges[name][0]);
    const field = meanFieldOf(params, inputs);
    const scene = (parts: Float64Array): Scene => {
      const sought = eachParameter((name, k) => quantityAt(name, parts[k]!));
      const trial = depolarisationOf({ ...params, ring: { ...ring, ...sought } }, field, inputs.fixedPoint);
      return { dt: ring.dt, pitch, pixels: ring.pixels, deltaV: trial.deltaV };
    };
    const { sample, best, noise, misfit } = await posteriorOf(
      observation,
      parameters.length,
      scene,
      settings,
      progress,
    );

    const points = sample.points.map((parts) =>
      Float64Array.from(parameters, (name, k) => quantityAt(name, parts[k]!)),
    );
    const mean = meanOf(points, sample.weights);
    const covariance = covarianceOf(points, mean, points, mean, sample.weights);
    const sd = mean.map((_, k) => Math.sqrt(covariance[k]![k]!));
    const level = settings.level / 100;
    const tails = [0.5 * (1 - level), 0.5, 0.5 * (1 + level)];
    const ends = parameters.map((_, k) =>
      quantiles(
        Float64Array.from(points, (point) => point[k]!),
        sample.weights,
        tails,
      ),
    );
    const undetermined = parameters.filter((name, k) => {
      const prior = level * (ranges[name][1] - ranges[name][0]);
      return ends[k]![2]! - ends[k]![0]! > undeterminedFrom * prior;
    });
    const chosen = resampled(sample.weights, draws);
    const of = (k: number) =>
      vector(
        "draw",
        Float64Array.from(chosen, (i) => points[i]![k]!),
        units[parameters[k]!],
      );
    return {
      arrays: {
        ...eachParameter((_, k) => of(k)),
        mean: vector("parameter", mean, "of the parameter"),
        sd: vector("parameter", sd, "of the parameter"),
        median: vector(
          "parameter",
          Float64Array.from(ends, (q) => q[1]!),
          "of the parameter",
        ),
        interval: matrix(
          ["parameter", "end"],
          [parameters.length, 2],
          Float64Array.from(ends.flatMap((q) => [q[0]!, q[2]!])),
          "of the parameter",
        ),
        correlation: matrix(
          ["parameter", "other"],
          [parameters.length, parameters.length],
          Float64Array.from(
            covariance.flatMap((row, i) => [...row].map((value, j) => value / (sd[i]! * sd[j]!))),
          ),
          "1",
        ),
      },
      values: {
        parameters,
        undetermined,
        sentences: sentencesOf(undetermined, misfit, sample.power, settings),
        effective_size: sample.effectiveSize,
        power: sample.power,
        misfit,
        noise_sd: Math.sqrt(noise.variance),
        noise_shared: noise.shared,
        noise_memory: noise.memory,
        noise_reach: noise.reach,
        gain: best.gain,
        start: best.start,
        middle: best.middle,
      },
    };
  },
};
export default posterior;

/** What a reader must know about the intervals. */
function sentencesOf(
  undetermined: readonly string[],
  misfit: number,
  power: number,
  { level, simulations }: Params["posterior"],
): string[] {
  const count = parameters.length;
  const determined =
    undetermined.length === 0
      ? `The recording determines all ${count} parameters.`
      : `The recording determines ${count - undetermined.length} of ${count} parameters; it does not determine ` +
        `${undetermined.join(", ")}, whose ${level}% intervals cover most of the scan's ranges.`;
  const unresolved =
    `${simulations} simulations were too few to resolve the posterior: the intervals are those of the likelihood to ` +
    `the power ${power.toPrecision(2)}, too wide rather than too narrow. What the recording determines beyond them ` +
    "is not known; raise posterior.simulations.";
  const misfitting =
    `The best of the simulations is off by ${Math.sqrt(misfit).toFixed(1)} times the recording's noise; the ` +
    "intervals are widened accordingly, and hold only as far as the model is right.";
  return [power < 1 ? unresolved : determined, ...(misfit > largeMisfit ? [misfitting] : [])];
}
