import type { z } from "zod";
import type { Stage } from "../../pipeline/index.ts";
import { fitBentLine } from "../model/propagation/bent-line.ts";
import { firstCrossing } from "../model/propagation/crossing.ts";
import { fitPieces } from "../model/propagation/propagation.ts";
import {
  type PropagationArtifact,
  propagationArtifact,
  rounded,
} from "../model/propagation/propagation-artifact.ts";
import { trialPropagationSchema as params } from "../model/propagation/propagation-settings.ts";
import { largest } from "../numerics/statistics/range.ts";
import type { RingTrial } from "../ring-trial.ts";

type Params = z.infer<typeof params>;

/** When each pixel of a ring responds, and how fast the response travels along it (docs/model.md, "Propagation"). */
const trialPropagation: Stage<Params, { trial: RingTrial }, PropagationArtifact> = {
  id: "propagation/trial",
  params,
  async run({ params: { propagation }, inputs: { trial } }) {
    const { level, least, after, pieces } = propagation.trial;
    const { space, delta_V } = trial.arrays;
    const pixels = space.data.length;
    const times = trial.arrays.time.data.map((t) => 1e3 * t);
    // The margin absorbs rounding: 20 ms is the 40th step of half a millisecond.
    const first = times.findIndex((t) => t >= after - 1e-9);
    const time = first < 0 ? times.subarray(0, 0) : times.subarray(first);
    const signals = Array.from(space.data, (_, x) =>
      time.map((_, step) => delta_V.data[(first + step) * pixels + x]!),
    );
    const maxima = Float64Array.from(signals, largest);
    const whole = largest(maxima);
    const crossing = maxima.map((maximum, x) =>
      maximum > 0 && maximum >= (least / 100) * whole
        ? firstCrossing(time, signals[x]!, (level / 100) * maximum, propagation.crossing)
        : Number.NaN,
    );
    const line = fitBentLine(space.data, crossing);
    const said =
      line.x.length === 0
        ? `no pixel responds after ${after} ms, where δV must exceed 0`
        : `${line.x.length} of ${pixels} pixels respond; the earliest at ${rounded(line.t.reduce((a, b) => Math.min(a, b)))} ms`;
    return propagationArtifact(space.data, crossing, said, fitPieces(line, pieces, propagation.confidence));
  },
};
export default trialPropagation;
