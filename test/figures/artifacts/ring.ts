import type { Crossings } from "../../../figures/propagation.ts";
import type { OutputOf } from "../../../figures/stage-output.ts";
import { matrix, vector } from "../../../stages/labelled-arrays.ts";
import { comparisonSchema } from "../../../stages/model/comparison/comparison.ts";
import { ringSchema } from "../../../stages/model/ring/trial.ts";
import type recording from "../../../stages/recording.ts";
import type residual from "../../../stages/residual.ts";
import type ringTrial from "../../../stages/ring-trial.ts";
import { bump, field, noise, numbers } from "./numbers.ts";

export function trialOf(changes: object = {}, value = (swell: number) => swell): OutputOf<typeof ringTrial> {
  const [steps, pixels] = [12, 7];
  const map = (rest: number, more: number, units: string) =>
    matrix(
      ["time", "space"],
      [steps, pixels],
      numbers(steps * pixels, (k) => {
        const [t, x] = [Math.floor(k / pixels) - 4, (k % pixels) - 3];
        return value(rest + more * bump(t / 2) * bump(x));
      }),
      units,
    );
  return {
    artifact: {
      arrays: {
        time: vector(
          "time",
          numbers(steps, (k) => k * 0.05),
          "s",
        ),
        space: vector(
          "space",
          numbers(pixels, (k) => 6 * k),
          "mm",
        ),
        nu_aff: map(0, 15, "Hz"),
        nu_e: map(2.5, 70, "Hz"),
        nu_i: map(9.6, 20, "Hz"),
        delta_V: map(0, 0.06, "1"),
      },
      values: { extent: 36 },
    },
    params: { ...field, ring: ringSchema.parse({ pixels, ...changes }) },
  };
}

/** A wave from the middle of so many rows, the outermost without a response. */
export function crossingsOf(rows: number, pitch: number, line: string): Crossings["artifact"] {
  const middle = ((rows - 1) / 2) * pitch;
  const crossing = numbers(rows, (k) => (k === 0 ? Number.NaN : 20 + 12 * Math.abs(pitch * k - middle)));
  const column = (units: string, below: number, above: number) =>
    vector("piece", Float64Array.of(below, above), units);
  return {
    arrays: {
      space: vector(
        "space",
        numbers(rows, (k) => pitch * k),
        "mm",
      ),
      crossing: vector("space", crossing, "ms"),
      ...{ from: column("mm", 0, middle), to: column("mm", middle, 100) },
      ...{ points: column("1", rows, rows), effective: column("1", rows, rows) },
      ...{
        slope: column("ms/mm", -12, 12),
        slope_low: column("ms/mm", -13, 11),
        slope_high: column("ms/mm", -11, 13),
      },
      intercept: column("ms", 20 + 12 * middle, 20 - 12 * middle),
      ...{
        speed: column("mm/s", -83, 83),
        speed_low: column("mm/s", -91, 77),
        speed_high: column("mm/s", -77, 91),
      },
    },
    values: { line, speeds: ["83 mm/s towards smaller x", "83 mm/s towards larger x"], apex: middle },
  };
}

export function recordingOf(value = (vsd: number) => vsd): OutputOf<typeof recording> {
  const [rows, frames] = [8, 30];
  const vsd = numbers(rows * frames, (k) => {
    const [x, t] = [Math.floor(k / frames), (k % frames) * 10 - 100];
    return value(1.2 * bump((t - 20) / 60) * bump((x - 4) / 3) + noise(k) / 20);
  });
  return {
    artifact: {
      arrays: {
        time: vector(
          "time",
          numbers(frames, (k) => k * 10 - 100),
          "ms",
        ),
        space: vector(
          "space",
          numbers(rows, (k) => k / 2),
          "mm",
        ),
        vsd: matrix(["space", "time"], [rows, frames], vsd, "‰"),
      },
      values: { missing: 3 },
    },
    params: { file: "made_5020.mat" },
  };
}

export function residualOf(): OutputOf<typeof residual> {
  const [rows, frames] = [6, 20];
  const map = (width: number) =>
    matrix(
      ["space", "time"],
      [rows, frames],
      numbers(
        rows * frames,
        (k) => bump(((k % frames) - 5) / width) * bump((Math.floor(k / frames) - 3) / 2),
      ),
      "1",
    );
  return {
    artifact: {
      arrays: {
        space: vector(
          "space",
          numbers(rows, (k) => 1.2 * (k - 3)),
          "mm",
        ),
        time: vector(
          "time",
          numbers(frames, (k) => 10 * (k - 5)),
          "ms",
        ),
        model: map(6),
        data: map(4),
      },
      values: { residual: 18.412793602 },
    },
    params: { residual: comparisonSchema.parse({}) },
  };
}
