// @module-tag process
import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { closeSync, existsSync, openSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import {
  isBuilt,
  jsonLines,
  main,
  mesoflow,
  printed,
  processTitle,
  start,
  workingFolders,
} from "../support/command-line.ts";

const folders = workingFolders();
afterAll(folders.clear);

describe.skipIf(!isBuilt)(processTitle("wrong usage"), () => {
  const cwd = folders.make();
  writeFileSync(join(cwd, "file"), "");

  it.each([
    [["rnu"], "Unknown command rnu: did you mean run (see mesoflow --help)?"],
    [["run", "--froce"], "Unknown option --froce: did you mean --force (see mesoflow run --help)?"],
    [
      ["run", "--dry-run=yes", "fixed-point"],
      "--dry-run is yes, but takes no value: give --dry-run, or leave it out (see mesoflow run --help).",
    ],
    [
      ["cache", "gc", "--dry-run="],
      '--dry-run is "", but takes no value: give --dry-run, or leave it out (see mesoflow cache gc --help).',
    ],
    [["--help=me"], "--help is me, but takes no value: give --help, or leave it out (see mesoflow --help)."],
    [
      ["run", "--json=maybe"],
      "--json is maybe, but takes no value: give --json, or leave it out (see mesoflow run --help).",
    ],
    [
      ["run", "--content", "file"],
      "--content file is for stages that run elsewhere: give --executor redis://host:port/db with it, or leave it out.",
    ],
    [["run", "--executor="], "--executor is empty: give it a value, or leave it out."],
    [["run", "--cache", ""], "--cache is empty: give it a value, or leave it out."],
    [["run", "--set"], "--set needs a value (see mesoflow run --help)."],
    [["--", "run"], "Name a command (see mesoflow --help)."],
    [["cache", "--", "ls"], "Name what to do with the cache (see mesoflow cache --help)."],
    [["graph", "--format"], "--format needs a value (see mesoflow graph --help)."],
    [["export", "fixed-point", "--format"], "--format needs a value (see mesoflow export --help)."],
    [["run", "--set", "recordings="], "The name of a recording is empty: name a file, a folder or a glob;"],
    [["recording", ""], "The name of a recording is empty: name a file, a folder or a glob;"],
    [["cache"], "Name what to do with the cache (see mesoflow cache --help)."],
    [
      ["why"],
      "mesoflow why needs stages by name, by the beginning of their names, or by glob (see mesoflow why --help).",
    ],
    [
      ["graph", "--format", "pdf"],
      '--format is "pdf", but must be text, mermaid, dot or svg (see mesoflow graph --help).',
    ],
    [
      ["run", "--jobs", "many"],
      "--jobs is many, but must be a whole number from 1 on: how many stages may run at once.",
    ],
    [["run", "--set", "ring.vc=50"], "Unknown configuration path ring.vc (--set): did you mean ring.v_c?"],
    [
      ["run", "--set", "ring.v_c=-5"],
      "ring.v_c is -5 mm/s (--set), but must be above 0 and at most 1000000 mm/s: conduction velocity.",
    ],
    [["run", "--profile", "paper2"], "Unknown profile paper2 (--profile): did you mean"],
    [
      ["run", "--config", "none.json"],
      "The configuration file none.json (--config) cannot be read: it does not exist.",
    ],
    [["run", "fixed-pont"], "No stage is called fixed-pont: did you mean fixed-point?"],
    [["status", "ring-trial/*x"], "No stage is called ring-trial/*x: did you mean ring-trial?"],
    [["run", "--set", "recordings=none.mat"], "The recording none.mat does not exist (looked for "],
    [["run", "--set", "recordings=none/*.mat"], "No recording matches none/*.mat;"],
    [
      ["run", "--profile", "notebook", "--set", "reading=as-published"],
      "The coefficients of RS-cell were fitted under the reading as-coded and cannot be used under as-published:",
    ],
    [
      ["run", "--profile", "notebook", "--set", "cells.exc=LIF"],
      "coefficients=notebook are those of RS-cell and FS-cell",
    ],
    [["run", "--cache", "file/cache"], "Cannot write the cache folder "],
    [["recording", "none.mat"], "The recording none.mat does not exist (looked for "],
  ])("%j is told in one sentence", (args, sentence) => {
    const { status, stdout, stderr } = mesoflow(cwd, ...args, "--json");
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr.startsWith(sentence), stderr).toBe(true);
    expect(stderr.trimEnd().split("\n")).toHaveLength(1);
    expect(readdirSync(cwd)).toEqual(["file"]);
  });

  it("without any command is told by the help text", () => {
    const { status, stdout, stderr } = mesoflow(cwd);
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toContain("mesoflow run [stage..]");
  });
});

describe.skipIf(!isBuilt)(processTitle("options that take no value"), () => {
  const cwd = folders.make();

  it("may be given true or false all the same", () => {
    const args = ["run", "step-response"];
    expect(jsonLines(printed(cwd, ...args, "--json=true", "--dry-run=true")).at(-1).executed).toEqual([]);
    expect(printed(cwd, ...args, "--json=false", "--dry-run")).toContain("would run");
    expect(existsSync(join(cwd, ".mesoflow"))).toBe(false);
  });

  it("are no options behind --", () => {
    const { status, stderr } = mesoflow(cwd, "run", "--", "--json=maybe");
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr: "No stage is called --json=maybe: mesoflow status lists them all.\n",
    });
  });
});

describe.skipIf(!isBuilt)(processTitle("help"), () => {
  const cwd = folders.make();

  it("names every command, option and an example", () => {
    const text = printed(cwd, "--help");
    for (const word of [
      "run",
      "status",
      "why",
      "graph",
      "show",
      "export",
      "recording",
      "cache",
      "completion",
    ]) {
      expect(text).toContain(`mesoflow ${word}`);
    }
    for (const option of ["config", "profile", "set", "cache", "jobs", "json"])
      expect(text).toContain(`--${option}`);
    expect(printed(cwd, "run", "--help")).toContain("--keep-going");
    expect(printed(cwd, "completion")).toContain("mesoflow --get-yargs-completions");
    expect(printed(cwd, "--version")).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it("lists the parameters with the values in force", () => {
    const args = ["parameters", "--profile", "notebook", "--set", "ring.v_c=50"];
    const text = printed(cwd, ...args);
    expect(text).toMatch(/ring\.v_c +50 \(--set\) +mm\/s +conduction velocity/);
    expect(text).toMatch(/coefficients +notebook \(profile notebook\)/);
    const [{ parameters }] = jsonLines(printed(cwd, ...args, "--json"));
    expect(parameters["ring.v_c"]).toEqual({
      ...{ value: 50, unit: "mm/s", default: 300, type: "number", origin: "--set" },
      allowed: "a number above 0 and at most 1000000 mm/s",
      description: "conduction velocity",
    });
  });
});

describe.skipIf(!isBuilt)(processTitle("a run that is stopped"), () => {
  const long = ["run", "tf-simulation/RS-cell", "--set", "tf.duration=100", "--json"];

  /** Sends a signal as soon as the short stage has finished and the long one makes progress, in either order. */
  async function stopped(cwd: string, by: NodeJS.Signals) {
    const run = start(cwd, "run", "step-response/RS-cell", ...long.slice(1));
    const errors: string[] = [];
    const output: string[] = [];
    let isSent = false;
    run.stderr.setEncoding("utf8").on("data", (text) => errors.push(text));
    run.stdout.setEncoding("utf8").on("data", (text) => {
      output.push(text);
      const isReady = ['"progress"', '"finished"'].every((event) => output.join("").includes(event));
      if (!isSent && isReady) isSent = run.kill(by);
    });
    const [status, signal] = await once(run, "close");
    return { status, signal, stderr: errors.join(""), last: jsonLines(output.join("")).at(-1) };
  }

  it.each(["SIGINT", "SIGTERM"] as const)("by %s keeps what was finished", async (signal) => {
    const cwd = folders.make();
    const outcome = await stopped(cwd, signal);
    expect(outcome).toEqual({
      status: 130,
      signal: null,
      stderr: "interrupted; what was finished is kept\n",
      last: expect.objectContaining({ event: "summary", executed: ["step-response/RS-cell"] }),
    });
    const lines = jsonLines(
      printed(cwd, "status", "step-response/RS-cell", "tf-simulation/RS-cell", ...long.slice(2)),
    );
    expect(lines.at(-1)).toMatchObject({
      fresh: ["step-response/RS-cell"],
      stale: ["tf-simulation/RS-cell"],
    });
  });

  it.skipIf(!existsSync("/dev/full"))("by a full disk says so once, and fails", () => {
    for (const args of [["status"], ["--help"], ["run", "step-response", "--json"]]) {
      const full = openSync("/dev/full", "w");
      const { status, stderr } = spawnSync(process.execPath, [main, ...args], {
        cwd: folders.make(),
        stdio: ["ignore", full, "pipe"],
        encoding: "utf8",
      });
      closeSync(full);
      expect({ args, status }).toEqual({ args, status: 1 });
      expect(stderr.match(/The output cannot be written: ENOSPC/g)).toHaveLength(1);
    }
  });

  it("by its reader ends quietly", async () => {
    const cwd = folders.make();
    for (const args of [["graph"], ["run", "step-response", "--json"], ["--help"]]) {
      const run = start(cwd, ...args);
      run.stdout.destroy();
      const errors: string[] = [];
      run.stderr.setEncoding("utf8").on("data", (text) => errors.push(text));
      const [status] = await once(run, "close");
      expect({ args, status, errors }).toEqual({ args, status: 0, errors: [] });
    }
    expect(existsSync(join(cwd, ".mesoflow"))).toBe(true);
    printed(cwd, "run", "step-response");
    // However many there are, an empty name is nobody's.
    expect(mesoflow(cwd, "cache", "history", "")).toEqual({
      ...{ status: 2, stdout: "" },
      stderr: 'No run is called "": mesoflow cache history lists them.\n',
    });
  });
});
