// @module-tag process
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { exampleRecording } from "../../data/example.ts";
import { writeRecording } from "../../data/recording-mat.ts";
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

describe.skipIf(!isBuilt)(processTitle("recordings"), () => {
  const cwd = folders.make();
  mkdirSync(join(cwd, "files"));
  writeFileSync(join(cwd, "files", "good.mat"), good);
  for (const [name, bytes] of Object.entries(bad)) writeFileSync(join(cwd, `${name}.mat`), bytes);

  it("are told file by file, the bad ones with a sentence each", () => {
    expect(printed(cwd, "recording", "files")).toContain("  peak      2.1 ‰ at 50 ms, 2 mm\n");
    expect(printed(cwd, "recording", "files", "--set", "ring.pixels=60")).toContain(
      "of 60 units of the ring",
    );
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

describe.skipIf(!isBuilt)(processTitle("recordings in other formats"), () => {
  const cwd = folders.make();
  const example = fileURLToPath(exampleRecording);
  const from = (files: string, cache: string, ...more: string[]) => [
    "--profile",
    "notebook",
    "--set",
    `recordings=${files}`,
    "--cache",
    cache,
    ...more,
  ];
  const write = (file: string, text: string | Uint8Array) => writeFileSync(join(cwd, file), text);

  beforeAll(() => {
    for (const folder of ["mixed", "mixed/deep", "others"]) mkdirSync(join(cwd, folder));
    copyFileSync(example, join(cwd, "original.mat"));
    printed(cwd, "run", "recording", ...from("original.mat", "first"));
    for (const format of ["npz", "csv"]) {
      printed(
        cwd,
        "export",
        "recording/original",
        "--out",
        `copy.${format}`,
        ...from("original.mat", "first"),
      );
    }
    copyFileSync(join(cwd, "original.mat"), join(cwd, "mixed/a.mat"));
    copyFileSync(join(cwd, "copy.npz"), join(cwd, "mixed/B.NPZ"));
    copyFileSync(join(cwd, "copy.csv"), join(cwd, "mixed/deep/c.csv"));
    write("mixed/table.csv", "cell,mean,sd\r\n1,2,3\r\n");
    write("mixed/notes.txt", "nothing");
    write("others/table.csv", "cell,mean,sd\n");
  });

  it("give the same residual and the same artifacts as the original, each computed from its own file", () => {
    const shown = ["original.mat", "copy.npz", "copy.csv"].map((file) => {
      const name = file.replace(/\..*/, "");
      const args = from(file, `cache-${file}`);
      const stages = [`recording/${name}`, `residual/baseline/${name}`];
      const { executed } = jsonLines(printed(cwd, "run", "residual/baseline", "--json", ...args)).at(-1);
      expect(executed).toEqual(expect.arrayContaining(stages));
      const lines = jsonLines(printed(cwd, "show", ...stages, "--json", ...args));
      return lines.flatMap(({ stage, content, values }) =>
        stages.includes(stage) ? { content, values } : [],
      );
    });
    const [original, ...copies] = shown;
    expect(original).toEqual([
      { content: expect.stringMatching(/^[0-9a-f]{64}$/), values: { missing: 0 } },
      { content: expect.stringMatching(/^[0-9a-f]{64}$/), values: { residual: expect.any(Number) } },
    ]);
    expect(copies).toEqual([original, original]);
  });

  it("are taken from a folder by their looks, from deeper ones with **, and what is left out is told", () => {
    const { status, stdout, stderr } = mesoflow(cwd, "recording", "mixed/**", "--json");
    expect(status).toBe(0);
    const lines = jsonLines(stdout);
    expect(lines.map(({ name, sameAs }) => [name, sameAs?.equal])).toEqual([
      ["B", undefined],
      ["a", "measurement"],
      ["c", "measurement"],
      [undefined, undefined],
    ]);
    expect(lines.at(-1)).toEqual({
      ...{ event: "summary", recordings: 3, failed: 0, same: 2 },
      leftOut: [join("mixed", "table.csv")],
    });
    expect(stderr.trimEnd().split("\n")).toEqual([
      `Left out ${join("mixed", "table.csv")}: row 1, column 2 of table.csv is "mean"; a recording begins with the names space, time and vsd, or with times in ms from column 2 on.`,
      "2 recordings are the same as another one: each would count twice in scan and in the mean, SD and tests of inference; leave it out.",
    ]);
    expect(printed(cwd, "recording", "mixed")).not.toContain("c.csv");
    // Who names a file wants it read.
    const named = mesoflow(cwd, "recording", "mixed/table.csv", "mixed/a.mat");
    expect(named).toMatchObject({ status: 2, stdout: expect.stringMatching(/^a {2}/) });
    expect(named.stderr).toContain('row 1, column 2 of table.csv is "mean"; ');
    expect(mesoflow(cwd, "recording", "others").stderr).toMatch(
      /^The folder others holds no recordings: there is no \.mat, \.npz or \.csv file of one in it\. Left out .*\n$/,
    );
    expect(mesoflow(cwd, "recording", "a.mat,b.mat").stderr).toContain(
      `; several are written as '["a.mat","b.npz"]'.`,
    );
  });

  it("are warned of once where they are the same measurement, whatever is run", () => {
    const same =
      "recording/a and recording/c are the same measurement: it would count twice in scan and in the mean, SD and " +
      "tests of inference; leave one of them.";
    const args = from('["mixed/a.mat","mixed/deep"]', "twins");
    const said = (stderr: string) => stderr.split("\n").filter((line) => line === same);
    expect(said(mesoflow(cwd, "run", "recording", ...args).stderr)).toEqual([same]);
    for (const jobs of ["1", "2"]) {
      const { stdout, stderr } = mesoflow(cwd, "run", "residual/baseline", "--json", "--jobs", jobs, ...args);
      expect(said(stderr)).toEqual([same]);
      const warnings = jsonLines(stdout).filter(({ event }) => event === "warning");
      expect(warnings).toEqual([{ event: "warning", stages: ["recording/a", "recording/c"], message: same }]);
    }
    // What needs no recording is no matter of recordings.
    expect(said(mesoflow(cwd, "run", "ring-trial/baseline", ...args).stderr)).toEqual([]);
    const left = jsonLines(printed(cwd, "run", "recording", "--json", ...from("mixed", "left")));
    expect(left.filter(({ event }) => event === "warning")).toMatchObject([
      { stages: [], message: expect.stringMatching(/^Left out mixed.table\.csv: /) },
      { stages: ["recording/B", "recording/a"] },
    ]);
  });

  it("may not go by one name in a run, but are shown", () => {
    const { status, stdout, stderr } = mesoflow(cwd, "recording", "copy.npz", "copy.csv");
    expect({ status, shown: stdout.match(/^copy {2}copy\.(csv|npz)$/gm) }).toEqual({
      status: 2,
      shown: ["copy  copy.csv", "copy  copy.npz"],
    });
    expect(stderr).toContain("would both be called copy; rename one of them or leave it out.");
    expect(stdout).toContain("  same      as copy.csv: another file of the same measurement\n");
    const run = mesoflow(cwd, "run", "recording", ...from('["copy.npz","copy.csv"]', "none"));
    expect(run).toMatchObject({
      status: 2,
      stdout: "",
      stderr: expect.stringContaining("would both be called copy"),
    });
  });

  it("that are damaged fail with one sentence, also among good ones in a folder", () => {
    mkdirSync(join(cwd, "damaged"));
    copyFileSync(join(cwd, "original.mat"), join(cwd, "damaged/good.mat"));
    write("damaged/short.npz", readFileSync(join(cwd, "copy.npz")).subarray(0, 5000));
    write("damaged/ragged.csv", "space,0,10\n0,1,2\n1,1\n");
    write("damaged/text.csv", "space,0,10\n0,1,2\n1,1,x\n");
    const { status, stdout, stderr } = mesoflow(cwd, "recording", "damaged", "--json");
    expect(status).toBe(2);
    expect(jsonLines(stdout)).toMatchObject([{ name: "good" }, { recordings: 1, failed: 3, leftOut: [] }]);
    expect(stderr.trimEnd().split("\n")).toEqual([
      "row 3 of ragged.csv ends with column 2, but row 1 has 3 columns; give every row a cell for each.",
      "short.npz is no NPZ file or damaged; save it again.",
      'row 3, column 3 of text.csv is "x", which is no number; leave the cell blank where nothing was measured.',
    ]);
    const run = mesoflow(cwd, "run", "recording", "--keep-going", ...from("damaged", "some"));
    expect(run.status).toBe(2);
    expect(run.stderr).toContain(
      "failed recording/short: short.npz is no NPZ file or damaged; save it again.",
    );
    expect(run.stderr).toContain("1 stage ran, 0 up to date, 3 failed");
  });
});
