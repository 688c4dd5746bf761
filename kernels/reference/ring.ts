import type { PopulationParameters } from "../population.ts";
import type { Connections, RingTrial, RingTrialResult } from "../ring.ts";
import { rateAndMoments } from "./population.ts";

export type PlainRingTrial = Omit<RingTrial, "exc" | "inh"> & {
  readonly exc: PopulationParameters;
  readonly inh: PopulationParameters;
};

/** `simulateRing` of the kernels, pixel by pixel. */
export function simulateRing(trial: PlainRingTrial): RingTrialResult {
  const { exc, inh, pixels, steps, rateOfChange, drive, afferent, rest, inhibitoryShare } = trial;
  const [nuE, nuI, deltaV] = [0, 0, 0].map(() => new Float64Array(steps * pixels)) as Three;
  nuE.fill(trial.start[0], 0, pixels);
  nuI.fill(trial.start[1], 0, pixels);

  /** Σ over connections of weight · what was where it comes from when its signal set out. */
  const arriving = (history: Float64Array, from: Connections, step: number, x: number): number => {
    let sum = 0;
    for (let k = 0; k < from.weights.length; k++) {
      const then = Math.max(step - from.delays[k]!, 0);
      const there = (((x + from.offsets[k]!) % pixels) + pixels) % pixels;
      sum += from.weights[k]! * history[then * pixels + there]!;
    }
    return sum;
  };

  for (let step = 0; step < steps - 1; step++) {
    for (let x = 0; x < pixels; x++) {
      const [here, next] = [step * pixels + x, (step + 1) * pixels + x];
      const e = drive + arriving(nuE, trial.fromExc, step, x);
      const i = arriving(nuI, trial.fromInh, step, x);
      const stimulated = rateAndMoments(exc, e + afferent[here]!, i);
      const unstimulated = rateAndMoments(inh, e, i);
      nuE[next] = nuE[here]! + rateOfChange * (stimulated.rate - nuE[here]!);
      nuI[next] = nuI[here]! + rateOfChange * (unstimulated.rate - nuI[here]!);
      deltaV[next] =
        inhibitoryShare === 0
          ? Math.abs((rateAndMoments(exc, e, i).mu_V - rest[0]) / rest[0])
          : (1 - inhibitoryShare) * ((stimulated.mu_V - rest[0]) / Math.abs(rest[0])) +
            inhibitoryShare * ((unstimulated.mu_V - rest[1]) / Math.abs(rest[1]));
    }
  }
  return { nuE, nuI, deltaV };
}

type Three = [Float64Array, Float64Array, Float64Array];
