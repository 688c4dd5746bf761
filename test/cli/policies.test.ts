// @module-tag process
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { configure } from "../../cli/configuration/configuration.ts";
import { dependentsOf } from "../../cli/session/targets.ts";
import { cortex } from "../../stages/cortex.ts";
import {
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
const notebook = ["--profile", "notebook"];

describe.skipIf(!isBuilt)(processTitle("a run that is forced"), () => {
  const cwd = folders.make();
  const whole = ["residual", "waveform-mean-field", ...notebook];
  const trials = ["baseline", "slow-conduction", "brief-stimulus", "wide-stimulus"];
  const below = [
    ...trials.map((name) => `ring-trial/${name}`),
    ...trials.map((name) => `residual/${name}/example`),
    ...trials.map((name) => `propagation/trial/${name}`),
  ];
  beforeAll(() => void summaryOf(cwd, ...whole));

  it("runs the named stages alone; what needs them stays as it is where they come out the same", () => {
    expect(summaryOf(cwd, "fixed-point", "--force", ...notebook)).toMatchObject({
      ...{ executed: ["fixed-point"], hits: [] },
    });
    expect(summaryOf(cwd, ...whole).executed).toEqual([]);
  });

  it("with its dependents runs everything downstream in the whole graph, and nothing else", () => {
    const { executed, hits } = summaryOf(cwd, "fixed-point", "--force-dependents", ...notebook);
    expect(executed).toEqual(expect.arrayContaining(["fixed-point", "waveform-mean-field", ...below]));
    expect(hits).toEqual(["recording/example"]);
    const trial = summaryOf(cwd, "ring-trial/baseline", "--force-dependents", ...notebook);
    expect(trial.executed).toEqual([
      ...["ring-trial/baseline", "residual/baseline/example", "propagation/trial/baseline"],
    ]);
  });

  it("tells before what it would do", () => {
    const dry = (...args: string[]) =>
      jsonLines(printed(cwd, "run", "--dry-run", "--json", "recording", ...args, ...notebook)).at(-1).toRun;
    expect(dry()).toEqual([]);
    expect(dry("--force")).toEqual(["recording/example"]);
    expect(dry("--force-dependents")).toEqual(
      expect.arrayContaining(["recording/example", ...trials.map((name) => `residual/${name}/example`)]),
    );
    expect(dry("--force-dependents")).not.toContain("fixed-point");
    expect(printed(cwd, "run", "--help")).toMatch(
      /--force-dependents +run the named stages and all that needs/,
    );
  });

  it("knows what needs what", () => {
    const graph = cortex(configure([]).configuration, []);
    const named = graph.filter(({ name }) => name.startsWith("tf-fit/"));
    const needing = dependentsOf(named, graph).map(({ name }) => name);
    expect(needing).toEqual(
      expect.arrayContaining([
        ...["fixed-point", "waveform-mean-field", ...trials.map((name) => `ring-trial/${name}`)],
      ]),
    );
    for (const other of ["tf-fit", "tf-simulation", "step-response", "recording"]) {
      expect(needing.filter((name) => name.startsWith(other))).toEqual([]);
    }
    expect(dependentsOf(graph, graph)).toEqual([]);
  });
});

describe.skipIf(!isBuilt)(processTitle("a run in which something fails"), () => {
  const cwd = folders.make();
  const bad = ["ring-trial", "residual", "--set", "recordings=bad.mat", ...notebook];
  const names = ["baseline", "slow-conduction", "brief-stimulus", "wide-stimulus"];
  const trials = names.map((name) => `ring-trial/${name}`);
  const blocked = names.map((name) => `residual/${name}/bad`);
  beforeAll(() => writeFileSync(join(cwd, "bad.mat"), "no recording"));

  it("stops, or goes on with what does not depend on it, and tells what is blocked by what", () => {
    const stopped = mesoflow(cwd, "run", "--json", ...bad);
    expect(stopped.status).toBe(2);
    const first = jsonLines(stopped.stdout).at(-1);
    expect(first).toMatchObject({ failed: ["recording/bad"], blocked });
    // How far the others came when the recording failed is up to the machine.
    expect([...first.executed, ...first.aborted]).toEqual(expect.arrayContaining(trials));

    const { status, stdout, stderr } = mesoflow(cwd, "run", "--json", "--keep-going", ...bad);
    const events = jsonLines(stdout);
    expect(status).toBe(2);
    expect(stderr).toMatch(/^failed recording\/bad: bad\.mat is no MATLAB file: .*\n$/);
    expect(events.at(-1)).toMatchObject({ failed: ["recording/bad"], blocked, aborted: [] });
    expect([...events.at(-1).executed, ...events.at(-1).hits]).toEqual(expect.arrayContaining(trials));
    for (const stage of blocked) {
      expect(events).toContainEqual({ event: "blocked", stage, by: ["recording/bad"] });
    }
    const lines = mesoflow(cwd, "run", "--keep-going", ...bad).stderr.split("\n");
    expect(lines).toContain("blocked residual/baseline/bad by recording/bad");
    expect(lines.at(-2)).toMatch(/^0 stages ran, \d+ up to date, 1 failed, 4 blocked, in /);
  });
});
