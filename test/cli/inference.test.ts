// @module-tag process
import { spawnSync } from "node:child_process";
import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { exampleRecording } from "../../data/example.ts";
import { readRecording } from "../../data/recording-file.ts";
import { writeRecording } from "../../data/recording-mat.ts";
import {
  isBuilt,
  jsonLines,
  main,
  mesoflow,
  printed,
  processTitle,
  summaryOf,
  workingFolders,
} from "../support/command-line.ts";

/** The example with its later part stretched in time: recordings of stimuli that lasted longer. */
function stretched(factor: number): Uint8Array {
  const { vsd, time, space } = readRecording(readFileSync(exampleRecording), "example.mat");
  const samples = time.length;
  const from = time.findIndex((t) => t > 0);
  return writeRecording({
    time,
    space,
    stim1: vsd.map((_, at) => {
      const sample = at % samples;
      const source = sample <= from ? sample : from + Math.floor((sample - from) / factor);
      return vsd[at - sample + source]! / 1e3;
    }),
  });
}

describe.skipIf(!isBuilt)(processTitle("inference from the command line"), () => {
  const folders = workingFolders();
  afterAll(folders.clear);
  let folder: string;
  const coarse = [
    ...["--profile", "notebook", "--set", "recordings=matx2_*.mat"],
    ...["scan.points=3", "ring.pixels=12", "ring.dt=2.5"].flatMap((setting) => ["--set", setting]),
  ];
  const shown = (...more: string[]) =>
    jsonLines(printed(folder, "show", "inference", "--json", ...coarse, ...more)).at(-1);

  beforeAll(() => {
    folder = folders.make();
    [1, 1.5, 2].forEach((factor, k) => {
      const name = ["matx2_a_NL_up_1020.mat", "matx2_b_NL_up_5020.mat", "matx2_c_NL_up_10020.mat"][k]!;
      writeFileSync(join(folder, name), stretched(factor));
    });
    printed(folder, "run", "inference", ...coarse);
  });

  it("shows each recording's set, means, tests and warnings", () => {
    const text = printed(folder, "show", "inference", ...coarse);
    const lines = text.split("\n");
    expect(lines.find((line) => line.startsWith("recording"))).toMatch(
      /v_c \(mm\/s\) +l_stim \(mm\) +l_exc \(mm\) +l_inh \(mm\) +tau2 \(ms\) +tau1 \(ms\) +residual +stimulus \(ms\)/,
    );
    for (const [name, duration] of [
      ["a", 10],
      ["b", 50],
      ["c", 100],
    ]) {
      expect(lines).toContainEqual(expect.stringMatching(new RegExp(`^${name} .* ${duration}$`)));
    }
    expect(lines).toContainEqual(expect.stringMatching(/^mean ± SD +[\d.]+ ± [\d.]+ /));
    expect(lines).toContainEqual(expect.stringMatching(/^l_exc − l_inh, paired t-test: /));
    expect(lines).toContainEqual(
      expect.stringMatching(/^tau1 with the stimulus' duration, Pearson's correlation: /),
    );
    expect(text).toMatch(/is best at the (lower|upper) end of its range/);
    expect(text).not.toMatch(/NaN|undefined|null|\[object/);
  });

  it("tells all of it as JSON", () => {
    const { values, arrays } = shown();
    expect(values.recording).toEqual(["a", "b", "c"]);
    expect(Object.keys(values).sort()).toEqual([
      "borders",
      "mean",
      "recording",
      "sd",
      "tests",
      "units",
      "warnings",
    ]);
    for (const test of Object.values<Record<string, unknown>>(values.tests)) {
      if (test.outcome === "not enough") expect(test.reason).toMatch(/\w/);
      else
        for (const name of ["statistic", "df", "p", "estimate"])
          expect(test[name], name).toEqual(expect.any(Number));
    }
    expect(JSON.stringify(values)).not.toContain("null");
    expect(arrays.tau2).toMatchObject({ dims: ["recording"], shape: [3], units: "ms" });
    expect(arrays.duration).toMatchObject({ min: 10, max: 100 });
  });

  it("tells the most important at the end of a run", () => {
    const text = printed(folder, "run", "inference", ...coarse);
    expect(text).toMatch(/^inferred v_c, mean ± SD of 3 recordings +[\d.]+ ± [\d.]+ +mm\/s$/m);
    expect(text).toMatch(/^inferred values at an end of their range, of 3 recordings +\d+$/m);
  });

  it("runs nothing else when a duration is given, and leaves out what has none", () => {
    const changed = ["--set", "inference.durations.b=20"];
    expect(summaryOf(folder, "inference", ...coarse, ...changed)).toMatchObject({ executed: ["inference"] });
    expect(shown(...changed).arrays.duration).toMatchObject({ min: 10, max: 100 });

    copyFileSync(join(folder, "matx2_b_NL_up_5020.mat"), join(folder, "nameless.mat"));
    const files = ["--set", 'recordings=["matx2_a*.mat","nameless.mat"]'];
    const text = printed(folder, "run", "inference", ...coarse, ...files);
    expect(text).toMatch(/of 2 recordings/);
    const told = printed(folder, "show", "inference", ...coarse, ...files);
    expect(told).toMatch(/not enough to test, as the test takes at least 3 recordings \(1 recording\)/);
    expect(told).toMatch(/not known of nameless, .*set inference\.durations\.nameless=50/);
  });

  it.each([
    ["inference.durations.bb=5", /inference\.durations\.bb is of no recording: did you mean b /],
    ["inference.durations.b=0", /inference\.durations\.b is 0 ms .* above 0 and at most 10000 ms/],
    ["inference.durations.b=long", /inference\.durations\.b is "long".* must be a number/],
    ["inference.durations=5", /must be numbers by name/],
  ])("refuses %s", (setting, sentence) => {
    const { status, stdout, stderr } = mesoflow(folder, "run", "inference", ...coarse, "--set", setting);
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toMatch(sentence);
    expect(stderr.trim().split("\n")).toHaveLength(1);
  });

  it("loads what its tests take only where it runs", () => {
    const tell = `import { Module } from "node:module";
      process.on("exit", () => {
        const packages = Object.keys(Module._cache).filter((path) => path.includes("@stdlib"));
        console.error("loaded", packages.length);
      });`;
    const loadedBy = (...args: string[]): number => {
      const hook = `data:text/javascript,${encodeURIComponent(tell)}`;
      const { stderr } = spawnSync(process.execPath, ["--import", hook, main, ...args], {
        cwd: folder,
        env: { ...process.env, MESOFLOW_CACHE: "" },
        encoding: "utf8",
      });
      return Number(/loaded (\d+)/.exec(stderr)![1]);
    };
    const run = ["run", "inference", ...coarse, "--jobs", "1"];
    expect(loadedBy(...run)).toBe(0);
    expect(loadedBy(...run, "--force")).toBeGreaterThan(0);
  });

  it("audits as equal", () => {
    expect(printed(folder, "audit", "inference", ...coarse)).toMatch(/1 stage equal, 0 different/);
  });
});
