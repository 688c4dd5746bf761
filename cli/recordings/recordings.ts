import { readFile, stat } from "node:fs/promises";
import { basename, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { exampleRecording } from "../../data/example.ts";
import { NoRecording } from "../../data/recording.ts";
import { openRecording, recordingEndings } from "../../data/recording-file.ts";
import { recordingNames } from "../../data/recording-name.ts";
import { BadInput, isError } from "../../pipeline/errors.ts";
import type { Configuration } from "../../stages/configuration.ts";
import type { RecordingFile } from "../../stages/recording.ts";
import { nearest } from "../configuration/nearest.ts";
import { listed } from "../configuration/parameter-schema.ts";
import { reasonOf } from "../output/system-error.ts";

/** A recording in a file. */
export interface RecordingOnDisk extends RecordingFile {
  /** Absolute. */
  readonly path: string;
}

/** A file in a folder of recordings that is something else, and a sentence that says so. */
export interface LeftOut {
  /** Absolute. */
  readonly path: string;
  readonly message: string;
}

/**
 * The recordings that a configuration names, and what was left out; the bundled example if it names none.
 *
 * @throws BadInput where there is no such file, or two would go by one name
 */
export async function recordingsOf(
  given: Configuration["recordings"],
): Promise<{ readonly recordings: RecordingOnDisk[]; readonly leftOut: readonly LeftOut[] }> {
  const { files, leftOut } =
    given === undefined
      ? { files: [fileURLToPath(exampleRecording)], leftOut: [] }
      : await filesOf([given].flat());
  const names = recordingNames(files);
  const recordings = files.map((path, index) => ({
    name: names[index]!,
    file: basename(path),
    path,
    read: () => bytesOf(path),
  }));
  return { recordings, leftOut };
}

/** @throws BadInput where a duration is of no recording */
export function refuseStrangers(
  durations: Configuration["inference"]["durations"],
  recordings: readonly RecordingOnDisk[],
): void {
  const names = recordings.map(({ name }) => name);
  const stranger = Object.keys(durations).find((name) => !names.includes(name));
  if (stranger === undefined) return;
  const meant = nearest(stranger, names);
  throw new BadInput(
    meant === undefined
      ? `inference.durations.${stranger} is of no recording: these go by the names in mesoflow status.`
      : `inference.durations.${stranger} is of no recording: did you mean ${meant} ` +
          "(recordings go by the names in mesoflow status)?",
  );
}

/**
 * Files, globs and folders as absolute paths, relative to the working folder, sorted by code units, each once. What is
 * named by its ending is taken as it is. Of a folder, and of a glob that ends in a star, as FOLDER/** for all folders
 * in it, come all .mat files, and those .npz and .csv files that are recordings by their looks.
 *
 * @throws BadInput where there is nothing
 */
export async function filesOf(
  patterns: readonly string[],
): Promise<{ readonly files: string[]; readonly leftOut: readonly LeftOut[] }> {
  const found = await Promise.all(patterns.map(matching));
  const named = new Set(found.flatMap(({ files }) => files));
  const others = found.flatMap(({ leftOut }) => leftOut).filter(({ path }) => !named.has(path));
  const leftOut = new Map(others.map((other) => [other.path, other]));
  return { files: [...named].sort(byCodeUnits), leftOut: [...leftOut.values()] };
}

const byCodeUnits = (a: string, b: string): number => (a < b ? -1 : 1);

async function matching(pattern: string): Promise<{ files: string[]; leftOut: LeftOut[] }> {
  // As a path it would be the working folder.
  if (pattern.trim() === "") {
    throw new BadInput(
      "The name of a recording is empty: name a file, a folder or a glob; . is this folder.",
    );
  }
  const path = resolve(pattern);
  const known = await stat(path).catch(() => undefined);
  if (known?.isFile()) return { files: [path], leftOut: [] };
  // Loaded only where it is needed, as most runs are of the example or of single files.
  const { glob, isDynamicPattern } = await import("tinyglobby");
  const isFolder = known?.isDirectory() === true;
  const isPattern = !isFolder && isDynamicPattern(pattern);
  const files = isFolder
    ? await glob("*", { absolute: true, expandDirectories: false, cwd: path })
    : isPattern
      ? await glob(pattern, { absolute: true, expandDirectories: false })
      : [];
  const sorted = files.map((file) => resolve(file)).sort(byCodeUnits);
  const taken =
    isFolder || pattern.endsWith("*") ? await recordingsAmong(sorted) : { files: sorted, leftOut: [] };
  if (taken.files.length > 0) return taken;
  const others = taken.leftOut.map(({ message }) => ` ${message}`).join("");
  if (isFolder) {
    const endings = listed(recordingEndings, "or");
    throw new BadInput(
      `The folder ${pattern} holds no recordings: there is no ${endings} file of one in it.${others}`,
    );
  }
  if (isPattern) {
    const base = join(process.cwd(), "/");
    throw new BadInput(
      `No recording matches ${pattern}; patterns are relative to the working folder ${base}.${others}`,
    );
  }
  const hint = pattern.includes(",") ? `; several are written as '["a.mat","b.npz"]'` : "";
  throw new BadInput(`The recording ${pattern} does not exist (looked for ${path})${hint}.`);
}

/** Those that are recordings by ending and looks; one that is damaged stays, so that it is told of when it is read. */
async function recordingsAmong(paths: readonly string[]): Promise<{ files: string[]; leftOut: LeftOut[] }> {
  const files: string[] = [];
  const leftOut: LeftOut[] = [];
  for (const path of paths) {
    const ending = recordingEndings.find((one) => path.toLowerCase().endsWith(one));
    if (!ending) continue;
    const message = ending === ".mat" ? undefined : await otherThanRecording(path);
    if (message === undefined) files.push(path);
    else leftOut.push({ path, message });
  }
  return { files, leftOut };
}

async function otherThanRecording(path: string): Promise<string | undefined> {
  try {
    openRecording(await bytesOf(path), basename(path));
  } catch (thrown) {
    if (thrown instanceof NoRecording) return `Left out ${relative("", path)}: ${thrown.message}`;
    if (!isError(thrown, BadInput)) throw thrown;
  }
  return undefined;
}

/** @throws BadInput */
export async function bytesOf(file: string): Promise<Uint8Array> {
  const bytes = await readFile(file).catch((thrown) => {
    throw new BadInput(`The recording ${file} cannot be read: ${reasonOf(thrown)}.`);
  });
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
