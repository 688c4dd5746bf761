import { describe, expect, it } from "vitest";
import { configure } from "../../../cli/configuration/configuration.ts";
import { recordingQualityText } from "../../../cli/present/recording-quality.ts";
import { duplicatesOf, recordingQualityOf } from "../../../cli/recordings/recording-quality.ts";
import { encodeNpz } from "../../../data/npz.ts";
import { readRecording } from "../../../data/recording-file.ts";
import { writeRecording } from "../../../data/recording-mat.ts";
import { normals } from "../../../stages/numerics/statistics/normal.ts";
import { artifactOf, csv, exportedCsv, exportedNpz, matrixOf } from "../../data/recordings-made.ts";

const { configuration } = configure([]);
const time = Float64Array.from({ length: 61 }, (_, j) => -200 + 10 * j);
const space = Float64Array.from({ length: 101 }, (_, i) => i / 10);
const [frames, rows] = [time.length, space.length];

/** A triangle of 2 ‰ about (100 ms, 5 mm), ±100 ms and ±3 mm at its foot, over noise of given SD. */
const triangle = (sd: number): Float64Array => {
  const noise = normals(1, rows * frames);
  return Float64Array.from({ length: rows * frames }, (_, index) => {
    const [x, t] = [space[Math.floor(index / frames)]!, time[index % frames]!];
    const height = Math.max(0, 1 - Math.abs(t - 100) / 100) * Math.max(0, 1 - Math.abs(x - 5) / 3);
    return 2 * height + sd * noise[index]!;
  });
};
const mat = (vsd: Float64Array, axes: Record<"time" | "space", Float64Array> = { time, space }): Uint8Array =>
  writeRecording({ stim1: vsd.map((permille) => permille / 1e3), ...axes });
const survey = (bytes: Uint8Array, file = "a.mat") =>
  recordingQualityOf(bytes, { file, name: "a" }, configuration);

describe("a survey of a recording", () => {
  it("tells its axes, contents, gaps and stimulus", () => {
    const vsd = triangle(0.1).map((value, index) => (index === 7 || index === 8 ? Number.NaN : value));
    const told = survey(mat(vsd), "b/matx2_wa1_NL_up_5020.mat");
    expect(told).toMatchObject({
      ...{ name: "a", file: "b/matx2_wa1_NL_up_5020.mat", format: "MATLAB 5" },
      time: { from: -200, to: 400, step: 10, smallest: 10, largest: 10, count: 61, even: true },
      space: { from: 0, to: 10, step: expect.closeTo(0.1, 12), count: 101, even: true },
      missing: { samples: 2, filled: 0, places: [0], times: [-130, -120] },
      stimulus: { duration: 50, delay: 20 },
      hash: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(told.contents.map(({ name, what }) => `${name} ${what}`)).toEqual([
      ...[
        "matNL 1×1 struct",
        "matNL.stim1 101×61 double",
        "matNL.time 1×61 double",
        "matNL.space 1×101 double",
      ],
    ]);
  });

  it("measures a triangle as geometry says: its height and both widths", () => {
    const { peak, response, baseline, culmination } = survey(mat(triangle(0)));
    expect(peak).toMatchObject({ signal: expect.closeTo(2, 12), time: 100, space: 5 });
    expect(culmination).toBe(100);
    // At half its height a triangle of ±100 ms and ±3 mm is 100 ms long and 3 mm wide.
    expect(response.duration).toBeCloseTo(100, 6);
    expect(response.extent).toBeCloseTo(3, 6);
    // Over ±0.5 mm about its top it is lower by a mean of 0.27 of 3 mm; alignment may be a place off.
    expect(response.height).toBeGreaterThan(2 * (1 - 0.29 / 3));
    expect(response.height).toBeLessThan(2 * (1 - 0.27 / 3));
    expect(baseline).toEqual({ frames: 21, from: -200, to: 0, sd: 0, correlation: 0, drift: 0 });
  });

  it("measures the SD, correlation and drift of the noise before the response", () => {
    const white = survey(mat(triangle(0.1))).baseline!;
    // 101 places × 20 frames: the SD is known to about 1.6 %, a correlation to about 0.02.
    expect(white.sd).toBeGreaterThan(0.095);
    expect(white.sd).toBeLessThan(0.105);
    expect(white.correlation + 1 / white.frames).toBeGreaterThan(-0.07);
    expect(white.correlation + 1 / white.frames).toBeLessThan(0.07);
    expect(Math.abs(white.drift)).toBeLessThan(0.03);

    // Means of two successive draws are correlated by a half.
    const noise = normals(2, rows * frames + 1);
    const coloured = triangle(0).map((value, k) => value + (0.1 * (noise[k]! + noise[k + 1]!)) / Math.SQRT2);
    const { correlation, frames: n } = survey(mat(coloured)).baseline!;
    expect(correlation + 2 / n).toBeGreaterThan(0.4);
    expect(correlation + 2 / n).toBeLessThan(0.6);

    const rising = triangle(0).map((value, k) => value + 1e-3 * time[k % frames]!);
    const { drift, from, to } = survey(mat(rising)).baseline!;
    expect(drift).toBeCloseTo(1e-3 * (to - from), 9);
  });

  it("knows no baseline and no widths where a recording does not show them", () => {
    const late = { time: time.subarray(30), space };
    const part = triangle(0).filter((_, k) => k % frames >= 30);
    expect(survey(mat(part, late))).toMatchObject({
      baseline: null,
      response: { duration: null, signalToNoise: null },
      stimulus: null,
    });
    const narrow = { time, space: space.subarray(40, 61) };
    expect(survey(mat(triangle(0).subarray(40 * frames, 61 * frames), narrow)).response.extent).toBeNull();
  });

  it("tells how the configuration aligns it", () => {
    const told = survey(mat(triangle(0.02)));
    expect(told.alignment).toMatchObject({
      // −50 < t < 200 are −40 … 190 ms; the ring's units lie 36/29 mm apart, the recording covers 5 mm on either side.
      residual: { t_range: [-50, 200], kept: { from: -40, to: 190, frames: 24 }, pixels: 30 },
      scan: { t_range: [-100, 300], kept: { from: -90, to: 290, frames: 39 } },
    });
    expect(told.alignment.residual).toMatchObject({ units: 8 });
    const away = configure([
      { origin: "test", values: { residual: { t_range: [1000, 1200] } } },
    ]).configuration;
    const { alignment, doubts } = recordingQualityOf(mat(triangle(0.02)), { file: "a.mat", name: "a" }, away);
    expect(alignment.residual).toMatchObject({
      refused:
        "The recording has no sample within residual.t_range, 1000 to 1200 ms: it was recorded from -200 to 400 ms; widen residual.t_range.",
    });
    expect(doubts).toEqual([
      "the mean over space is largest at 100 ms, outside residual.t_range, 1000 to 1200 ms: another time is taken for the peak",
    ]);
  });

  const doubts = (
    changed: { vsd?: Float64Array; time?: Float64Array; space?: Float64Array },
    isNpz = false,
  ) => {
    const { vsd, ...axes } = { vsd: triangle(0.02), time, space, ...changed };
    const plain = (data: Float64Array, shape = [data.length]) => ({ data, shape });
    const bytes = isNpz
      ? encodeNpz({ vsd: plain(vsd, [rows, frames]), time: plain(axes.time), space: plain(axes.space) })
      : mat(vsd, axes);
    return survey(bytes).doubts.filter((doubt) => !doubt.includes("t_range"));
  };
  const scaled = (values: Float64Array, factor: number) => values.map((value) => factor * value);
  it.each([
    ["nothing", {}, false, []],
    [
      "time in s",
      { time: scaled(time, 1e-3) },
      false,
      ["time spans 0.6 ms: if it is in seconds, multiply it by 1000"],
    ],
    [
      "time in µs",
      { time: scaled(time, 1e3) },
      false,
      ["time spans 600000 ms: if it is in µs, divide it by 1000"],
    ],
    [
      "space in µm",
      { space: scaled(space, 1e3) },
      false,
      ["space spans 10000 mm: if it is in µm, divide it by 1000"],
    ],
    [
      "space in m",
      { space: scaled(space, 1e-3) },
      false,
      ["space spans 0.01 mm: if it is in cm or m, multiply it by 10 or 1000"],
    ],
    [
      "space in pixels",
      { space: space.map((_, i) => i) },
      false,
      ["space rises by exactly 1 mm: if these are pixels, multiply them by a pixel's mm"],
    ],
    [
      "stim1 in ‰",
      { vsd: scaled(triangle(0), 1e3) },
      false,
      ["the signal reaches 2000 ‰, where a few are usual: stim1 must be a fraction, not % or ‰"],
    ],
    [
      "vsd a fraction",
      { vsd: scaled(triangle(0), 1e-3) },
      true,
      ["the signal reaches only 0.002 ‰, where a few are usual: if vsd is a fraction, multiply it by 1000"],
    ],
    [
      "an uneven axis",
      { time: time.map((t, j) => (j === 30 ? t + 4 : t)) },
      false,
      [
        "time is uneven, with steps from 6 to 14 ms: smoothing and alignment count samples, whatever lies between them",
      ],
    ],
    [
      "clipping",
      { vsd: triangle(0.02).map((value) => Math.max(-0.03, Math.min(value, 1))) },
      true,
      [
        expect.stringMatching(/^\d+ samples are exactly 1 ‰, the largest: clipped\?$/),
        expect.stringMatching(/^\d+ samples are exactly -0.03 ‰, the smallest: clipped\?$/),
      ],
    ],
    [
      "a dead place",
      { vsd: triangle(0.02).map((value, k) => (k < 2 * frames ? 0 : value)) },
      false,
      ["2 places never change (first at 0 mm): mark what was not measured as NaN"],
    ],
  ])("doubts %s", (what, changed, isNpz, expected) => {
    // Without noise, what lies beside the triangle never changes either.
    const isMeant = (doubt: string) => what === "a dead place" || !doubt.includes("never change");
    expect(doubts(changed, isNpz).filter(isMeant)).toEqual(expected);
  });

  it("is made for people, too", () => {
    const told = survey(mat(triangle(0.1).with(7, Number.NaN)), "x_5020.mat");
    const lines = recordingQualityText(told, { file: "b.npz", equal: "measurement" }).split("\n");
    expect(lines[0]).toBe("a  x_5020.mat");
    expect(lines.map((line) => line.slice(2, 11).trim()).slice(1)).toEqual([
      ...["file", "shape", "time", "space", "missing", "peak", "baseline", "response", "course", "profile"],
      ...["stimulus", "residual", "scan", "bytes", "same"],
    ]);
    expect(lines).toContain("  missing   1 of 6,161 samples, in 1 place (0 mm) and 1 frame (-130 ms)");
    expect(lines.at(-1)).toBe("  same      as b.npz: another file of the same measurement");
  });
});

describe("the same recording", () => {
  it("is known by its bytes, or by what is read from any format", () => {
    const vsd = triangle(0.1).with(5, Number.NaN);
    const original = mat(vsd);
    const read = readRecording(original, "a.mat");
    const artifact = artifactOf(read);
    const files = [
      ["a.mat", original],
      ["copy.mat", original],
      ["a.npz", exportedNpz(artifact)],
      ["a.csv", exportedCsv(artifact)],
      ["matrix.csv", csv(matrixOf(read), ";", "\r\n")],
      ["other.mat", mat(vsd.with(6, 1))],
    ] as const;
    expect(duplicatesOf(files.map(([file, bytes]) => survey(bytes, file)))).toEqual([
      null,
      { file: "a.mat", equal: "bytes" },
      ...Array(3).fill({ file: "a.mat", equal: "measurement" }),
      null,
    ]);
  });
});
