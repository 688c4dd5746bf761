import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "vitest";
import { titled } from "../golden.ts";

export const main = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));
export const isBuilt = existsSync(main);
export const processTitle = (title: string) => titled(title, isBuilt, "a build");

/** Settings with which the whole pipeline takes a fraction of a second; its numbers mean nothing. */
export const fast = [
  ...["tf.duration=0.2", "tf.nu_e_points=3", "tf.nu_i_points=3", "tf.seeds=1"],
  ...["spiking.duration=100", "waveform.duration=100", "ring.dt=2"],
  ...["refinement.evaluations=20", "posterior.simulations=200"],
].flatMap((setting) => ["--set", setting]);

const env = { ...process.env, MESOFLOW_CACHE: "" };

export interface Outcome {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Working folders, made for a test file and removed by `clear`. */
export function workingFolders(): { make(): string; clear(): void } {
  const made: string[] = [];
  return {
    make() {
      const folder = mkdtempSync(join(tmpdir(), "mesoflow-"));
      made.push(folder);
      return folder;
    },
    clear() {
      for (const folder of made) rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Runs the command line in a folder to its end. */
export function mesoflow(cwd: string, ...args: string[]): Outcome {
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...args], {
    cwd,
    env,
    encoding: "utf8",
    maxBuffer: 2 ** 26,
  });
  return { status, stdout, stderr };
}

/** Starts the command line in a folder. */
export const start = (cwd: string, ...args: string[]) => startIn({}, cwd, ...args);

/** The same with variables of the environment. */
export const startIn = (variables: Readonly<Record<string, string>>, cwd: string, ...args: string[]) =>
  spawn(process.execPath, [main, ...args], {
    ...{ cwd, env: { ...env, ...variables } },
    stdio: ["ignore", "pipe", "pipe"],
  });

/** Runs it, expecting success, and gives what it printed. */
export function printed(cwd: string, ...args: string[]): string {
  const { status, stdout, stderr } = mesoflow(cwd, ...args);
  expect(stderr.split("\n").filter((line) => /^\s+at /.test(line))).toEqual([]);
  expect({ status, stderr: status === 0 ? "" : stderr }).toEqual({ status: 0, stderr: "" });
  return stdout;
}

// biome-ignore lint/suspicious/noExplicitAny: whatever it printed
export const jsonLines = (text: string): any[] =>
  text
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line));

/** What `run --json` says at its end. */
export function summaryOf(cwd: string, ...args: string[]) {
  return jsonLines(printed(cwd, "run", "--json", ...args)).at(-1);
}
