import { type Normalisation, scaleOf, type Target } from "./comparison.ts";
import { none, peakTime, type ResponseWindow, samplesAt } from "./response.ts";

/**
 * The residuals of one trial against many targets. They equal `residualOf` of `modelOf` bit for bit, but no model is
 * made, and targets under the same units share the trial's peak.
 *
 * @returns the residual against a target; it throws BadInput if the trial shows no response
 */
export function residualsOf(
  response: ResponseWindow,
  normalisation: Normalisation,
): (target: Target) => number {
  const peaks = new Map<string, number>();
  return (target) => {
    const under = target.units.join();
    const peak = peaks.get(under) ?? peakTime(response, target.units);
    peaks.set(under, peak);
    const samples = samplesAt(target.time, response.time, peak);
    const scale = scaleOf(normalisation, () => largestOf(target, response, samples));
    return sumOfSquares(target, response, samples, scale);
  };
}

/** Σ (data − model)², the model divided by `scale`. */
function sumOfSquares(
  { units, data }: Target,
  { deltaV, pixels }: ResponseWindow,
  samples: Int32Array,
  scale: number,
): number {
  const columns = samples.length;
  let sum = 0;
  for (let i = 0; i < units.length; i += 1) {
    const unit = units[i]!;
    for (let j = 0; j < columns; j += 1) {
      const sample = samples[j]!;
      const model = sample === none ? 0 : deltaV[sample * pixels + unit]! / scale;
      const difference = data[i * columns + j]! - model;
      sum += difference * difference;
    }
  }
  return sum;
}

/** The model's largest value. Like `largest` of the model it is NaN if the first value is. */
function largestOf({ units }: Target, { deltaV, pixels }: ResponseWindow, samples: Int32Array): number {
  let largest: number | undefined;
  for (const unit of units) {
    for (const sample of samples) {
      const model = sample === none ? 0 : deltaV[sample * pixels + unit]!;
      if (largest === undefined || model > largest) largest = model;
    }
  }
  return largest ?? Number.NEGATIVE_INFINITY;
}
