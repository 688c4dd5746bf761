import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { encodeNpz } from "../../data/npz.ts";
import { variants } from "../../stages/cortex.ts";
import fixedPoint from "../../stages/fixed-point.ts";
import type { PropagationArtifact } from "../../stages/model/propagation/propagation-artifact.ts";
import trialPropagation from "../../stages/propagation/trial.ts";
import recording from "../../stages/recording.ts";
import ringTrial, { type RingTrial } from "../../stages/ring-trial.ts";
import { hasNumpy, python } from "../data/python.ts";
import { golden, hasShared, relative, shared, titled } from "../golden.ts";
import { field, idle, notebook } from "./context.ts";
import { asCoded, propagate, usual } from "./model/propagation/fronts.ts";

/** Fits as numbers, row by row. */
const rows = ({ arrays }: PropagationArtifact) =>
  Array.from(arrays.from.data.keys(), (k) =>
    [arrays.points, arrays.slope, arrays.intercept, arrays.slope_low, arrays.slope_high].map(
      ({ data }) => data[k]!,
    ),
  );

describe.skipIf(!hasShared)(titled("the notebook's data figure", hasShared, "../shared"), () => {
  const wanted = golden("propagation").recordings;
  const paths = hasShared
    ? readdirSync(join(shared, "recordings"), { recursive: true, encoding: "utf8" }).filter((name) =>
        name.endsWith(".mat"),
      )
    : [];

  it.each(paths)("%s, point for point and line for line", async (path) => {
    const [name, data] = [path.split("/").at(-1)!, readFileSync(join(shared, "recordings", path))];
    const bytes = { data: new Uint8Array(data), shape: [data.length], dims: ["byte"], units: "1" };
    const file = { arrays: { bytes }, values: {} };
    const read = await recording.run({ ...idle, params: { file: name }, inputs: { file } });
    const got = await propagate(read, asCoded);
    const want = wanted[name];
    const crossing = Array.from(got.arrays.crossing.data);
    expect(crossing.filter((t) => !Number.isNaN(t))).toEqual(want.time);
    expect(Array.from(got.arrays.space.data).filter((_, i) => !Number.isNaN(crossing[i]))).toEqual(
      want.space,
    );
    rows(got).forEach(([points, slope, intercept, low, high], k) => {
      const fit = want.fits[k];
      expect(points).toBe(fit.points);
      if (fit.polyfit === null) expect([slope, intercept]).toEqual([Number.NaN, Number.NaN]);
      else expect(Math.abs(slope! - fit.polyfit[0])).toBeLessThan(1e-9);
      if (fit.polyfit !== null) expect(Math.abs(intercept! - fit.polyfit[1])).toBeLessThan(1e-9);
      if (fit.interval !== null) expect(relative([low!, high!], fit.interval)).toBeLessThan(1e-6);
      else expect(Number.isFinite(low! + high!)).toBe(false);
    });
  });
});

async function trialOf(changes: object): Promise<RingTrial> {
  const rest = await fixedPoint.run({ ...idle, params: field(4), inputs: notebook });
  const params = ringTrial.params.parse({ ...field(4), ring: changes });
  return ringTrial.run({ ...idle, params, inputs: { ...notebook, fixedPoint: rest } });
}

function propagateTrial(trial: RingTrial, { recording: _, ...propagation } = usual) {
  return trialPropagation.run({ ...idle, params: { propagation }, inputs: { trial } });
}

/** First samples and crossings by NumPy, and lines through those left and right of the middle pixel. */
const byNumpy = `
import json, sys, numpy as np
d = np.load(sys.argv[1]); x, v = d["space"], d["delta_V"]; t = np.arange(len(v)) * 0.5
v, t = v[t >= 20], t[t >= 20]
m = v.max(axis=0); i = np.argmax(v >= m / 5, axis=0); k = np.arange(len(x)); seen = m >= m.max() / 20
def line(times):
    fits = [np.polyfit(x[c], times[c], 1).tolist() for c in (seen & (k < 15), seen & (k > 15))]
    return {"times": [float(s) if ok else None for s, ok in zip(times, seen)], "fits": fits}
before, after = v[i - 1, k], v[i, k]
print(json.dumps([line(t[i]), line(t[i - 1] + (m / 5 - before) / (after - before) * 0.5)]))`;

describe("ring trials", () => {
  it.skipIf(!hasNumpy).each(Object.entries(variants))(
    titled("%s, pixel for pixel NumPy's", hasNumpy, "python3 with numpy"),
    { tags: ["process"] },
    async (_, changes) => {
      const trial = await trialOf(changes);
      const folder = mkdtempSync(join(tmpdir(), "mesoflow-"));
      const file = join(folder, "trial.npz");
      writeFileSync(file, encodeNpz({ space: trial.arrays.space, delta_V: trial.arrays.delta_V }));
      const [coded, between] = JSON.parse(python(byNumpy, file));
      rmSync(folder, { recursive: true });
      for (const [want, settings] of [
        [coded, asCoded],
        [between, usual],
      ]) {
        const got = await propagateTrial(trial, settings);
        const times = Array.from(got.arrays.crossing.data, (t) => (Number.isNaN(t) ? null : t));
        expect(times.map((t) => t === null)).toEqual(want.times.map((t: unknown) => t === null));
        expect(relative(times.map(Number), want.times.map(Number))).toBeLessThan(1e-12);
        expect(got.values.apex).toBe(trial.arrays.space.data[15]);
        const lines = rows(got).map(([, slope, intercept]) => [slope!, intercept!]);
        expect(relative(lines.flat(), want.fits.flat())).toBeLessThan(1e-9);
      }
    },
  );

  it("run both ways alike, at about the conduction velocity while that is low", async () => {
    const trial = await trialOf({ v_c: 50 });
    const { arrays, values } = await propagateTrial(trial);
    const [left, right] = arrays.speed.data;
    expect(relative([-left!], [right!])).toBeLessThan(1e-9);
    // Pixels stand 36/29 mm apart as coded, but are connected as if it were 36/30.
    expect((right! * 29) / 30).toBeGreaterThan(49);
    expect((right! * 29) / 30).toBeLessThan(51);
    expect(values.line).toBe("23 of 30 pixels respond; the earliest at 58.9 ms");
    expect(values.speeds[1]).toMatch(
      /^19\.9 to 32\.3 mm, 11 points: 51\.6 mm\/s towards larger x \(50\.7 to 52\.6\)$/,
    );
  });

  it("have no line where nothing is looked at", async () => {
    const trial = await trialOf({ tau1: 10, tau2: 50 });
    const late = { ...usual, trial: { ...usual.trial, after: 5000 } };
    const { arrays, values } = await propagateTrial(trial, late);
    expect(values).toEqual({
      line: "no pixel responds after 5000 ms, where δV must exceed 0",
      ...{ speeds: [], apex: null },
    });
    expect(arrays.crossing.data.every(Number.isNaN)).toBe(true);
    expect(arrays.speed.shape).toEqual([0]);
  });
});
