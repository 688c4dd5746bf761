import { profiles } from "../../../../stages/configuration.ts";
import {
  type Propagation,
  propagationSchema,
} from "../../../../stages/model/propagation/propagation-settings.ts";
import { normals } from "../../../../stages/numerics/statistics/normal.ts";
import recordingPropagation from "../../../../stages/propagation/recording.ts";
import type { Recording } from "../../../../stages/recording.ts";
import { idle } from "../../context.ts";

/** The settings of the notebook's data figure. */
export const asCoded = propagationSchema.parse(profiles.notebook!.propagation);
export const usual = propagationSchema.parse({});

export const propagate = (
  recording: Recording,
  { trial: _, ...propagation }: Propagation = usual,
): ReturnType<typeof recordingPropagation.run> =>
  recordingPropagation.run({ ...idle, params: { propagation }, inputs: { recording } });

/** A recording of a signal of mm and ms: 193 rows of 29/512 mm, 66 frames of 9.09 ms. */
export function filmOf(signal: (x: number, t: number) => number): Recording {
  const space = Float64Array.from({ length: 193 }, (_, i) => (i * 29) / 512);
  const time = Float64Array.from({ length: 66 }, (_, j) => -220 + j * 9.09);
  const vsd = Float64Array.from({ length: 193 * 66 }, (_, index) =>
    signal(space[Math.floor(index / 66)]!, time[index % 66]!),
  );
  return recordingOf(space, time, vsd);
}

export function recordingOf(space: Float64Array, time: Float64Array, vsd: Float64Array): Recording {
  const axis = (data: Float64Array, dim: string, units: string) => ({
    ...{ data, shape: [data.length], dims: [dim], units },
  });
  return {
    arrays: {
      time: axis(time, "time", "ms"),
      space: axis(space, "space", "mm"),
      vsd: { data: vsd, shape: [space.length, time.length], dims: ["space", "time"], units: "‰" },
    },
    values: { missing: 0 },
  };
}

/** When the ramp of a front reaches 0.6 of its height after it began. */
export const riseTime = 36;

/** A front that leaves `start` at 0 ms both ways and raises the signal from 0 to 1 ‰ within 60 ms, in a straight line. */
export const frontFrom =
  (start: number, leftwards: number, rightwards: number) =>
  (x: number, t: number): number => {
    const began = x < start ? (start - x) / leftwards : (x - start) / rightwards;
    return Math.min(1, Math.max(0, (t - 1e3 * began) / 60));
  };

/** The same with noise of an SD in ‰ that five neighbouring rows share in part, as the pixels of a camera do. */
export function noisy({ arrays: { space, time, vsd } }: Recording, sd: number, seed: number): Recording {
  const [frames, rows] = [time.data.length, space.data.length];
  const drawn = normals(seed, (rows + 4) * frames);
  const noise = (index: number) =>
    [0, 1, 2, 3, 4].reduce((sum, row) => sum + drawn[index + row * frames]!, 0) / Math.sqrt(5);
  return recordingOf(
    space.data,
    time.data,
    vsd.data.map((value, index) => value + sd * noise(index)),
  );
}
