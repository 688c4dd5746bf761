// @module-tag slow
import { describe, expect, it } from "vitest";
import fixedPoint from "../../stages/fixed-point.ts";
import type { RecordingFile } from "../../stages/recording.ts";
import recording, { type Recording } from "../../stages/recording.ts";
import residual from "../../stages/residual.ts";
import ringTrial, { type RingTrial } from "../../stages/ring-trial.ts";
import { golden, hasShared, relative, titled } from "../golden.ts";
import { authorsRecordings } from "../recordings.ts";
import { field, idle, notebook } from "./context.ts";

const trials = golden("ring_trials");
const scan = golden("scan_n2");

/** A trial of the parameters as the golden files name them, from a given start. */
// biome-ignore lint/suspicious/noExplicitAny: the files' own form
async function run({ parameters: p }: any, start?: readonly number[]): Promise<RingTrial> {
  const rest = await fixedPoint.run({ ...idle, params: field(4), inputs: notebook });
  if (start) rest.arrays.first_order.data.set(start);
  const params = ringTrial.params.parse({
    ...field(4),
    ring: {
      pixels: p.n_pixels,
      extent: p.extent_mm,
      l_exc: p.l_exc_mm,
      l_inh: p.l_inh_mm,
      v_c: p.conduction_velocity_mm_s,
      l_stim: p.l_stim_mm,
      amplitude: p.amplitude_hz,
      tau1: p.tau1_s * 1e3,
      tau2: p.tau2_s * 1e3,
    },
  });
  return ringTrial.run({ ...idle, params, inputs: { ...notebook, fixedPoint: rest } });
}

describe("ring trials are the authors'", () => {
  // biome-ignore lint/suspicious/noExplicitAny: the files' own form
  it.each(trials as any[])("$name", async (want) => {
    // Their start is odeint's, 7e-12 from the fixed point; where δV is 1e-5 of the resting potential that is
    // already 3e-9 of it. From their start every value is theirs to 1e-9.
    const { nu_e, nu_i } = want.sample;
    const { arrays } = await run(want, [nu_e[0][0], nu_i[0][0]]);
    const [steps, pixels] = want.shape;
    expect(arrays.delta_V.shape).toEqual([steps, pixels]);
    expect(arrays.time.data.at(-1)).toBeCloseTo(want.t_end_s, 12);
    expect([arrays.space.data[0], arrays.space.data[1], arrays.space.data.at(-1)]).toEqual(want.X_mm);
    const pairs = { nu_aff: "nu_aff", nu_e: "nu_e", nu_i: "nu_i", muVn: "delta_V" } as const;
    for (const [theirs, ours] of Object.entries(pairs)) {
      const data = arrays[ours].data;
      expect(relative([Math.max(...data)], [want.max[theirs]])).toBeLessThan(1e-9);
      expect(relative([data.reduce((a, b) => a + b) / data.length], [want.mean[theirs]])).toBeLessThan(1e-9);
      if (theirs === "nu_aff") continue;
      const { time_index, pixel_index } = want.sample;
      const sample = time_index.flatMap((i: number) => pixel_index.map((x: number) => data[i * pixels + x]));
      const theirSample: number[] = want.sample[theirs].flat();
      const still = theirs === "muVn" ? theirSample.filter((value) => value < 1e-12).length : 0;
      const moving = sample.map((value: number, k: number) =>
        theirSample[k]! < 1e-12 && still ? theirSample[k] : value,
      );
      expect(relative(moving, theirSample)).toBeLessThan(1e-9);
    }
  });

  // biome-ignore lint/suspicious/noExplicitAny: the files' own form
  it.each(trials as any[])("$name, from this program's own fixed point", async (want) => {
    const { arrays } = await run(want);
    const { time_index, pixel_index } = want.sample;
    const sample = time_index.flatMap((i: number) =>
      pixel_index.map((x: number) => arrays.nu_e.data[i * want.shape[1] + x]),
    );
    expect(relative(sample, want.sample.nu_e.flat())).toBeLessThan(1e-9);
    expect(relative([Math.max(...arrays.delta_V.data)], [want.max.muVn])).toBeLessThan(1e-9);
  });
});

describe("residuals against the authors' recordings", () => {
  const settings = {
    own_max_t_m50_200: { t_range: [-50, 200], normalisation: "own-max" },
    factor_t_m100_300: { t_range: [-100, 300], normalisation: "fixed" },
  } as const;
  const readRecording = async ({ file, read }: RecordingFile): Promise<Recording> => {
    const bytes = { data: await read(), shape: [0], dims: ["byte"], units: "1" };
    return recording.run({ ...idle, params: { file }, inputs: { file: { arrays: { bytes }, values: {} } } });
  };
  const residualsOf = async (trial: RingTrial, setting: keyof typeof settings) => {
    const params = residual.params.parse({ residual: settings[setting] });
    const entries = authorsRecordings.map(async (which) => {
      const { values } = await residual.run({
        ...idle,
        params,
        inputs: { trial, recording: await readRecording(which) },
      });
      return [which.file, values.residual] as const;
    });
    return new Map(await Promise.all(entries));
  };

  it.skipIf(!hasShared)(titled("there are twelve", hasShared, "../shared"), () => {
    expect(authorsRecordings).toHaveLength(12);
  });

  // biome-ignore lint/suspicious/noExplicitAny: the files' own form
  describe.skipIf(!hasShared).each(trials as any[])(titled("$name", hasShared, "../shared"), (want) => {
    it.each(Object.keys(settings) as (keyof typeof settings)[])("%s", async (setting) => {
      const got = await residualsOf(await run(want), setting);
      for (const [file, value] of got) {
        expect(relative([value], [want.residuals[file][setting]]), file).toBeLessThan(1e-9);
      }
    });
  });

  it.skipIf(!hasShared)(titled("over the scan's 64 parameter sets", hasShared, "../shared"), async () => {
    for (const want of scan) {
      const got = await residualsOf(await run(want), "factor_t_m100_300");
      for (const [file, value] of got) {
        expect(relative([value], [want.residuals[file].factor_t_m100_300]), file).toBeLessThan(1e-9);
      }
    }
  });
});
