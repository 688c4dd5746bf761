// @module-tag process
import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { writeRecording } from "../../data/recording-mat.ts";
import {
  isBuilt,
  jsonLines,
  mesoflow,
  printed,
  processTitle,
  workingFolders,
} from "../support/command-line.ts";
import { Watching } from "./watching.ts";

const folders = workingFolders();
afterAll(folders.clear);
const running: Watching[] = [];
afterEach(() => {
  for (const watching of running.splice(0)) watching.kill();
});

/** Settings with which all but the transfer functions takes milliseconds. */
const pinned = ["--profile", "notebook"];

function watching(cwd: string, ...args: string[]): Watching {
  const started = new Watching(cwd, args);
  running.push(started);
  return started;
}

const write = (cwd: string, file: string, content: string | Uint8Array) =>
  writeFileSync(join(cwd, file), content);

/** As editors do: written beside the file, and put in its place. */
function replace(cwd: string, file: string, content: string | Uint8Array): void {
  write(cwd, `${file}~`, content);
  renameSync(join(cwd, `${file}~`), join(cwd, file));
}

/** A recording with one bump, in ‰. */
function recordingOf(bump: number): Uint8Array {
  const time = Float64Array.from({ length: 30 }, (_, j) => -100 + 10 * j);
  const space = Float64Array.from({ length: 40 }, (_, i) => i / 10);
  const stim1 = Float64Array.from({ length: 1200 }, (_, index) => (index === 615 ? bump / 1e3 : 0));
  return writeRecording({ stim1, time, space });
}

describe.skipIf(!isBuilt)(processTitle("run --watch of a configuration"), () => {
  it("runs what an edit reaches, and keeps the last good state when one cannot be used", async () => {
    const cwd = folders.make();
    write(cwd, "run.yaml", "ring: {v_c: 300}\n");
    const watch = watching(cwd, "ring-trial", "--config", "run.yaml", ...pinned);
    expect(await watch.settled()).toContain("5 stages ran, 0 up to date");

    write(cwd, "run.yaml", "ring: {v_c: 50}\n");
    expect(await watch.settled()).toMatch(
      /^\nring\.v_c: 300 → 50 mm\/s \(run\.yaml\)\n(ran ring-trial.*\n){3}3 stages ran, 2 up to date, .*\n/,
    );
    write(cwd, "run.yaml", "ring: {v_c: 50\n");
    expect(await watch.until(/waiting for a repair/)).toMatch(
      /^\nThe configuration file run\.yaml \(--config\) cannot be parsed: .*\nThe last state/,
    );
    write(cwd, "run.yaml", "ring: {v: 50}\n");
    expect(await watch.until(/waiting for a repair/)).toContain("did you mean ring.v_c?");
    write(cwd, "run.yaml", "ring: {v_c: 50} # again\n");
    await watch.until(/repaired: everything is as it was/);
    rmSync(join(cwd, "run.yaml"));
    expect(await watch.until(/waiting for a repair/)).toContain("it does not exist");
    replace(cwd, "run.yaml", "ring: {v_c: 70}\n");
    expect(await watch.settled()).toMatch(/^\nring\.v_c: 50 → 70 mm\/s \(run\.yaml\)\n/);

    expect(await watch.interrupt()).toBe(130);
    expect(watch.stdout.match(/ring baseline, largest ν_e/g)).toHaveLength(3);
    expect(watch.stderr.split("\n").filter((line) => /^\s+at /.test(line))).toEqual([]);
    const runs = jsonLines(printed(cwd, "cache", "history", "--json")).filter(({ id }) => id);
    expect(runs.map(({ outcome }) => outcome)).toEqual(["done", "done", "done"]);
  });

  it("makes one revision of edits that come together, with what each says as JSON", async () => {
    const cwd = folders.make();
    write(cwd, "run.json", '{"ring": {"v_c": 300}}');
    const watch = watching(cwd, "ring-trial", "--json", "--config", "run.json", ...pinned);
    const first = await watch.untilEvent("summary");
    expect(first[0]).toEqual({ event: "revision", number: 1, changes: [] });
    expect(first.at(-1)).toMatchObject({ executed: { length: 5 }, hits: [] });

    write(cwd, "run.json", '{"ring": {"v_c": 60}}');
    replace(cwd, "run.json", '{"ring": {"v_c": 80, "tau2": 160}}');
    const second = await watch.untilEvent("summary");
    expect(second[0]).toEqual({
      event: "revision",
      number: 2,
      changes: ["ring.tau2: 150 → 160 ms (run.json)", "ring.v_c: 300 → 80 mm/s (run.json)"],
    });
    write(cwd, "run.json", '{"ring": {"v_c": 300}}');
    const third = await watch.untilEvent("summary");
    expect(third[0]).toMatchObject({ number: 3, changes: { length: 2 } });
    expect(third.at(-1)).toMatchObject({ executed: [], hits: { length: 5 } });
    expect(await watch.interrupt()).toBe(130);
    expect(jsonLines(watch.stdout).at(-1)).toMatchObject({ event: "summary" });
  });

  it("follows what a program imports, and links to both ends; --set stays on top", async () => {
    const [cwd, elsewhere] = [folders.make(), folders.make()];
    write(elsewhere, "speed.ts", "export const v_c: number = 300;\n");
    write(
      elsewhere,
      "run.ts",
      'import { v_c } from "./speed.ts";\nexport default { ring: { v_c, tau1: 40 } };\n',
    );
    symlinkSync(join(elsewhere, "run.ts"), join(cwd, "run.ts"));
    const set = ["--set", "ring.tau1=30"];
    const watch = watching(cwd, "ring-trial/baseline", "--config", "run.ts", ...set, ...pinned);
    await watch.settled();
    replace(elsewhere, "speed.ts", "export const v_c: number = 90;\n");
    expect(await watch.settled()).toMatch(/^\nring\.v_c: 300 → 90 mm\/s \(run\.ts\)\nran/);
    replace(elsewhere, "run.ts", "export default { ring: { v_c: 100, tau1: 20 } };\n");
    expect(await watch.settled()).toMatch(/^\nring\.v_c: 90 → 100 mm\/s \(run\.ts\)\nran/);
    write(cwd, "other.ts", "export default {};\n");
    rmSync(join(cwd, "run.ts"));
    symlinkSync(join(cwd, "other.ts"), join(cwd, "run.ts"));
    expect(await watch.settled()).toMatch(/^\nring\.v_c: 100 → 300 mm\/s \(default\)\n0 stages ran/);
    expect(await watch.interrupt()).toBe(130);
  });
});

describe.skipIf(!isBuilt)(processTitle("run --watch of recordings"), () => {
  it("follows files of a glob that are replaced, appear and vanish", async () => {
    const cwd = folders.make();
    mkdirSync(join(cwd, "data"));
    write(cwd, "data/a.mat", recordingOf(2));
    const set = ["--set", "recordings=data/**/*.mat"];
    const watch = watching(cwd, "recording", ...set, ...pinned);
    expect(await watch.settled()).toContain("ran recording/a");

    write(cwd, "data/a.mat", recordingOf(3));
    expect(await watch.settled()).toMatch(/^\nrecordings: a\.mat changed\nran recording\/a .*\n1 stage ran/);
    mkdirSync(join(cwd, "data", "new", "newer"), { recursive: true });
    replace(cwd, "data/new/newer/b.mat", recordingOf(4));
    expect(await watch.settled()).toMatch(/^\nrecordings: \+ b\.mat\nran recording\/b .*\n1 stage ran, 1 up/);
    replace(cwd, "data/new/newer/b.mat", recordingOf(5));
    expect(await watch.settled()).toMatch(/^\nrecordings: b\.mat changed\nran recording\/b/);
    rmSync(join(cwd, "data", "new"), { recursive: true });
    expect(await watch.settled()).toMatch(/^\nrecordings: - b\.mat\n0 stages ran, 1 up to date/);
    rmSync(join(cwd, "data"), { recursive: true });
    expect(await watch.until(/waiting for a repair/)).toContain("No recording matches data/**/*.mat");
    mkdirSync(join(cwd, "data"));
    write(cwd, "data/a.mat", recordingOf(3));
    await watch.until(/repaired/);
    write(cwd, "data/a.mat", recordingOf(7));
    expect(await watch.settled()).toMatch(/^\nrecordings: a\.mat changed\nran recording\/a/);
    write(cwd, "data/a.mat", "no recording");
    expect(await watch.settled()).toMatch(
      /^\nrecordings: a\.mat changed\nfailed recording\/a: .*\n.*1 failed/,
    );
    write(cwd, "data/a.mat", recordingOf(6));
    expect(await watch.settled()).toContain("ran recording/a");
    expect(await watch.interrupt()).toBe(130);
  });
});

describe.skipIf(!isBuilt)(processTitle("run --watch"), () => {
  it("begins with nothing that cannot be used", () => {
    const cwd = folders.make();
    const refused = mesoflow(cwd, "run", "--watch", "--set", "recordings=none/*.mat");
    expect(refused).toMatchObject({ status: 2, stdout: "" });
    expect(refused.stderr).toMatch(/^No recording matches none\/\*\.mat;.*\n$/);
    const both = mesoflow(cwd, "run", "--watch", "--dry-run");
    expect(both.status).toBe(2);
    expect(both.stderr).toMatch(/^--watch runs .* --dry-run .*: give only one of them\.\n$/);
  });

  it("leaves nothing half-written when it is interrupted at work", async () => {
    const cwd = folders.make();
    const watch = watching(cwd, "tf-fit/RS-cell", "--json");
    await watch.untilEvent("progress", "tf-simulation/RS-cell");
    expect(await watch.interrupt()).toBe(130);
    expect(watch.stderr).toContain("interrupted; what was finished is kept");
    expect(jsonLines(watch.stdout).at(-1)).toMatchObject({
      event: "summary",
      ...{ executed: [], failed: [] },
    });
    const [run] = jsonLines(printed(cwd, "cache", "history", "--json")).filter(({ id }) => id);
    expect(run.outcome).toBe("interrupted");
    printed(cwd, "cache", "verify");
  });
});
