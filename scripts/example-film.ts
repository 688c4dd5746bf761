import type { ConfigurationInput } from "../stages/configuration.ts";
import { normals } from "../stages/numerics/statistics/normal.ts";
import type { RingTrial } from "../stages/ring-trial.ts";

/** The bundled example recording: a ring trial of these parameters, seen by a noisy camera. */
export const truth = {
  profile: "notebook",
  ring: { l_exc: 4, l_inh: 2, v_c: 200, l_stim: 1.5, tau1: 20, tau2: 100 },
} as const satisfies { profile: string; ring: ConfigurationInput["ring"] };

/** The camera of the authors' recordings: 9.09 ms a frame, 56.64 µm a row. */
const frame = 9.09;
const pitch = 0.056640625;
const rows = 193;
const frames = 66;
const firstFrame = -220;

/** When the response peaks and where its middle lies in the recording. */
const peak = 110;
const middle = 5.4;

/** ‰ per unit of relative depolarisation, and SD of the camera's noise, ‰: both as in the recordings. */
const gain = 25;
const noise = 0.1;

/** What the camera sees of a trial: `stim1` is the relative change of fluorescence, [space, time]. */
export function filmed({ arrays }: RingTrial): {
  stim1: Float64Array;
  time: Float64Array;
  space: Float64Array;
} {
  const [steps, pixels] = arrays.delta_V.shape as [number, number];
  const centre = Math.trunc(pixels / 2);
  const pixel = arrays.space.data[1]! - arrays.space.data[0]!;
  const dt = 1e3 * (arrays.time.data[1]! - arrays.time.data[0]!);
  const largest = arrays.delta_V.data.indexOf(arrays.delta_V.data.reduce((a, b) => Math.max(a, b)));
  const peakStep = Math.floor(largest / pixels);

  // Between samples the signal is interpolated; outside the trial nothing has happened yet, or any more.
  const at = (step: number, x: number) =>
    step < 0 || step >= steps ? 0 : arrays.delta_V.data[step * pixels + (((x % pixels) + pixels) % pixels)]!;
  const signal = (step: number, x: number) => {
    const [i, k] = [Math.floor(step), Math.floor(x)];
    const [u, v] = [step - i, x - k];
    return (
      (1 - u) * ((1 - v) * at(i, k) + v * at(i, k + 1)) + u * ((1 - v) * at(i + 1, k) + v * at(i + 1, k + 1))
    );
  };
  const space = Float64Array.from({ length: rows }, (_, i) => i * pitch);
  const time = Float64Array.from({ length: frames }, (_, j) => firstFrame + j * frame);
  const draws = normals(5, rows * frames);
  const stim1 = draws.map((draw, index) => {
    const [i, j] = [Math.floor(index / frames), index % frames];
    const response = signal((time[j]! - peak) / dt + peakStep, (space[i]! - middle) / pixel + centre);
    return (gain * response + noise * draw) / 1e3;
  });
  return { stim1, time, space };
}
