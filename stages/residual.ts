import { z } from "zod";
import { BadInput } from "../data/bad-input.ts";
import type { Artifact, Stage } from "../pipeline/index.ts";
import { along, type Doubles, grid } from "./arrays.ts";
import { type SpaceTimeMap, spaceOrigin, timeOrigin, windowed } from "./model/alignment.ts";
import { interval } from "./model/units.ts";
import { largest } from "./numerics/range.ts";
import { boxSmooth } from "./numerics/smoothing.ts";
import type { Recording } from "./recording.ts";
import type { RingTrial } from "./ring-trial.ts";

/** What the model is divided by where it is not by its own maximum: the notebook's ratio of δV to VSD. */
const fixedFactor = 4 / 58;

const normalisations = ["own-max", "fixed"] as const;

export const residualSchema = z.strictObject({
  t_range: interval("ms", "window around the response's peak").default([-50, 200]),
  normalisation: z
    .enum(normalisations)
    .default("own-max")
    .meta({ description: "the model divided by its own maximum, or by the fixed factor 4/58" }),
});

const params = z.strictObject({ residual: residualSchema });
type Params = z.infer<typeof params>;

/** A trial against a recording, both aligned at their peaks and normalised; the residual is Σ (data − model)². */
export type Residual = Artifact<
  { space: Doubles; time: Doubles; model: Doubles; data: Doubles },
  { residual: number }
>;

const residual: Stage<Params, { trial: RingTrial; recording: Recording }, Residual> = {
  id: "residual",
  params,
  async run({ params: { residual: settings }, inputs }) {
    const measured = measuredMap(inputs.recording, settings.t_range);
    const simulated = simulatedMap(inputs.trial, measured.space[0]!, measured.space.at(-1)!);
    const rows = Array.from(simulated.space, (x) => nearest(measured.space, x));
    const columns = matchingSamples(measured.time, simulated.time);

    const model = pick(simulated, [...simulated.space.keys()], columns);
    const data = pick(measured, rows, [...measured.time.keys()]);
    const modelScale = settings.normalisation === "own-max" ? largest(model) : fixedFactor;
    const dataScale = largest(data);
    if (!(modelScale > 0 && dataScale > 0)) throw new NothingToCompare("there is no response above zero");

    let sum = 0;
    for (let k = 0; k < data.length; k++) {
      data[k] = data[k]! / dataScale;
      model[k] = model[k]! / modelScale;
      const difference = data[k]! - model[k]!;
      sum += difference * difference;
    }
    const map = (values: Float64Array) =>
      grid(["space", "time"], [rows.length, measured.time.length], values, "1");
    return {
      arrays: {
        space: along("space", simulated.space, "mm"),
        time: along("time", measured.time, "ms"),
        model: map(model),
        data: map(data),
      },
      values: { residual: sum },
    };
  },
};
export default residual;

/** The recording, smoothed over 2×2 samples, within the window, its peak at (0, 0). */
function measuredMap({ arrays }: Recording, [low, high]: readonly [number, number]): SpaceTimeMap {
  const { space, time, vsd } = arrays;
  const smooth = boxSmooth(vsd.data, time.data.length);
  const whole = { space: space.data, time: time.data, data: smooth };
  const part = windowed(whole, low, high);
  if (part.time.length < 2) {
    throw new NothingToCompare(
      `the recording has no two samples between ${low} and ${high} ms; widen residual.t_range`,
    );
  }
  const t0 = timeOrigin(part);
  const x0 = spaceOrigin(part, t0);
  return { ...part, space: part.space.map((x) => x - x0), time: part.time.map((t) => t - t0) };
}

/**
 * The positions of the trial from `first` to `last` mm around the stimulated middle of the ring, as space ×
 * time in mm and ms, the peak at time 0.
 */
function simulatedMap({ arrays, values: { extent } }: RingTrial, first: number, last: number): SpaceTimeMap {
  const [steps, pixels] = arrays.delta_V.shape as [number, number];
  const middle = extent / 2 + extent / pixels / 2;
  const places = arrays.space.data.map((x) => x - middle);
  const kept = [...places.keys()].filter((x) => places[x]! >= first && places[x]! <= last);
  if (kept.length === 0) throw new NothingToCompare("no position of the ring lies within the recording");
  const data = Float64Array.from(
    { length: kept.length * steps },
    (_, index) => arrays.delta_V.data[(index % steps) * pixels + kept[Math.floor(index / steps)]!]!,
  );
  const time = arrays.time.data.map((t) => 1e3 * t);
  const map = { space: Float64Array.from(kept, (x) => places[x]!), time, data };
  const t0 = timeOrigin(map);
  return { ...map, time: time.map((t) => t - t0) };
}

/** Rows and columns of a map, 0 where there is no column. */
const pick = (
  { data, time }: SpaceTimeMap,
  rows: readonly number[],
  columns: readonly (number | undefined)[],
): Float64Array =>
  Float64Array.from(
    rows.flatMap((i) => columns.map((j) => (j === undefined ? 0 : data[i * time.length + j]!))),
  );

/** As coded: for each recorded time the first simulated sample less than one frame away, up to a frame early. */
function matchingSamples(measured: Float64Array, simulated: Float64Array): (number | undefined)[] {
  const frame = measured[1]! - measured[0]!;
  return Array.from(measured, (t) => {
    const index = simulated.findIndex((candidate) => Math.abs(candidate - t) < frame);
    return index < 0 ? undefined : index;
  });
}

function nearest(values: Float64Array, target: number): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) {
    if (Math.abs(values[i]! - target) < Math.abs(values[best]! - target)) best = i;
  }
  return best;
}

class NothingToCompare extends BadInput {
  constructor(why: string) {
    super(`Model and recording cannot be compared: ${why}.`);
  }
}
