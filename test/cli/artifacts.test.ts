// @module-tag process
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { decodeNpz } from "../../data/npz.ts";
import { hasNumpy, python } from "../data/python.ts";
import { titled } from "../golden.ts";
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

describe.skipIf(!isBuilt)(processTitle("artifacts"), () => {
  const cwd = folders.make();
  const notebook = ["--profile", "notebook"];
  beforeAll(() => {
    printed(
      cwd,
      "run",
      "fixed-point",
      "step-response/RS-cell",
      "ring-trial/baseline",
      "recording",
      ...notebook,
    );
  });

  it("are shown as their contract says", () => {
    const shown = jsonLines(
      printed(cwd, "show", "fixed-point", "step-response/RS-cell", "--json", ...notebook),
    );
    expect(shown.map(({ stage }) => stage)).toEqual(["step-response/RS-cell", "fixed-point"]);
    expect(shown[1]).toEqual({
      stage: "fixed-point",
      key: expect.stringMatching(/^[0-9a-f]{64}$/),
      content: expect.stringMatching(/^[0-9a-f]{64}$/),
      values: { stable: true, second_order_exists: true },
      arrays: expect.objectContaining({
        first_order: {
          dtype: "float64",
          ...{ shape: [2], dims: ["population"], units: "Hz" },
          min: expect.closeTo(2.45719671, 7),
          max: expect.closeTo(9.64063889, 7),
          mean: expect.closeTo(6.0489178, 6),
        },
      }),
    });
    expect(shown[0].arrays.spike_times).toMatchObject({ shape: [4], dims: ["spike"], units: "ms" });

    const text = printed(cwd, "show", "step-response/RS-cell", ...notebook);
    expect(text).toContain("current_pA  200");
    expect(text).toMatch(/V_positive +float64 +time 70000 +mV +-71\.\d+ +-40\.\d+ +-59\.\d+/);
    expect(text).toContain(`key ${shown[0].key}`);
  });

  it("that are not computed yet name the command that does it", () => {
    const options = [...notebook, "--set", "ring.v_c=50", "--set", "residual.t_range=[-40, 100]"];
    for (const command of [["show"], ["show", "--json"], ["export"]]) {
      const { status, stdout, stderr } = mesoflow(cwd, ...command, "ring-trial/baseline", ...options);
      expect({ status, stdout, stderr }).toEqual({
        status: 1,
        stdout: "",
        stderr:
          "ring-trial/baseline is not computed yet under this configuration: mesoflow run ring-trial/baseline " +
          "--profile notebook --set ring.v_c=50 --set 'residual.t_range=[-40, 100]' does it.\n",
      });
    }
  });

  it("are exported as NPZ, every array and number under its name", () => {
    const text = printed(cwd, "export", "ring-trial/baseline", "--out", "ring.npz", ...notebook);
    expect(text).toMatch(/^wrote ring-trial\/baseline to ring\.npz \(npz, .* [kM]B\)\n$/);
    const arrays = decodeNpz(readFileSync(join(cwd, "ring.npz")), "ring.npz");
    expect(Object.keys(arrays).sort()).toEqual(
      ["delta_V", "extent", "nu_aff", "nu_e", "nu_i", "space", "time"].sort(),
    );
    expect(arrays.delta_V!.shape).toEqual([1200, 30]);
    expect(arrays.extent).toEqual({ data: Float64Array.of(36), shape: [] });
  });

  it.skipIf(!hasNumpy)(titled("open in NumPy", hasNumpy, "python3 with numpy"), () => {
    printed(cwd, "export", "ring-trial/baseline", "--out", "numpy.npz", ...notebook);
    const told = python(
      "import sys, numpy; a = numpy.load(sys.argv[1]); print(a['delta_V'].shape, a['delta_V'].max(), float(a['extent']))",
      join(cwd, "numpy.npz"),
    );
    const shown = jsonLines(printed(cwd, "show", "ring-trial/baseline", "--json", ...notebook)).at(-1);
    expect(told).toBe(`(1200, 30) ${shown.arrays.delta_V.max} 36.0\n`);
  });

  it("are exported as JSON and CSV", () => {
    printed(cwd, "export", "ring-trial/baseline", "--out", "ring.json", ...notebook);
    const { stage, values, arrays } = JSON.parse(readFileSync(join(cwd, "ring.json"), "utf8"));
    expect({ stage, values }).toEqual({ stage: "ring-trial/baseline", values: { extent: 36 } });
    expect(arrays.delta_V).toMatchObject({ dtype: "float64", dims: ["time", "space"], units: "1" });
    expect([arrays.delta_V.data.length, arrays.delta_V.data[0].length]).toEqual([1200, 30]);

    printed(cwd, "export", "fixed-point", "--format", "csv", "--out", "table", ...notebook);
    expect(readFileSync(join(cwd, "table"), "utf8")).toMatch(/^eigenvalue,eigenvalues,/);
  });

  it("are exported under their own names, several at once", () => {
    const lines = jsonLines(
      printed(cwd, "export", "fixed-point", "recording", "--format", "json", "--json", ...notebook),
    );
    expect(lines.map(({ event, stage, file, format }) => ({ event, stage, file, format }))).toEqual([
      { event: "exported", stage: "recording/example", file: "recording-example.json", format: "json" },
      { event: "exported", stage: "fixed-point", file: "fixed-point.json", format: "json" },
    ]);
  });

  it.each([
    [
      ["--out", "none/a.npz"],
      /^none\/a\.npz cannot be written: the folder .*none does not exist; choose another/,
    ],
    [["--out", "folder.npz"], /^folder\.npz cannot be written: it is a folder; choose another/],
    [
      ["--out", "a.dat"],
      /^The format of a\.dat cannot be told from its name: add --format npz, csv, json or zarr\.$/,
    ],
    [
      ["recording", "--out", "a.npz"],
      /^--out a\.npz names one file, but fixed-point recording are 2 stages\.$/,
    ],
  ])("are not written to %j, nor half of them", (args, sentence) => {
    if (args.includes("folder.npz")) printed(cwd, "run", "fixed-point", "--cache", "folder.npz", ...notebook);
    const before = readdirSync(cwd);
    const { status, stdout, stderr } = mesoflow(cwd, "export", "fixed-point", ...args, ...notebook);
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr.trimEnd()).toMatch(sentence);
    expect(readdirSync(cwd)).toEqual(before);
  });

  it("are listed with the cache, newest first", () => {
    const lines = jsonLines(printed(cwd, "cache", "ls", "--json"));
    const results = lines.slice(0, -1);
    expect(results.map(({ stage }) => stage)).toEqual(
      expect.arrayContaining(["fixed-point", "recording/example"]),
    );
    expect(results.map(({ at }) => at)).toEqual(
      results
        .map(({ at }) => at)
        .sort()
        .reverse(),
    );
    expect(lines.at(-1)).toEqual({ event: "cache", folder: ".mesoflow", results: results.length });
    expect(printed(cwd, "cache", "ls")).toMatch(/fixed-point +[0-9a-f]{12} +[0-9a-f]{12} +\d/);
    expect(jsonLines(printed(cwd, "cache", "stats", "--json"))).toEqual([
      {
        ...{ event: "cache", folder: ".mesoflow", results: results.length },
        chunks: 0,
        artifacts: results.length + 3, // with the file and both coefficients
        ...{ bytes: expect.any(Number), allocated: expect.any(Number), seconds: expect.any(Number) },
      },
    ]);
    expect(printed(cwd, "cache", "stats")).toContain(
      `${results.length} results, ${results.length + 3} artifacts with their sources`,
    );
    expect(printed(folders.make(), "cache", "ls")).toBe("no results in .mesoflow\n");
  });
});

describe.skipIf(!isBuilt)(processTitle("commands that only look"), () => {
  it("make no cache folder", () => {
    const cwd = folders.make();
    for (const args of [
      ["status"],
      ["graph"],
      ["why", "fixed-point"],
      ["run", "--dry-run"],
      ["cache", "stats"],
    ]) {
      printed(cwd, ...args);
    }
    expect(mesoflow(cwd, "show", "fixed-point").status).toBe(1);
    expect(readdirSync(cwd)).toEqual([]);
  });
});
