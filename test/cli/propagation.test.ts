// @module-tag process
import { afterAll, describe, expect, it } from "vitest";
import {
  isBuilt,
  jsonLines,
  mesoflow,
  printed,
  processTitle,
  workingFolders,
} from "../support/command-line.ts";

const folders = workingFolders();
afterAll(folders.clear);
const notebook = ["--set", "coefficients=notebook"];

describe.skipIf(!isBuilt)(processTitle("propagation"), () => {
  const cwd = folders.make();

  it("is a line and speeds of each trial and recording", () => {
    const table = printed(cwd, "run", "propagation", ...notebook);
    expect(table).toMatch(/speed trial\/slow-conduction, 19\.9 to 32\.3 mm +51\.6\d* +mm\/s/);
    expect(table).toMatch(/speed trial\/wide-stimulus, 19\.9 to 28\.6 mm +not determined +mm\/s/);
    expect(table).toMatch(/speed recording\/example, 5\.55 to 10\.9 mm +1[89]\d\.\d+ +mm\/s/);
  });

  it("of the bundled example has the speed it was made with", () => {
    const [shown] = jsonLines(printed(cwd, "show", "propagation/recording/example", "--json", ...notebook));
    const { speed_low, speed_high, crossing } = shown.arrays;
    // Left and right of the middle: between −high and −low, and low and high, is 200 mm/s.
    expect(speed_low.min).toBeLessThan(-200);
    expect(speed_high.min).toBeGreaterThan(-200);
    expect(speed_low.max).toBeLessThan(200);
    expect(speed_high.max).toBeGreaterThan(200);
    expect(crossing).toMatchObject({ dims: ["space"], shape: [193], units: "ms" });
    expect(shown.values.apex).toBeCloseTo(5.4, 0);
    const text = printed(cwd, "show", "propagation/recording/example", ...notebook);
    expect(text).toMatch(
      /\nspeeds +0 to 5\.44 mm, 97 points: \d+ mm\/s towards smaller x \(\d+ to \d+\)\n {6,}5\.55 to/,
    );
  });

  it("runs anew for what it depends on only", () => {
    const executed = (...settings: string[]) =>
      jsonLines(printed(cwd, "run", "propagation", "--json", ...notebook, ...settings)).at(-1).executed;
    expect(executed("--set", "propagation.recording.level=50")).toEqual(["propagation/recording/example"]);
    expect(executed("--set", "propagation.trial.pieces=[[20,26],[26,32]]")).toHaveLength(4);
    expect(
      executed("--set", "propagation.recording.pieces=flanks", "--set", "propagation.recording.before=peak"),
    ).toEqual([]);
  });

  it("with the notebook's settings says what the example lacks", () => {
    printed(cwd, "run", "propagation/recording", "--profile", "notebook");
    const text = printed(cwd, "show", "propagation/recording", "--profile", "notebook");
    expect(text).toMatch(/line +193 of 193 rows respond, 0 of them before 20 ms; the earliest at 89\.1 ms\n/);
    expect(text).toContain("8.2 to 12 mm, 0 points: no speed, which takes 3 points at least");
  });

  it.each([
    ["recording.pieces=[[5,3]]", "pieces is [[5, 3]] mm (--set), but must rise from low to high"],
    ["recording.pieces=[]", "must be flanks or a list of rising pairs [[from, to], …] in mm"],
    ["trial.pieces=left", "must be flanks or a list of rising pairs [[from, to], …] in mm"],
    ["recording.before=noon", "must be peak or a number in ms"],
    ["recording.level=0.6", "must be from 1 to 99 %"],
    ["confidence=100", "must be from 50 to 99.9 %"],
    ["crossing=exact", '"exact" (--set), but must be interpolated or as-coded.'],
    ["crossing=interpolate", "did you mean interpolated?"],
  ])("refuses propagation.%s", (setting, sentence) => {
    const { status, stderr } = mesoflow(cwd, "run", "propagation", "--set", `propagation.${setting}`);
    expect(status).toBe(2);
    expect(stderr).toContain(sentence);
    expect(stderr.trim().split("\n")).toHaveLength(1);
  });
});
