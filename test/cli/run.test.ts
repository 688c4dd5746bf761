// @module-tag process
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import {
  fast,
  isBuilt,
  jsonLines,
  mesoflow,
  printed,
  processTitle,
  summaryOf,
  workingFolders,
} from "../support/command-line.ts";

const folders = workingFolders();
afterAll(folders.clear);

describe.skipIf(!isBuilt)(processTitle("a run of the whole pipeline"), () => {
  const cwd = folders.make();
  const all = [
    "recording/example",
    ...["step-response/RS-cell", "step-response/FS-cell", "tf-simulation/RS-cell", "tf-simulation/FS-cell"],
    ...["tf-fit/RS-cell", "tf-fit/FS-cell", "fixed-point", "waveform-mean-field"],
    ...["network", "waveform-network", "network-comparison", "waveform-comparison"],
    ...["ring-trial/baseline", "ring-trial/slow-conduction", "ring-trial/brief-stimulus"],
    ...["ring-trial/wide-stimulus", "residual/baseline/example", "residual/slow-conduction/example"],
    ...["residual/brief-stimulus/example", "residual/wide-stimulus/example"],
    ...[
      "propagation/trial/baseline",
      "propagation/trial/slow-conduction",
      "propagation/trial/brief-stimulus",
    ],
    ...["propagation/trial/wide-stimulus", "propagation/recording/example", "scan", "inference"],
    ...["starts/example", "refinement", "refined-inference", "posterior"],
  ];
  const reached = ["baseline", "brief-stimulus", "wide-stimulus"];
  const slow = [
    ...reached.map((name) => `ring-trial/${name}`),
    ...reached.map((name) => `residual/${name}/example`),
    ...reached.map((name) => `propagation/trial/${name}`),
  ];
  const transient = ["waveform-mean-field", "waveform-network", "waveform-comparison"];
  const none = { failed: [], blocked: [], aborted: [] };

  it("executes everything the first time, nothing the second", () => {
    expect(summaryOf(cwd, ...fast)).toMatchObject({ event: "summary", executed: all, hits: [], ...none });
    const again = summaryOf(cwd, ...fast);
    expect(again).toMatchObject({ executed: [], hits: all, ...none });
  });

  it("executes exactly what a changed parameter reaches, and nothing when it is changed back", () => {
    expect(summaryOf(cwd, ...fast, "--set", "ring.v_c=50")).toMatchObject({ executed: slow, ...none });
    expect(summaryOf(cwd, ...fast)).toMatchObject({ executed: [], hits: all, ...none });
  });

  it("would do what it then does", () => {
    const changed = [...fast, "--set", "ring.v_c=70"];
    const preview = jsonLines(printed(cwd, "run", "--dry-run", "--json", ...changed));
    expect(preview.at(-1)).toMatchObject({ event: "summary", executed: [], toRun: slow });
    expect(preview[0]).toMatchObject({
      stage: "ring-trial/baseline",
      reasons: [{ kind: "parameter", path: "ring.v_c", from: 300, to: 70 }],
    });
    const text = printed(cwd, "run", "--dry-run", ...changed);
    expect(text).toMatch(/ring-trial\/baseline +would run .*ring\.v_c: 300 → 70 mm\/s/);
    expect(text).toMatch(/residual\/baseline\/example +waits .*it waits for ring-trial\/baseline/);
    expect(text).toMatch(
      /\n3 would run, 6 wait for others, 23 up to date\nabout <?\d+\.\d+ s of computing, going by earlier runs\n$/,
    );
    expect(preview.at(-1).cost).toEqual({ seconds: expect.any(Number), unknown: [] });
    expect(summaryOf(cwd, ...changed).executed).toEqual(slow);
  });

  it("runs what is named, and forces no more than that", () => {
    const { executed, hits } = summaryOf(cwd, "tf-fit", "--force", ...fast);
    expect(executed).toEqual(["tf-fit/RS-cell", "tf-fit/FS-cell"]);
    expect(hits).toEqual(["tf-simulation/RS-cell", "tf-simulation/FS-cell"]);
    expect(summaryOf(cwd, ...fast, "--", "fixed-point").hits.at(-1)).toBe("fixed-point");
  });

  it("tells every event as a line of JSON, and nothing else on stdout", () => {
    const { stdout, stderr } = mesoflow(cwd, "run", "--json", "--set", "waveform.amplitude=3", ...fast);
    const events = jsonLines(stdout);
    expect(stderr).toBe("");
    expect(events[0]).toMatchObject({ event: "planned", toRun: transient });
    const ofStage = events.filter(({ stage }) => stage === "waveform-mean-field").map(({ event }) => event);
    expect([ofStage[0], ofStage.at(-1)]).toEqual(["started", "finished"]);
  });

  it("prints lines on stderr and results on stdout where there is no terminal", () => {
    const { stdout, stderr, status } = mesoflow(cwd, "run", "--set", "waveform.amplitude=4", ...fast);
    expect(status).toBe(0);
    expect(stderr).toMatch(
      /^(ran waveform-(mean-field|network|comparison) {2}<?\d+\.\d+ s\n){3}3 stages ran, 29 up to date, in \d+\.\d+ s\n$/,
    );
    expect(stdout).toMatch(/spikes, step response of FS-cell +10 +10 +none/);
    expect(stdout).toContain("Coefficients: fit; reading: as-coded; CONFIG1 with RS-cell and FS-cell.");
    expect(stdout).toContain("come out with --profile notebook.");
    for (const text of [stdout, stderr]) expect(text).not.toContain("\u001b");
  });

  it("gives the same artifacts in any order and any number of jobs", () => {
    const other = folders.make();
    printed(other, "run", "residual", ...fast, "--jobs", "3");
    const contents = (folder: string) =>
      jsonLines(printed(folder, "status", "--json", ...fast))
        .filter(({ state }) => state === "fresh")
        .map(({ stage, content }) => [stage, content]);
    const known = new Map(contents(cwd) as [string, string][]);
    for (const [stage, content] of contents(other))
      expect([stage, content]).toEqual([stage, known.get(stage)]);
  });
});

describe.skipIf(!isBuilt)(processTitle("a run with the notebook's coefficients"), () => {
  it("gives the notebook's numbers", () => {
    const cwd = folders.make();
    const text = printed(cwd, "run", "fixed-point", "--profile", "notebook");
    expect(text).toMatch(/fixed point, first order, ν_e +2\.457196\d\d +2\.45719675 +-4\.\de-8 +Hz/);
    expect(text).toMatch(/fixed point, second order, c_ee +0\.09778797 +0\.09778797 +none +Hz²/);
    expect(text).toContain("Coefficients: notebook; reading: as-coded");
  });
});

describe.skipIf(!isBuilt)(processTitle("why"), () => {
  const cwd = folders.make();
  const why = (...args: string[]) => printed(cwd, "why", "--profile", "notebook", ...args).trimEnd();

  it("names the roots, with both values", () => {
    expect(why("ring-trial/baseline")).toBe(
      "ring-trial/baseline would run because\n  it has never run\n  it waits for fixed-point\n" +
        "no telling how long it takes: fixed-point and ring-trial/baseline never run before",
    );
    printed(cwd, "run", "residual/baseline", "--profile", "notebook");
    expect(why("ring-trial/baseline")).toMatch(
      /^ring-trial\/baseline is up to date; computed 20.* in .* s by run 20\S+$/,
    );
    expect(why("ring-trial/baseline", "--set", "ring.v_c=50")).toMatch(
      /^ring-trial\/baseline would run because ring\.v_c: 300 → 50 mm\/s\nabout .* of computing, going by earlier runs$/,
    );
    expect(why("residual", "--set", "ring.v_c=50").split("\n").slice(0, 3)).toEqual([
      "ring-trial/baseline would run because ring.v_c: 300 → 50 mm/s",
      "  → residual/baseline/example",
      "residual/baseline/example waits for ring-trial/baseline",
    ]);
    expect(jsonLines(why("residual/baseline", "--json", "--set", "ring.v_c=50")).at(-1)).toMatchObject({
      event: "why",
      stage: "residual/baseline/example",
      state: "waiting",
      causes: [
        {
          stage: "ring-trial/baseline",
          reasons: [{ kind: "parameter", path: "ring.v_c", from: 300, to: 50 }],
          way: ["ring-trial/baseline", "residual/baseline/example"],
        },
      ],
    });
  });

  it("names the last change of what is up to date", () => {
    const changed = ["ring-trial/baseline", "--set", "ring.v_c=50"];
    printed(cwd, "run", "--profile", "notebook", ...changed);
    expect(
      why(...changed)
        .split("\n")
        .at(-1),
    ).toBe("last change: ring.v_c: 300 → 50 mm/s");
    expect(why("ring-trial/baseline").split("\n").at(-1)).toBe(
      "unlike its last run: ring.v_c: 50 → 300 mm/s",
    );
    expect(why("residual/baseline", "--set", "ring.v_c=50").split("\n")).toEqual([
      "ring-trial/baseline has changed because ring.v_c: 300 → 50 mm/s",
      "  → residual/baseline/example",
      expect.stringMatching(
        /^residual\/baseline\/example would run because its input ring-trial\/baseline differs: /,
      ),
      expect.stringMatching(/^about .* of computing/),
    ]);
  });

  it("is what status tells in short", () => {
    const text = printed(cwd, "status", "ring-trial", "--profile", "notebook", "--set", "ring.tau1=40");
    expect(text).toMatch(
      /ring-trial\/baseline +would run +<?\d+\.\d+ s +ring\.tau1: 50 → 40 ms; ring\.v_c: 50 → 300 mm\/s/,
    );
    expect(text).toMatch(/ring-trial\/wide-stimulus +would run +it has never run/);
    const lines = jsonLines(
      printed(cwd, "status", "ring-trial", "fixed-point", "--profile", "notebook", "--json"),
    );
    expect(lines[0]).toMatchObject({ stage: "fixed-point", state: "fresh", reasons: [] });
    expect(lines.at(-1)).toMatchObject({
      event: "status",
      fresh: ["fixed-point", "ring-trial/baseline"],
      broken: [],
    });
  });

  it("can be drawn", () => {
    const text = printed(cwd, "graph", "residual/baseline", "--profile", "notebook");
    expect(text).toMatch(
      /^■ coefficients notebook RS-cell\n└─ ● fixed-point {2}<?\d\.\d+ s {2}← coefficients notebook FS-cell\n/m,
    );
    expect(text.match(/residual\/baseline\/example/g)).toHaveLength(1);
    expect(text).not.toContain("\u001b");
    const facts = jsonLines(printed(cwd, "graph", "--profile", "notebook", "--json"));
    const edges = facts.slice(0, -1).flatMap(({ inputs }) => inputs).length;
    expect(facts.at(-1)).toEqual({ event: "graph", nodes: facts.length - 1, edges });
    expect(facts.find(({ name }) => name === "fixed-point")).toEqual({
      ...{ name: "fixed-point", kind: "stage", state: "fresh", seconds: expect.any(Number) },
      inputs: ["coefficients notebook RS-cell", "coefficients notebook FS-cell"],
    });
    expect(printed(cwd, "graph", "--format", "mermaid")).toMatch(/^flowchart LR\n/);
    expect(printed(cwd, "graph", "--format", "dot")).toMatch(/^digraph mesoflow \{\n/);
    const svg = printed(cwd, "graph", "--format", "svg", "fixed-point");
    expect(svg).toMatch(/^<svg xmlns="[\s\S]*<\/svg>\n$/);
    const { stdout, stderr } = mesoflow(cwd, "graph", "--format", "svg", "--out", "graph.svg", "fixed-point");
    expect([stdout, stderr]).toEqual(["", "wrote graph.svg\n"]);
    expect(readFileSync(join(cwd, "graph.svg"), "utf8")).toBe(svg);
    expect(mesoflow(cwd, "graph", "--out", "nowhere/graph.txt").status).toBe(2);
  });
});
