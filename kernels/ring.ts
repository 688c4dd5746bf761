import type { Population } from "./population.ts";
import { room, use, wasm } from "./wasm.ts";

/** A connectivity profile over offsets −reach … reach in pixels: weights, and delays in steps. */
export interface Profile {
  readonly reach: number;
  readonly weights: Float64Array;
  readonly delays: Int32Array;
}

export interface RingTrial {
  readonly exc: Population;
  readonly inh: Population;
  readonly pixels: number;
  readonly steps: number;
  /** Time step over the time constant of the mean field, dt/T. */
  readonly rateOfChange: number;
  /** External drive of both populations, Hz. */
  readonly drive: number;
  readonly excProfile: Profile;
  readonly inhProfile: Profile;
  /** Afferent input of the excitatory population, Hz, [steps, pixels]. */
  readonly afferent: Float64Array;
  /** Homogeneous start, Hz. */
  readonly start: readonly [number, number];
  /** Mean potential of both populations at the start, V. */
  readonly rest: readonly [number, number];
  /** Share of the inhibitory population in δV; 0 for the authors' unsigned signal without the afferent. */
  readonly inhibitoryShare: number;
}

/** All [steps, pixels]: rates in Hz, and the relative depolarisation δV. */
export interface RingTrialResult {
  readonly nuE: Float64Array;
  readonly nuI: Float64Array;
  readonly deltaV: Float64Array;
}

/** Runs a ring of mean-field units by forward Euler (model.md, "Ring"). */
export function simulateRing(trial: RingTrial): RingTrialResult {
  const { pixels, steps, excProfile, inhProfile } = trial;
  const size = steps * pixels;
  return use(4 * size * 8 + (excProfile.reach + inhProfile.reach) * 32 + pixels * 16 + 4096, () => {
    const [exc, inh] = [trial.exc.place(), trial.inh.place()];
    const [afferent, nuE, nuI, deltaV] = [size, size, size, size].map(room.doubles) as Four;
    const sums = room.doubles(2 * pixels);
    afferent.set(trial.afferent);
    nuE.fill(trial.start[0], 0, pixels);
    nuI.fill(trial.start[1], 0, pixels);
    deltaV.fill(0, 0, pixels);
    wasm.ring(
      exc,
      inh,
      pixels,
      steps,
      trial.rateOfChange,
      trial.drive,
      ...placeProfile(excProfile),
      ...placeProfile(inhProfile),
      afferent.byteOffset,
      nuE.byteOffset,
      nuI.byteOffset,
      deltaV.byteOffset,
      ...trial.rest,
      trial.inhibitoryShare,
      sums.byteOffset,
    );
    return { nuE: nuE.slice(), nuI: nuI.slice(), deltaV: deltaV.slice() };
  });
}

type Four = [Float64Array, Float64Array, Float64Array, Float64Array];

function placeProfile({ reach, weights, delays }: Profile): number[] {
  const placedWeights = room.doubles(weights.length);
  const placedDelays = room.integers(delays.length);
  placedWeights.set(weights);
  placedDelays.set(delays);
  return [reach, placedWeights.byteOffset, placedDelays.byteOffset];
}
