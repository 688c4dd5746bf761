import { coefficients } from "../../data/notebook.ts";
import { exp, mersenneTwister } from "../../kernels/index.ts";
import fixedPoint, { type FixedPoint } from "../../stages/fixed-point.ts";
import { meanFieldOf } from "../../stages/model/mean-field/field.ts";
import { cells } from "../../stages/model/parameters/cells.ts";
import { networks } from "../../stages/model/parameters/networks.ts";
import { depolarisationOf } from "../../stages/model/ring/trial.ts";
import type { Coefficients } from "../../stages/model/transfer-function/transfer-function.ts";
import { normals } from "../../stages/numerics/statistics/normal.ts";
import type { Recording } from "../../stages/recording.ts";

/** The noise of a camera, ‰: white, and a field with exponential correlations in time and space. */
export interface CameraNoise {
  readonly white: number;
  readonly field: number;
  /** Correlation of the field from frame to frame. */
  readonly memory: number;
  /** Distance over which the field's correlation falls to 1/e, mm. */
  readonly reach: number;
}

const printed = (cell: "RS-cell" | "FS-cell"): Coefficients => ({
  arrays: {
    P: { data: Float64Array.from(coefficients.notebook[cell]!), shape: [11], dims: ["term"], units: "V" },
  },
  values: { reading: "as-coded" },
});
export const inputs = { exc: printed("RS-cell"), inh: printed("FS-cell") };
export const field = {
  cells: { exc: cells["RS-cell"], inh: cells["FS-cell"] },
  network: networks.CONFIG1,
  reading: "as-coded" as const,
  mean_field: { T: 5, drive: 4 },
};
const idle = { signal: new AbortController().signal, progress: async () => {} };
export const atRest = (): Promise<FixedPoint> => fixedPoint.run({ params: field, inputs, ...idle });

/** The six parameters with their default ranges. */
export const ranges = {
  v_c: [50, 600],
  l_stim: [0.2, 2],
  l_exc: [1, 7],
  l_inh: [1, 7],
  tau2: [50, 200],
  tau1: [5, 50],
} as const;
export type Truth = Readonly<Record<keyof typeof ranges, number>>;

/** So many sets of parameters, uniform in their ranges. */
export function truths(count: number, seed: number): Truth[] {
  const uniforms = mersenneTwister(seed, 6 * count);
  return Array.from({ length: count }, (_, n) =>
    Object.fromEntries(
      Object.entries(ranges).map(([name, [low, high]], k) => [
        name,
        low + uniforms[6 * n + k]! * (high - low),
      ]),
    ),
  ) as unknown as Truth[];
}

/** The bundled example's camera (data/example/README.md). */
const [frame, pitch, rows, frames, firstFrame, peak, middle, gain] = [
  9.09, 0.056640625, 193, 66, -220, 110, 5.4, 25,
];
export const ring = { pixels: 30, extent: 36, amplitude: 15, dt: 1 };

/**
 * A recording of a trial, as the bundled example's camera films it. It is the stimulus that peaks at 110 ms, not the
 * response: responses that ignite the ring peak anywhere after it, and would begin before the recording does.
 */
export function film(truth: Truth, rest: FixedPoint, noise: CameraNoise, seed: number): Recording {
  const trial = depolarisationOf({ ...field, ring: { ...ring, ...truth } }, meanFieldOf(field, inputs), rest);
  const { pixels, dt } = ring;
  const unit = trial.space[1]! - trial.space[0]!;
  const stimulated = Math.max(3 * truth.tau1, 150);
  const at = (step: number, x: number) =>
    step < 0 || step >= trial.time.length
      ? 0
      : trial.deltaV[step * pixels + (((x % pixels) + pixels) % pixels)]!;
  const errors = errorsOf(noise, seed);
  const vsd = errors.map((error, index) => {
    const step = (firstFrame + (index % frames) * frame - peak + stimulated) / dt;
    const place = (Math.floor(index / frames) * pitch - middle) / unit + pixels / 2;
    const [i, k] = [Math.floor(step), Math.floor(place)];
    const [u, v] = [step - i, place - k];
    const before = (1 - v) * at(i, k) + v * at(i, k + 1);
    const after = (1 - v) * at(i + 1, k) + v * at(i + 1, k + 1);
    return gain * ((1 - u) * before + u * after) + error;
  });
  const along = (dim: string, data: Float64Array, units: string) => ({
    data,
    shape: [data.length],
    dims: [dim],
    units,
  });
  return {
    arrays: {
      time: along(
        "time",
        Float64Array.from({ length: frames }, (_, j) => firstFrame + j * frame),
        "ms",
      ),
      space: along(
        "space",
        Float64Array.from({ length: rows }, (_, i) => i * pitch),
        "mm",
      ),
      vsd: { data: vsd, shape: [rows, frames], dims: ["space", "time"], units: "‰" },
    },
    values: { missing: 0 },
  };
}

function errorsOf({ white, field, memory, reach }: CameraNoise, seed: number): Float64Array {
  const size = rows * frames;
  const drawn = normals(seed, 2 * size);
  const inSpace = exp(-pitch / reach);
  const correlated = new Float64Array(size);
  for (let j = 0; j < frames; j += 1) {
    let row = 0;
    for (let i = 0; i < rows; i += 1) {
      const fresh = drawn[size + i * frames + j]!;
      row = i === 0 ? fresh : inSpace * row + Math.sqrt(1 - inSpace * inSpace) * fresh;
      const last = j === 0 ? 0 : correlated[i * frames + j - 1]!;
      correlated[i * frames + j] = j === 0 ? row : memory * last + Math.sqrt(1 - memory * memory) * row;
    }
  }
  return correlated.map((value, index) => white * drawn[index]! + field * value);
}
