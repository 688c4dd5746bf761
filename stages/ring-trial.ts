import { z } from "zod";
import type { Artifact, Stage } from "../pipeline/index.ts";
import type { FixedPoint } from "./fixed-point.ts";
import { type Doubles, matrix, vector } from "./labelled-arrays.ts";
import { fieldSchema, meanFieldOf } from "./model/mean-field/field.ts";
import { ringSchema, trialOf } from "./model/ring/trial.ts";
import type { Coefficients } from "./model/transfer-function/transfer-function.ts";

const params = z.strictObject({ ...fieldSchema, ring: ringSchema });
type Params = z.infer<typeof params>;

/** Response of a ring of networks to a local, transient input; δV is the relative depolarisation. */
export type RingTrial = Artifact<
  { time: Doubles; space: Doubles; nu_aff: Doubles; nu_e: Doubles; nu_i: Doubles; delta_V: Doubles },
  { extent: number }
>;

const ringTrial: Stage<Params, { exc: Coefficients; inh: Coefficients; fixedPoint: FixedPoint }, RingTrial> =
  {
    id: "ring-trial",
    params,
    async run({ params, inputs }) {
      const trial = trialOf(params, meanFieldOf(params, inputs), inputs.fixedPoint);
      const map = (data: Float64Array, units: string) =>
        matrix(["time", "space"], [trial.time.length, trial.space.length], data, units);
      return {
        arrays: {
          time: vector("time", trial.time, "s"),
          space: vector("space", trial.space, "mm"),
          nu_aff: map(trial.afferent, "Hz"),
          nu_e: map(trial.nuE, "Hz"),
          nu_i: map(trial.nuI, "Hz"),
          delta_V: map(trial.deltaV, "1"),
        },
        values: { extent: params.ring.extent },
      };
    },
  };
export default ringTrial;
