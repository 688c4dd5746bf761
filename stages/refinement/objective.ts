import { BadInput } from "../../pipeline/errors.ts";
import type { FixedPoint } from "../fixed-point.ts";
import { peakBetween } from "../model/comparison/alignment.ts";
import { modelOf, type Normalisation, relaxedModelOf, targetOf } from "../model/comparison/comparison.ts";
import { meansOver, peakTime } from "../model/comparison/response.ts";
import type { FieldParameters } from "../model/mean-field/field.ts";
import type { MeanField } from "../model/mean-field/mean-field.ts";
import { parameters } from "../model/parameters/parameters.ts";
import {
  connectivity,
  lengthsReaching,
  positions,
  reachOf,
  relaxedConnectivity,
  sameDelays,
} from "../model/ring/ring.ts";
import { depolarisationOf, durationOf, type Ring } from "../model/ring/trial.ts";
import type { Box } from "../numerics/optimisation/box-gauss-newton.ts";
import type { Recording } from "../recording.ts";
import type { Coordinates, Parameters, Ranges } from "./coordinates.ts";

/** How many pixels excitatory and inhibitory connections reach. */
export type Reaches = readonly [number, number];

/** A share of the weights ends at whole reaches; the rest fades out at the reach of its own length. */
export interface WholeReaches {
  readonly reaches: Reaches;
  readonly share: number;
}

/** A trial beside the recording. */
export interface Compared {
  /** When it peaks, ms. */
  readonly peak: number;
  /** data − model, if the trial peaked then. */
  differences(peak: number): Float64Array;
}

/**
 * The residual of a recording over the unit box of parameters. It jumps, because connections reach whole pixels, delays
 * are whole steps, and the peak is a whole sample. Between jumps it is smooth, and where they are is known.
 */
export interface Objective {
  /** A trial as it is. */
  trial(x: Float64Array): Compared;
  /** A trial without jumps; with `whole`, reaches may still be whole. */
  relaxed(x: Float64Array, whole?: WholeReaches): Compared;
  /** Time between samples of a trial, ms. */
  readonly sample: number;
  reachesAt(x: Float64Array): Reaches;
  /** The part of the box with these reaches; undefined if there is none. */
  room(reaches: Reaches): Box | undefined;
  /** The interval of the velocity's coordinate in which all delays are those of this point. */
  plateau(x: Float64Array): readonly [number, number];
}

const [l_exc, l_inh] = [parameters.indexOf("l_exc"), parameters.indexOf("l_inh")];

interface Setting {
  readonly field: FieldParameters;
  readonly ring: Omit<Ring, keyof Parameters>;
  readonly ranges: Ranges;
  readonly coordinates: Coordinates;
  readonly comparison: { readonly t_range: readonly [number, number]; readonly normalisation: Normalisation };
  readonly solved: { readonly field: MeanField; readonly fixedPoint: FixedPoint };
}

/** @throws BadInput if recording and ring have nothing to compare */
export function objectiveOf(recording: Recording, setting: Setting): Objective {
  const { field, ring, ranges, coordinates, comparison, solved } = setting;
  const { reading } = field;
  const { pixels, extent } = ring;
  const pixel = extent / pixels;
  const space = positions(pixels, extent, reading);
  const target = targetOf(recording, { space, extent }, comparison.t_range);
  const ringAt = (x: Float64Array): Ring => ({ ...ring, ...coordinates.parametersAt(x) });
  const responseTo = (x: Float64Array, ...connect: [typeof connectivity, typeof connectivity]) => {
    const params = { ...field, ring: ringAt(x) };
    const { time, deltaV } = depolarisationOf(params, solved.field, solved.fixedPoint, ...connect);
    return { time: time.map((t) => 1e3 * t), deltaV, pixels };
  };
  const differencesFrom = (model: Float64Array) => target.data.map((value, k) => value - model[k]!);
  return {
    trial(x) {
      const response = responseTo(x, connectivity, connectivity);
      const own = peakTime(response, target.units);
      const differences = (peak: number) =>
        differencesFrom(modelOf(target, response, comparison.normalisation, peak));
      return {
        peak: own,
        differences: (peak) => {
          if (peak === own) return differences(own);
          const sample = response.time[Math.round((peak - response.time[0]!) / ring.dt)];
          try {
            return differences(sample ?? Number.NaN);
          } catch (error) {
            // With that peak no sample of the trial falls into the recording.
            if (error instanceof BadInput) return target.data.map(() => Number.NaN);
            throw error;
          }
        },
      };
    },
    relaxed(x, { reaches: [exc, inh], share } = { reaches: [0, 0], share: 0 }) {
      const response = responseTo(
        x,
        (...of) => relaxedConnectivity(...of, { reach: exc, share }),
        (...of) => relaxedConnectivity(...of, { reach: inh, share }),
      );
      return {
        peak: peakBetween(response.time, meansOver(response, target.units)),
        differences: (peak) =>
          differencesFrom(
            relaxedModelOf(target, response, comparison.normalisation, peak, 1e3 * durationOf(ringAt(x))),
          ),
      };
    },
    sample: ring.dt,
    reachesAt(x) {
      const at = ringAt(x);
      return [reachOf(at.l_exc, pixel, reading), reachOf(at.l_inh, pixel, reading)];
    },
    room([exc, inh]) {
      const low = new Float64Array(parameters.length);
      const high = new Float64Array(parameters.length).fill(1);
      const sides = [
        ["l_exc", l_exc, exc],
        ["l_inh", l_inh, inh],
      ] as const;
      for (const [name, k, reach] of sides) {
        const [shortest, longest] = lengthsReaching(reach, pixel, reading);
        const [least, most] = ranges[name];
        if (longest * (1 - margin) < least || shortest * (1 + margin) > most) return undefined;
        low[k] = coordinates.of(name, shortest * (1 + margin));
        high[k] = coordinates.of(name, longest * (1 - margin));
      }
      return { low, high };
    },
    plateau(x) {
      const at = ringAt(x);
      const [low, high] = velocitiesLike(at, reading);
      return [coordinates.of("v_c", low), coordinates.of("v_c", high)];
    },
  };
}

/** The share by which an interval is shortened, so that it is inside despite rounding. */
const margin = 1e-9;

/** The velocities that give the same delays, mm/s. */
export function velocitiesLike(ring: Ring, reading: FieldParameters["reading"]): [number, number] {
  const [pixel, dt] = [ring.extent / ring.pixels, ring.dt / 1e3];
  const plateaus = [ring.l_exc, ring.l_inh].map((length) =>
    sameDelays(connectivity(length, pixel, ring.v_c, dt, reading), ring.v_c, pixel, dt),
  );
  return [Math.max(...plateaus.map(([low]) => low)), Math.min(...plateaus.map(([, high]) => high))];
}
