import { describe, expect, it } from "vitest";
import { figuresOf, type Results, type StageOutput } from "../../figures/index.ts";
import { sampleOf } from "../../figures/raster.ts";
import type { Artifact } from "../../pipeline/index.ts";
import { stepOf } from "./artifacts/cells.ts";
import { runMade } from "./artifacts/networks.ts";
import { recordingOf, trialOf } from "./artifacts/ring.ts";
import { inferenceOf, posteriorOf, recordings, scanOf } from "./artifacts/scan.ts";
import { results } from "./artifacts.ts";
import { look, textsOf, unreadable } from "./drawing.ts";

/** A figure of the usual artifacts but for those given. */
function drawn(
  name: string,
  ...changes: readonly (readonly [string, StageOutput])[]
): { svg: string; caption: string } {
  const made: Results = new Map([...results(), ...changes]);
  const figure = figuresOf(made.keys()).find((one) => one.name === name)!;
  return { svg: figure.draw(made, look()), caption: figure.caption(made) };
}
const said = (svg: string) => textsOf(svg).map(({ text }) => text);
const nothing = () => Number.NaN;
const size = (svg: string) => Buffer.byteLength(svg);

describe("what has no numbers to show says so", () => {
  it.each([
    ["step-response", "no samples", ["step-response/RS-cell", stepOf("RS-cell", 0)]],
    ["network", "no spikes", ["network", runMade(0)]],
    ["ring-trial/baseline", "no variation", ["ring-trial/baseline", trialOf({}, nothing)]],
    ["ring-variants", "no variation", ["ring-trial/baseline", trialOf({}, nothing)]],
    ["recording/one", "no signal", ["recording/one", recordingOf(nothing)]],
    ["scan/one", "no residuals", ["scan", scanOf(nothing)]],
    ["scan", "no residuals", ["scan", scanOf(nothing)]],
    ["inference", "no recordings", ["inference", inferenceOf(0)]],
    ["posterior", "no recordings", ["posterior", posteriorOf([])]],
  ] as const)("%s: %s", (name, sentence, change) => {
    const { svg, caption } = drawn(name, change);
    expect(said(svg)).toContain(sentence);
    expect(svg).not.toMatch(/NaN|Infinity/);
    expect(caption).not.toMatch(/NaN|Infinity|\[object/);
  });

  it("a constant is no variation, and no division by none", () => {
    const { svg } = drawn("ring-trial/baseline", ["ring-trial/baseline", trialOf({}, () => 2.5)]);
    expect(said(svg).filter((text) => text === "no variation")).toHaveLength(4);
    expect(svg).not.toMatch(/NaN|Infinity/);
  });

  it("values that are missing here and there are left out", () => {
    let k = 0;
    const holes = recordingOf((vsd) => (k++ % 5 === 0 ? Number.NaN : vsd));
    const { svg } = drawn("recording/one", ["recording/one", holes]);
    expect(svg).not.toMatch(/NaN/);
    // 30 times of 8 positions, every fifth missing, and four of the times in the window closer.
    const patches = /<g fill="#d5d9df"[^>]*>((?:<rect [^>]*>(?:<\/rect>)?)+)<\/g>/g;
    const counts = [...svg.matchAll(patches)].map(([, rects]) => rects!.match(/<rect/g)!.length);
    expect(counts).toEqual([48, 32]);
    const some = scanOf((residual) => (k++ % 5 === 0 ? Number.NaN : residual));
    for (const name of ["scan", "scan/one"]) expect(drawn(name, ["scan", some]).svg).not.toMatch(/NaN/);
  });

  it("lines are drawn whole, however early a response is said to begin", () => {
    const crossings = results().get("propagation/recording/one") as StageOutput<Artifact>;
    const early = (by: number): StageOutput => {
      const { arrays, values } = crossings.artifact;
      const data = Float64Array.from(arrays.intercept!.data as Float64Array, (ms) => ms - by);
      return {
        ...crossings,
        artifact: { arrays: { ...arrays, intercept: { ...arrays.intercept!, data } }, values },
      };
    };
    const lines = (by: number) =>
      drawn("recording/one", ["propagation/recording/one", early(by)]).svg.match(/stroke-width="2"/g)?.length;
    expect(lines(0)).toBeGreaterThan(0);
    expect(lines(80)).toBe(lines(0)); // from -60 ms on, where -50 would be the window
  });

  it("one recording is enough for what takes no test", () => {
    const { svg, caption } = drawn("inference", ["inference", inferenceOf(1)]);
    expect(svg).not.toMatch(/NaN|Infinity/);
    expect(caption).toMatch(/^Best set of one recording /);
    expect(caption).not.toContain("±");
  });
});

describe("what is large becomes small", () => {
  it("spikes are those of one cell in so many, of both populations alike, and each is a stroke", () => {
    const { artifact } = runMade(60);
    const all = sampleOf(artifact, [0, 198]); // up to the last sample, which one spike is after
    expect([all.oneIn, all.exc.length + all.inh.length]).toEqual([1, 59]);
    const paths = [...drawn("network").svg.matchAll(/ d="((?:M[^MLZ"]*L[^MLZ"]*){2,})"/g)];
    expect(paths.map(([, strokes]) => strokes!.match(/M/g)!.length)).toEqual([
      all.exc.length,
      all.inh.length,
    ]);

    const many = runMade(50_000);
    const sample = sampleOf(many.artifact, [0, 200]);
    expect(sample.oneIn).toBeGreaterThan(1);
    expect(sample.exc.length + sample.inh.length).toBeLessThanOrEqual(4000);
    expect(sampleOf(many.artifact, [0, 200])).toEqual(sample);
    for (const { row } of sample.exc) expect(row).toBe(Math.round(row));
    const { svg, caption } = drawn("network", ["network", many]);
    expect(size(svg)).toBeLessThan(300_000);
    expect(caption).toContain(`one cell in ${sample.oneIn}`);
  });

  it("recordings of noise stay below 300 kB", () => {
    let state = 7;
    const noise = () => {
      state = (Math.imul(state, 1103515245) + 12345) >>> 0;
      return state / 2 ** 32;
    };
    const [rows, frames] = [193, 66];
    const artifact = {
      arrays: {
        time: { data: Float64Array.from({ length: frames }, (_, k) => 9.09 * k - 220) },
        space: { data: Float64Array.from({ length: rows }, (_, k) => 0.0566 * k) },
        vsd: { data: Float64Array.from({ length: rows * frames }, noise) },
      },
      values: { missing: 0 },
    };
    const { svg, caption } = drawn("recording/one", [
      "recording/one",
      { artifact, params: { file: "noise.mat" } },
    ]);
    expect(size(svg)).toBeLessThan(300_000);
    expect(caption).toContain("means of 3 neighbouring positions");
  });

  it("long traces are as long as they are wide", () => {
    const { svg } = drawn("step-response", ["step-response/RS-cell", stepOf("RS-cell", 700_001)]);
    expect(size(svg)).toBeLessThan(100_000);
  });
});

it("a recording and a trial are told on the clock of their axis", () => {
  const { svg, caption } = drawn("residual/baseline/one");
  // Twenty frames of 10 ms, the peak in the sixth.
  expect(caption).toContain("from −50 to 140 ms around it (−50 to 200 ms on the recording's own clock)");
  expect(said(svg).filter((text) => text === "time from peak (ms)")).toHaveLength(4);
  expect(said(svg)).not.toContain("time (ms)");
});

it("what a stage says of a line has true minus signs in a caption", () => {
  const { artifact, params } = results().get("propagation/recording/one") as StageOutput<Artifact>;
  const line = { ...artifact, values: { ...artifact.values, line: "the earliest at -52.4 ms" } };
  const { caption } = drawn("recording/one", ["propagation/recording/one", { artifact: line, params }]);
  expect(caption).toContain("the earliest at −52.4 ms");
});

it("the line of a single recording is told by its name", () => {
  const made = scanOf();
  const { residual } = made.artifact.arrays;
  const count = recordings.length;
  const one = {
    ...residual,
    data: residual.data.filter((_, k) => k % count === 0),
    shape: [...residual.shape.slice(0, -1), 1],
  };
  const scan = {
    ...made,
    artifact: { arrays: { ...made.artifact.arrays, residual: one }, values: { recording: ["example"] } },
  };
  expect(said(drawn("scan", ["scan", scan]).svg)).toContain("example");
  expect(said(drawn("scan").svg)).toContain("a recording");
});

describe("intervals of a posterior are told by the names of their recordings", () => {
  const drawnOf = (names: readonly string[], width: number) => {
    const made: Results = new Map([...results(), ["posterior", posteriorOf(names)]]);
    const svg = figuresOf(made.keys())
      .find(({ name }) => name === "posterior")!
      .draw(made, look("light", width));
    expect(svg).not.toMatch(/NaN|Infinity/);
    expect(unreadable(svg, width)).toEqual([]);
    return said(svg);
  };
  const twelve = Array.from({ length: 12 }, (_, k) => `br140206_10${k + 10}0`);

  it.each([
    ["one", ["example"]],
    ["twelve", twelve],
  ])("%s", (_, names) => {
    // At the left of each of three rows of charts in a column, of two rows where there is more room.
    for (const [width, rows] of [
      [320, 3],
      [660, 2],
    ] as const) {
      const texts = drawnOf(names, width);
      for (const name of names) expect(texts.filter((text) => text === name)).toHaveLength(rows);
      expect(texts.filter((text) => text === "recording")).toHaveLength(rows);
    }
  });

  it("however long these are", () => {
    expect(drawnOf(["a-recording-of-long-ago-and-far-away"], 320)).toContain("a-recordi…ar-away");
  });
});
