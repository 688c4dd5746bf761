import { log } from "../../../kernels/index.ts";
import { type Sample, sampleAdaptively } from "../../numerics/statistics/importance.ts";
import { type Noise, noiseOf, whitening } from "./noise.ts";
import type { Observation } from "./observation.ts";
import type { Scene } from "./observation-operator.ts";
import { type Registration, registrationOf } from "./registration.ts";

/** The posterior of parameters given a recording. */
export interface RecordingPosterior {
  readonly sample: Sample<Registration>;
  /** The best match. */
  readonly best: Registration;
  readonly noise: Noise;
  /** Best sum of squares per degree of freedom, over the noise's variance: 1 if the differences are noise. */
  readonly misfit: number;
}

/** Gain, time and place are fitted besides the parameters. */
const nuisances = 3;

/**
 * The posterior of parameters between 0 and 1 under a uniform prior (docs/posterior.md has the equations). Gain, time
 * and place are integrated out around their best values; equal ratios of the gain have equal weight. The noise's
 * variance is integrated out given baseline and differences, which makes the likelihood Student's t. If the model
 * misfits, squares are divided by `misfit`.
 *
 * @param scene the trial of parameters between 0 and 1
 */
export async function posteriorOf(
  observation: Observation,
  dimensions: number,
  scene: (parameters: Float64Array) => Scene,
  search: { readonly simulations: number; readonly seed: number },
  pause: (fraction: number) => Promise<void>,
): Promise<RecordingPosterior> {
  const { rows, time, response, baseline } = observation;
  const noise = noiseOf(baseline, rows.length);
  const match = registrationOf(observation, whitening(noise, rows.length, time.length));
  const before = noise.variance * baseline.length;
  const count = baseline.length + response.length;
  const misfitOf = (least: number) => least / (response.length - dimensions - nuisances) / noise.variance;
  const flattening = (least: number) => Math.max(1, misfitOf(least));
  const sample = await sampleAdaptively<Registration>(
    {
      dimensions,
      evaluate: (parameters) => match(scene(parameters)),
      logLikelihood: ({ squares, information }, least) =>
        -0.5 * (count - nuisances) * log(before + squares / flattening(least)) - information,
      variance: (least) => (flattening(least) * (before + least / flattening(least))) / count,
    },
    search,
    pause,
  );
  const best = sample.evaluations.find((evaluation) => evaluation?.squares === sample.least)!;
  return { sample, best, noise, misfit: misfitOf(sample.least) };
}
