// @module-tag process
import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { exampleRecording } from "../../data/example.ts";
import { readRecording } from "../../data/recording-file.ts";
import { writeRecording } from "../../data/recording-mat.ts";
import {
  fast,
  isBuilt,
  jsonLines,
  mesoflow,
  printed,
  processTitle,
  workingFolders,
} from "../support/command-line.ts";

const folders = workingFolders();
afterAll(folders.clear);

describe.skipIf(!isBuilt)(processTitle("refinement over recordings"), () => {
  const cwd = folders.make();
  const bundled = fileURLToPath(exampleRecording);
  const settings = [...fast, "--profile", "notebook", "--set", "recordings=*.mat"];

  it("another recording runs its own search only", () => {
    copyFileSync(bundled, join(cwd, "a.mat"));
    const parts = () =>
      jsonLines(printed(cwd, "run", "--json", "refinement", ...settings))
        .filter(({ event, stage }) => event === "part" && stage === "refinement")
        .map(({ key }) => key);
    const alone = parts();
    expect(alone).toHaveLength(1);
    // Twice the signal is another recording, of the same shape.
    const { vsd, time, space } = readRecording(readFileSync(bundled), "a.mat");
    writeFileSync(
      join(cwd, "b.mat"),
      writeRecording({ stim1: vsd.map((value) => (2 * value) / 1e3), time, space }),
    );
    const both = parts();
    expect(both).toHaveLength(2);
    expect(both).toContain(alone[0]);
    printed(cwd, "export", "refinement", "--format", "json", "--out", "refined.json", ...settings);
    const { arrays, values } = JSON.parse(readFileSync(join(cwd, "refined.json"), "utf8"));
    expect(values.recording).toEqual(["a", "b"]);
    expect(arrays.v_c).toMatchObject({ dims: ["recording"], units: "mm/s" });
    expect(arrays.residual.data[0]).toBe(arrays.residual.data[1]);
    expect(arrays.residual.data[0]).toBeLessThanOrEqual(arrays.scan_residual.data[0]);
  });

  it.each([
    ["refinement.evaluations=3", /refinement.evaluations is 3 .*from 20 to 100000: simulations of the ring/],
    ["refinement.seed=-1", /refinement.seed is -1 .*from 0 to 4294967295: seed of the search/],
    ["refinement.starts=0", /refinement.starts is 0 .*from 1 to 100: best points of the scan/],
  ])("refuses %s in a sentence", (setting, sentence) => {
    const { status, stderr } = mesoflow(cwd, "run", "refinement", "--set", setting);
    expect(status).toBe(2);
    expect(stderr).toMatch(sentence);
  });
});
