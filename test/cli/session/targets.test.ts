import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { configure } from "../../../cli/configuration/configuration.ts";
import { filesOf, recordingsOf } from "../../../cli/recordings/recordings.ts";
import { targetsIn } from "../../../cli/session/targets.ts";
import { cortex } from "../../../stages/cortex.ts";

const graph = cortex(configure([]).configuration, [
  { name: "example", file: "example.mat", read: async () => new Uint8Array() },
]);
const chosen = (...patterns: string[]) => targetsIn(graph, patterns).map(({ name }) => name);

describe("stages", () => {
  it("are all of them unless named", () => {
    expect(chosen()).toHaveLength(graph.length);
  });

  it.each([
    [["fixed-point"], ["fixed-point"]],
    [["tf-fit"], ["tf-fit/RS-cell", "tf-fit/FS-cell"]],
    [["tf-*/RS-cell"], ["tf-simulation/RS-cell", "tf-fit/RS-cell"]],
    [["residual/baseline"], ["residual/baseline/example"]],
    [
      ["residual/**/example"],
      ["baseline", "slow-conduction", "brief-stimulus", "wide-stimulus"].map(residual),
    ],
    [["residual/*"], ["baseline", "slow-conduction", "brief-stimulus", "wide-stimulus"].map(residual)],
    [["ring-trial/{baseline,wide-*}"], ["ring-trial/baseline", "ring-trial/wide-stimulus"]],
    [
      ["fixed-point", "tf-fit/RS-cell", "fixed-*"],
      ["tf-fit/RS-cell", "fixed-point"],
    ],
  ])("%j are chosen once, in the graph's order", (patterns, names) => {
    expect(chosen(...patterns)).toEqual(names);
  });

  it("are all matched by a star", () => {
    expect(chosen("*")).toHaveLength(graph.length);
  });

  it.each([
    ["!tf-*", "No stage is called !tf-*: did you mean tf-fit?"],
    ["ring-trail/*", "No stage is called ring-trail/*: did you mean ring-trial?"],
    ["fixedpoint", "No stage is called fixedpoint: did you mean fixed-point?"],
    ["residue/*", "No stage is called residue/*: did you mean residual?"],
    [
      "residual/baseline/exmple",
      "No stage is called residual/baseline/exmple: did you mean residual/baseline/example?",
    ],
    ["", 'No stage is called "": mesoflow status lists them all.'],
    ["qqqqqqqq", "No stage is called qqqqqqqq: mesoflow status lists them all."],
    ["**q", "No stage is called **q: mesoflow status lists them all."],
  ])("%j is nobody's name", (pattern, sentence) => {
    expect(() => chosen("fixed-point", pattern)).toThrow(sentence);
  });

  function residual(variant: string): string {
    return `residual/${variant}/example`;
  }
});

describe("recordings", () => {
  const folder = mkdtempSync(join(tmpdir(), "mesoflow-recordings-"));
  afterAll(() => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, "b"));
  mkdirSync(join(folder, "none"));
  for (const file of ["Z.mat", "a.mat", "b/c.mat", "b/notes.txt"]) writeFileSync(join(folder, file), file);
  const found = async (...patterns: string[]) =>
    (await filesOf(patterns.map((pattern) => join(folder, pattern)))).files.map((path) =>
      path.slice(folder.length + 1),
    );

  it("are the bundled example unless given", async () => {
    const { recordings } = await recordingsOf(undefined);
    expect(recordings.map(({ name, file }) => [name, file])).toEqual([["example", "example.mat"]]);
    expect((await recordings[0]!.read()).length).toBeGreaterThan(1000);
  });

  it("are files, globs and folders, sorted by code units, each once", async () => {
    expect(await found("a.mat", "*.mat", "b")).toEqual(["Z.mat", "a.mat", "b/c.mat"]);
    expect(await found("**/*.mat")).toEqual(["Z.mat", "a.mat", "b/c.mat"]);
    const { recordings } = await recordingsOf([join(folder, "b"), join(folder, "a.mat")]);
    expect(recordings.map(({ name }) => name)).toEqual(["a", "c"]);
    expect(Buffer.from(await recordings[1]!.read()).toString()).toBe("b/c.mat");
  });

  it.each([
    ["missing.mat", "does not exist (looked for "],
    ["none", "holds no recordings: there is no .mat, .npz or .csv file of one in it."],
    ["none/*.mat", "patterns are relative to the working folder"],
  ])("that are not there are told: %s", async (pattern, sentence) => {
    const refused = await found(pattern).catch((thrown) => thrown);
    expect(refused.name).toBe("BadInput");
    expect(refused.message).toContain(join(folder, pattern));
    expect(refused.message).toContain(sentence);
  });

  it("that cannot be read are told when they are read", async () => {
    const file = join(folder, "gone.mat");
    writeFileSync(file, "");
    const { recordings } = await recordingsOf(file);
    const [recording] = recordings;
    rmSync(file);
    await expect(recording!.read()).rejects.toThrow(
      `The recording ${file} cannot be read: it does not exist.`,
    );
    expect(recording!.file).toBe(basename(file));
  });
});
