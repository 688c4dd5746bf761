// @module-tag process
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { isBuilt, processTitle, workingFolders } from "../support/command-line.ts";
import { Watching } from "./watching.ts";

const folders = workingFolders();
afterAll(folders.clear);
const running: Watching[] = [];
afterEach(() => {
  for (const watching of running.splice(0)) watching.kill();
});

const repository = fileURLToPath(new URL("../..", import.meta.url));

/** Text that is to hold what is replaced in it, or the edit would be none. */
function changed(text: string, from: string, to: string): string {
  expect(text).toContain(from);
  return text.replace(from, to);
}

/** A built package of its own, whose code may be edited. */
class Package {
  readonly folder = folders.make();
  readonly main = join(this.folder, "dist/cli/main.js");

  constructor() {
    for (const file of ["dist", "package.json", "kernels/kernels.wasm", "data/example"]) {
      mkdirSync(join(this.folder, file, ".."), { recursive: true });
      cpSync(join(repository, file), join(this.folder, file), { recursive: true });
    }
    symlinkSync(join(repository, "node_modules"), join(this.folder, "node_modules"));
  }

  text(module: string): string {
    return readFileSync(join(this.folder, "dist", module), "utf8");
  }

  write(module: string, text: string): void {
    writeFileSync(join(this.folder, "dist", module), text);
  }

  edit(module: string, from: string, to: string): void {
    this.write(module, changed(this.text(module), from, to));
  }

  watching(cwd: string, ...args: string[]): Watching {
    const started = new Watching(cwd, args, this.main);
    running.push(started);
    return started;
  }
}

const pinned = ["--profile", "notebook"];

describe.skipIf(!isBuilt)(processTitle("run --watch of stage code"), () => {
  it("runs what an edit reaches with the code as it is then, and keeps the last good one when a build is broken", async () => {
    const [cwd, built] = [folders.make(), new Package()];
    const watch = built.watching(cwd, "residual/baseline", ...pinned);
    await watch.settled();

    // Imported by three modules between it and the graph of stages.
    built.edit(
      "stages/numerics/statistics/smoothing.js",
      "export function boxSmooth",
      "export function noSmooth",
    );
    expect(await watch.until(/waiting for a repair/)).toMatch(
      /^\nThe stages' code cannot be loaded since a change of stages\/numerics\/statistics\/smoothing\.ts: SyntaxError: .* 'boxSmooth'/,
    );
    built.edit(
      "stages/numerics/statistics/smoothing.js",
      "export function noSmooth",
      "export function boxSmooth",
    );
    await watch.until(/repaired: everything is as it was/);
    built.write("stages/residual.js", "");
    await watch.until(/waiting for a repair/);
    const original = readFileSync(join(repository, "dist/stages/residual.js"), "utf8");
    const value = "residual: residualOf(target, model)";
    built.write("stages/residual.js", changed(original, value, `${value} + 1000`));
    const ran = await watch.until(/ran residual\/baseline\/example/);
    expect(ran).toMatch(/\nstages\/residual\.ts\n/);
    expect(ran).not.toContain("ran ring-trial");
    await watch.settled();
    expect(await watch.interrupt()).toBe(130);
    expect(watch.stdout).toMatch(/residual.* 1\d\d\d\.\d+/);
  });

  it("uses defaults, parameters and sentences of the new code", async () => {
    const [cwd, built] = [folders.make(), new Package()];
    const config = join(cwd, "run.yaml");
    writeFileSync(config, "{}\n");
    const watch = built.watching(cwd, "ring-trial/baseline", "--config", "run.yaml", ...pinned);
    await watch.settled();
    writeFileSync(config, "ring: {speed: 100}\n");
    await watch.until(/Unknown configuration path ring\.speed/);
    // What the compiler demands of the posterior, which names the ring's parameters.
    const named = "ring: z.strictObject({ pixels, extent, amplitude, dt";
    built.edit(
      "stages/posterior.js",
      named,
      `${named}, ...("speed" in ringSchema.shape && { speed: ringSchema.shape.speed })`,
    );
    built.edit(
      "stages/model/ring/trial.js",
      "v_c: positive(",
      'speed: positive("mm/s", "unused").default(1),\n    v_c: positive(',
    );
    built.edit("stages/model/ring/trial.js", ".max(1e6).default(300)", ".max(1e6).default(250)");
    const said = await watch.until(/ran ring-trial\/baseline/);
    expect(said).toMatch(
      /\nring\.speed: nothing → 100 mm\/s \(run\.yaml\)\nring\.v_c: 300 → 250 mm\/s \(default\)\nstages\/model\/ring\/trial\.ts\n/,
    );
    writeFileSync(config, "ring: {speed: -1}\n");
    await watch.until(/ring\.speed is -1 mm\/s .* but must be above 0 mm\/s: unused/);
    expect(await watch.interrupt()).toBe(130);
  });

  it("lets go on what runs with code that did not change", async () => {
    const [cwd, built] = [folders.make(), new Package()];
    const stage = "tf-simulation/RS-cell";
    const long = ["--set", "tf.seeds=24"]; // than it takes to notice an edit and load it
    const watch = built.watching(cwd, stage, "--json", ...long);
    const before = await watch.untilEvent("progress", stage);
    built.edit("stages/model/ring/trial.js", ".max(1e6).default(300)", ".max(1e6).default(250)");
    const until = [...before, ...(await watch.untilEvent("revision"))];
    const after = await watch.untilEvent("finished", stage);
    const fractions = (events: typeof until): number[] =>
      events.flatMap((event) => (event.event === "progress" && event.stage === stage ? event.fraction : []));
    const reached = Math.max(...fractions(until));
    expect(until.at(-1)).toMatchObject({ number: 2 });
    expect(Math.min(...fractions(after))).toBeGreaterThanOrEqual(reached);
    expect(await watch.interrupt()).toBe(130);
  });
});
