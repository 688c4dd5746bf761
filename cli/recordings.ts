import { readFile, stat } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { BadInput } from "../data/bad-input.ts";
import { exampleRecording } from "../data/example.ts";
import { recordingNames } from "../data/recording-name.ts";
import type { Configuration } from "../stages/configuration.ts";
import type { RecordingFile } from "../stages/cortex.ts";
import { nearest } from "./nearest.ts";
import { reasonOf } from "./system-error.ts";

/** A recording in a file. */
export interface RecordingOnDisk extends RecordingFile {
  /** Absolute. */
  readonly path: string;
}

/**
 * The recordings that a configuration names: files, globs, or folders for all .mat files in them, relative to
 * the working folder; the bundled example if it names none. Sorted by path, each once.
 *
 * @throws BadInput where there is no such file, or two would go by one name
 */
export async function recordingsOf(given: Configuration["recordings"]): Promise<RecordingOnDisk[]> {
  const paths = given === undefined ? [fileURLToPath(exampleRecording)] : await filesOf([given].flat());
  const names = recordingNames(paths);
  return paths.map((path, index) => ({
    name: names[index]!,
    file: basename(path),
    path,
    read: () => bytesOf(path),
  }));
}

/** @throws BadInput where a duration is of no recording */
export function refuseStrangers(
  durations: Configuration["inference"]["durations"],
  recordings: readonly RecordingOnDisk[],
): void {
  const names = recordings.map(({ name }) => name);
  const stranger = Object.keys(durations).find((name) => !names.includes(name));
  if (stranger === undefined) return;
  throw new BadInput(
    `inference.durations.${stranger} is of no recording: did you mean ${nearest(stranger, names)} ` +
      "(recordings go by the names in mesoflow status)?",
  );
}

/** The absolute paths of files, globs and folders, sorted by code units. */
export async function filesOf(patterns: readonly string[]): Promise<string[]> {
  const found = await Promise.all(patterns.map(matching));
  return [...new Set(found.flat())].sort((a, b) => (a < b ? -1 : 1));
}

async function matching(pattern: string): Promise<string[]> {
  const path = resolve(pattern);
  const known = await stat(path).catch(() => undefined);
  if (known?.isFile()) return [path];
  // Loaded only where it is needed, as most runs are of the example or of single files.
  const { glob, isDynamicPattern } = await import("tinyglobby");
  const options = { absolute: true, expandDirectories: false };
  const files = known?.isDirectory()
    ? await glob("*.mat", { ...options, cwd: path })
    : isDynamicPattern(pattern)
      ? await glob(pattern, options)
      : [];
  if (files.length > 0) return files.map((file) => resolve(file));
  if (known?.isDirectory())
    throw new BadInput(`The folder ${pattern} holds no recordings: there is no .mat file in it.`);
  throw new BadInput(
    isDynamicPattern(pattern)
      ? `No recording matches ${pattern}; patterns are relative to the working folder ${join(process.cwd(), "/")}.`
      : `The recording ${pattern} does not exist (looked for ${path}).`,
  );
}

/** @throws BadInput */
export async function bytesOf(file: string): Promise<Uint8Array> {
  const bytes = await readFile(file).catch((thrown) => {
    throw new BadInput(`The recording ${file} cannot be read: ${reasonOf(thrown)}.`);
  });
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
