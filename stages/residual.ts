import { z } from "zod";
import type { Artifact, Stage } from "../pipeline/index.ts";
import { type Doubles, matrix, vector } from "./labelled-arrays.ts";
import { comparisonSchema, modelOf, residualOf, targetOf } from "./model/comparison/comparison.ts";
import type { Recording } from "./recording.ts";
import type { RingTrial } from "./ring-trial.ts";

const params = z.strictObject({ residual: comparisonSchema });
type Params = z.infer<typeof params>;

/** A trial against a recording, both aligned at their peaks and normalised; the residual is Σ (data − model)². */
export type Residual = Artifact<
  { space: Doubles; time: Doubles; model: Doubles; data: Doubles },
  { residual: number }
>;

const residual: Stage<Params, { trial: RingTrial; recording: Recording }, Residual> = {
  id: "residual",
  params,
  async run({ params: { residual: settings }, inputs: { trial, recording } }) {
    const { time, space, delta_V } = trial.arrays;
    const ring = { space: space.data, extent: trial.values.extent };
    const target = targetOf(recording, ring, settings.t_range);
    const response = { time: time.data.map((t) => 1e3 * t), deltaV: delta_V.data, pixels: space.data.length };
    const model = modelOf(target, response, settings.normalisation);
    const map = (values: Float64Array) =>
      matrix(["space", "time"], [target.units.length, target.time.length], values, "1");
    return {
      arrays: {
        space: vector("space", target.space, "mm"),
        time: vector("time", target.time, "ms"),
        model: map(model),
        data: map(target.data),
      },
      values: { residual: residualOf(target, model) },
    };
  },
};
export default residual;
