import { log } from "../../../kernels/index.ts";
import { cholesky, logDeterminant, solve } from "../../numerics/linear-algebra/cholesky.ts";
import { dot, gram } from "../../numerics/linear-algebra/vectors.ts";
import { argmax, linspace, mean } from "../../numerics/statistics/range.ts";
import type { Observation } from "./observation.ts";
import {
  type CameraPosition,
  observedFilm,
  observedFilmDerivatives,
  type Scene,
} from "./observation-operator.ts";

/** A trial beside an observation, at its best gain, time and place. */
export interface Registration extends CameraPosition {
  /** ‰ per unit of δV. */
  readonly gain: number;
  /** Whitened differences between data and model, and the sum of their squares. */
  readonly differences: Float64Array;
  readonly squares: number;
  /** log √det of the information on log gain, time and place, for whitened noise of variance 1. */
  readonly information: number;
}

/** First guesses of when a trial begins, ms from the first frame of the response: the trial may be slow to rise. */
const guesses = linspace(-200, 50, 11);
/** The longest step, ms and mm. */
const [longest, widest] = [15, 0.8];
const mostSteps = 15;

/**
 * Matches trials to an observation by least squares over gain, time and place: Gauss-Newton steps, halved if they lead
 * uphill.
 *
 * @param whiten makes the noise independent, of the same variance everywhere
 * @returns the match, undefined if no positive gain explains anything
 */
export function registrationOf(
  observation: Observation,
  whiten: (map: Float64Array) => Float64Array,
): (scene: Scene) => Registration | undefined {
  const data = whiten(observation.response);
  const all = dot(data, data);
  const middle = middleOf(observation);
  return (scene) => {
    const at = (place: CameraPosition): Fit => {
      const model = whiten(observedFilm(scene, observation, place));
      const own = dot(model, model);
      const gain = own > 0 ? Math.max(0, dot(model, data) / own) : 0;
      return { ...place, model, gain, squares: all - gain * gain * own };
    };
    const columnsOf = (fit: Fit): Columns => {
      const [later, further] = observedFilmDerivatives(scene, observation, fit);
      return [fit.model, whiten(later), whiten(further)];
    };
    let best = at({ start: observation.time[0]! + guesses[0]!, middle });
    for (const guess of guesses.subarray(1)) {
      const fit = at({ start: observation.time[0]! + guess, middle });
      if (fit.squares < best.squares) best = fit;
    }
    let columns = columnsOf(best);
    for (let step = 0; step < mostSteps; step += 1) {
      const better = stepFrom(best, columns, data, at);
      if (!better) break;
      const gained = best.squares - better.squares;
      best = better;
      columns = columnsOf(best);
      if (gained < (1e-4 * best.squares) / data.length) break;
    }
    return best.gain > 0 ? finished(best, columns, data) : undefined;
  };
}

/** A place, the whitened model there, and the best gain. */
interface Fit extends CameraPosition {
  readonly model: Float64Array;
  readonly gain: number;
  readonly squares: number;
}
/** The whitened model, and how it changes with time and place. */
type Columns = readonly [Float64Array, Float64Array, Float64Array];

/** The next better place, if there is one. */
function stepFrom(
  fit: Fit,
  columns: Columns,
  data: Float64Array,
  at: (place: CameraPosition) => Fit,
): Fit | undefined {
  const lower = cholesky(gram(columns));
  if (!lower) return undefined;
  const projected = columns.map((column) => dot(column, data));
  const [gain, later, further] = solve(lower, projected) as unknown as [number, number, number];
  if (!(gain > 0)) return undefined;
  let [time, space] = [clamp(later / gain, longest), clamp(further / gain, widest)];
  for (let halving = 0; halving < 5; halving += 1, time /= 2, space /= 2) {
    const next = at({ start: fit.start + time, middle: fit.middle + space });
    if (next.squares < fit.squares) return next;
  }
  return undefined;
}

/** @returns undefined if gain, time and place are not determined */
function finished(
  { start, middle, gain, model }: Fit,
  columns: Columns,
  data: Float64Array,
): Registration | undefined {
  const lower = cholesky(gram(columns));
  if (!lower) return undefined;
  const differences = data.map((value, i) => value - gain * model[i]!);
  return {
    start,
    middle,
    gain,
    differences,
    squares: dot(differences, differences),
    information: logDeterminant(lower) + 3 * log(gain),
  };
}

/** Where the temporal mean is largest, mm. */
function middleOf({ rows, time, response }: Observation): number {
  const frames = time.length;
  const means = rows.map((_, b) => mean(response.subarray(b * frames, (b + 1) * frames)));
  return mean(rows[argmax(means)]!);
}

const clamp = (value: number, most: number): number => Math.max(-most, Math.min(most, value));
