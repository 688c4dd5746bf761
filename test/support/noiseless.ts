/**
 * Films without noise of trials with known parameters, and what the refinement makes of them: whether parameters come
 * back, which with noise nothing tells.
 */
import { mersenneTwister } from "../../kernels/index.ts";
import { matrix, vector } from "../../stages/labelled-arrays.ts";
import { parameters } from "../../stages/model/parameters/parameters.ts";
import type { Recording } from "../../stages/recording.ts";
import refinement, { type Refined, refinementSchema } from "../../stages/refinement.ts";
import residual from "../../stages/residual.ts";
import ringTrial, { type RingTrial } from "../../stages/ring-trial.ts";
import { scanSchema, units } from "../../stages/scan.ts";
import type { Sets, Starts } from "../../stages/starts.ts";
import { atRest, field, inputs as fits } from "./films.ts";

export type Parameters = Record<(typeof parameters)[number], number>;
const idle = { signal: new AbortController().signal, progress: async () => {} };
/** What a trial is made from besides its parameters. */
export const inputs = { ...fits, fixedPoint: await atRest() };
const { points: _, t_range: _window, normalisation: _peak, ...ranges } = scanSchema.parse({});

export { ranges };
/** The ring as it is unless configured. */
export const ring = { pixels: 30, extent: 36, amplitude: 15, dt: 0.5 };

export const parametersOf = ({ arrays }: Refined): Parameters =>
  Object.fromEntries(parameters.map((name) => [name, arrays[name].data[0]!])) as Parameters;

export const trialAt = (parameters: Parameters): Promise<RingTrial> =>
  ringTrial.run({
    ...idle,
    params: ringTrial.params.parse({ ...field, ring: { ...ring, ...parameters } }),
    inputs,
  });

/** What the residual stage says of a ring trial of these parameters. */
export async function residualAt(
  parameters: Parameters,
  recording: Recording,
  comparison: object,
): Promise<number> {
  const params = residual.params.parse({ residual: comparison });
  const trial = await trialAt(parameters);
  return (await residual.run({ ...idle, params, inputs: { trial, recording } })).values.residual;
}

/** A start that knows nothing: the middle of the ranges. */
export async function coldStart(recording: Recording, comparison: object): Promise<Starts> {
  const middle = Object.fromEntries(
    parameters.map((name) => [name, Math.sqrt(ranges[name][0] * ranges[name][1])]),
  ) as Parameters;
  const sets = Object.fromEntries(
    parameters.map((name) => [name, vector("start", Float64Array.of(middle[name]), units[name])]),
  ) as Sets;
  const value = await residualAt(middle, recording, comparison);
  return {
    arrays: { ...recording.arrays, ...sets, residual: vector("start", Float64Array.of(value), "1") },
    values: recording.values,
  };
}

export const refined = (
  recording: Starts,
  comparison: object,
  settings: object = {},
  progress = idle.progress as (fraction: number) => Promise<void>,
): Promise<Refined> => {
  const { starts: _, ...searching } = refinementSchema.parse(settings);
  const params = refinement.params.parse({ ...field, ring, ranges, comparison, refinement: searching });
  return refinement.run({ ...idle, progress, params, inputs: { ...inputs, recording } });
};

/** Own maximum, every sample of the film. */
export const filmComparison = { t_range: [-1e4, 1e4], normalisation: "own-max" } as const;

const rows = 9;
const half = 4;

/**
 * A trial as a camera would see it from which its parameters can be had back without a remainder: what the
 * comparison does to a recording is undone, so that the parameters of the trial have a residual of 0.
 *
 * - A frame at each step of the trial. The first is late by a tenth: frames are as long as the first, so that the
 *   sample less than one frame away is that of the same time, and not that before.
 * - Each unit fills nine rows, more than the box average blurs, and the nearest row to a unit is in their middle. A
 *   last row without signal makes the rows' mean, which gives the time origin, that of the units.
 * - Frames swing around the signal, so that two in a row have the signal as their mean.
 * - As in the authors' recordings, 11 mm around the stimulated middle are seen: the time of the peak is that of what is
 *   seen.
 */
export function filmed({ arrays, values }: RingTrial): Recording {
  const [steps, pixels] = arrays.delta_V.shape as [number, number];
  const first = Math.trunc(pixels / 2) - half;
  const seen = 2 * half + 1;
  const vsd = new Float64Array((seen * rows + 1) * steps);
  for (let unit = 0; unit < seen; unit += 1) {
    let frame = 0;
    for (let step = 0; step < steps; step += 1) {
      frame = 2 * arrays.delta_V.data[step * pixels + first + unit]! - frame;
      for (let row = 0; row < rows; row += 1) vsd[(unit * rows + row) * steps + step] = frame;
    }
  }
  const time = arrays.time.data.map((t) => 1e3 * t);
  time[0]! += (time[1]! - time[0]!) / 10;
  const pitch = values.extent / (pixels - 1) / rows;
  const space = Float64Array.from({ length: seen * rows + 1 }, (_, row) => row * pitch);
  return {
    arrays: {
      time: vector("time", time, "ms"),
      space: vector("space", space, "mm"),
      vsd: matrix(["space", "time"], [space.length, steps], vsd, "‰"),
    },
    values: { missing: 0 },
  };
}

/**
 * Random sets within the ranges, a tenth of them (in logarithms) left out at both ends, and l_stim from 0.5 mm on: units
 * are 1.24 mm apart, so below that next to nothing but the middle one feels the stimulus.
 */
export function truth(which: number): Parameters {
  const draws = mersenneTwister(7, 6 * (which + 1)).subarray(6 * which);
  return Object.fromEntries(
    parameters.map((name, k) => {
      const [low, high] = ranges[name];
      const share = name === "l_stim" ? 0.4 + 0.5 * draws[k]! : 0.1 + 0.8 * draws[k]!;
      return [name, low * Math.exp(share * Math.log(high / low))];
    }),
  ) as Parameters;
}
