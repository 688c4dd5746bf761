import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { surveyOf } from "../../cli/survey.ts";
import { writeRecording } from "../../data/recording-mat.ts";
import { isBuilt, jsonLines, mesoflow, printed, processTitle, workingFolders } from "./command-line.ts";

const folders = workingFolders();
afterAll(folders.clear);

const time = Float64Array.from({ length: 30 }, (_, j) => -100 + 10 * j);
const space = Float64Array.from({ length: 40 }, (_, i) => i / 10);
/** A bump of 2 ‰ at 2 mm and 50 ms over ±0.1 ‰. */
const stim1 = Float64Array.from({ length: 1200 }, (_, index) => {
  const [i, j] = [Math.floor(index / 30), index % 30];
  return (i === 20 && j === 15 ? 2e-3 : 0) + (index % 2 ? 1e-4 : -1e-4);
});
const good = writeRecording({ stim1, time, space });
const bad = {
  empty: new Uint8Array(),
  truncated: good.subarray(0, 900),
  foreign: Buffer.from("This is no MAT file.\n".repeat(20)),
  nan: writeRecording({ stim1: stim1.map(() => Number.NaN), time, space }),
  unsorted: writeRecording({ stim1, time: time.toReversed(), space }),
};

describe("a survey of a recording", () => {
  it("tells its axes, peak, noise and stimulus", () => {
    const some = stim1.map((value, index) => (index === 7 ? Number.NaN : value));
    const bytes = writeRecording({ stim1: some, time, space });
    expect(surveyOf(bytes, "b/matx2_wa1_NL_up_5020.mat", "wa1")).toEqual({
      ...{ name: "wa1", file: "b/matx2_wa1_NL_up_5020.mat" },
      time: { from: -100, to: 190, step: 10, count: 30 },
      space: { from: 0, to: 3.9, step: expect.closeTo(0.1, 12), count: 40 },
      missing: 1,
      peak: { signal: expect.closeTo(2.1, 9), time: 50, space: 2 },
      noise: expect.closeTo(0.1, 3),
      stimulus: { duration: 50, delay: 20 },
      hash: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    const late = writeRecording({ stim1, time: time.map((t) => t + 100), space });
    expect(surveyOf(late, "late.mat", "late")).toMatchObject({ noise: null, stimulus: null });
  });
});

describe.skipIf(!isBuilt)(processTitle("recordings"), () => {
  const cwd = folders.make();
  mkdirSync(join(cwd, "files"));
  writeFileSync(join(cwd, "files", "good.mat"), good);
  for (const [name, bytes] of Object.entries(bad)) writeFileSync(join(cwd, `${name}.mat`), bytes);

  it("are told file by file, the bad ones with a sentence each", () => {
    expect(printed(cwd, "recording", "files")).toContain("  peak      2.1 ‰ at 50 ms, 2 mm\n");
    const { status, stdout, stderr } = mesoflow(cwd, "recording", "files/*.mat", "*.mat", "--json");
    expect(status).toBe(2);
    const lines = jsonLines(stdout);
    expect(lines).toMatchObject([{ name: "good" }, { event: "summary", recordings: 1, failed: 5 }]);
    expect(stderr.trimEnd().split("\n")).toHaveLength(5);
  });

  it("run under their own names", () => {
    const set = ["--profile", "notebook", "--set", "recordings=files"];
    const lines = jsonLines(printed(cwd, "run", "residual/baseline", "--json", ...set));
    expect(lines.at(-1).executed).toContain("residual/baseline/good");
  });

  it.each([
    ["empty", "empty.mat is empty"],
    ["truncated", "truncated.mat is damaged or cut short"],
    ["foreign", "foreign.mat is no MATLAB file"],
    ["nan", "stim1 of nan.mat is NaN throughout"],
    ["unsorted", "time of unsorted.mat must rise from sample to sample"],
  ])("that are %s fail with one sentence", (name, sentence) => {
    const set = ["--profile", "notebook", "--set", `recordings=${name}.mat`];
    const { status, stdout, stderr } = mesoflow(cwd, "run", "residual/baseline", ...set);
    const [first, ...others] = stderr.trimEnd().split("\n");
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(first).toContain(`failed recording/${name}: ${sentence}`);
    expect(others).toEqual([
      `blocked residual/baseline/${name} by recording/${name}`,
      expect.stringMatching(/^0 stages ran, .*1 failed, 1 blocked/),
    ]);
  });

  it("that are bad do not keep the others from running, if asked", () => {
    const recordings = '--set=recordings=["files/good.mat","truncated.mat"]';
    const { status, stdout, stderr } = mesoflow(
      cwd,
      ...["run", "residual/baseline", "--profile", "notebook", "--keep-going", "--json", recordings],
    );
    expect(status).toBe(2);
    expect(jsonLines(stdout).at(-1)).toMatchObject({
      failed: ["recording/truncated"],
      blocked: ["residual/baseline/truncated"],
    });
    expect(stderr).toMatch(/^failed recording\/truncated: truncated\.mat is damaged or cut short .*\n$/);
    expect(printed(cwd, "show", "residual/baseline/good", "--profile", "notebook", recordings)).toContain(
      "residual",
    );
  });
});
