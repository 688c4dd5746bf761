import { realpath } from "node:fs/promises";
import { dirname, extname, resolve, sep } from "node:path";
import picomatch from "picomatch";
import { recordingEndings } from "../../data/recording-file.ts";
import type { Configuration } from "../../stages/configuration.ts";
import { codeFolders, isCode } from "./code-on-disk.ts";
import { foldersBelow, isFolder, nearestFolder } from "./folders.ts";

/** What on disk may change a pipeline. */
export interface WatchSet {
  /** Folders in which something may change; folders in them are named themselves. */
  readonly folders: ReadonlySet<string>;
  /** Whether what happens to a file or folder may matter. If in doubt, it does: whoever asks looks closer. */
  concerns(path: string): boolean;
}

/**
 * What on disk the configuration, the recordings and the code come from. What is not there yet, or was taken away,
 * is waited for in the nearest folder that is there; what is a link, at both ends.
 *
 * @param files those that configurations are made of, absolute
 * @param recordings as the configuration names them
 */
export async function watchSetOf(
  files: readonly string[],
  recordings: Configuration["recordings"],
): Promise<WatchSet> {
  const patterns = await Promise.all([recordings ?? []].flat().map(partsOf));
  const named = [...files, ...patterns.map(({ path }) => path)];
  const paths = (await Promise.all(named.map(bothEnds))).flat();
  const open = (await Promise.all(patterns.map(({ path, depth }) => foldersBelow(path, depth)))).flat();
  const code = (await Promise.all(codeFolders.map((folder) => foldersBelow(folder)))).flat();
  const endings = new Set(patterns.flatMap(({ endings }) => endings));
  const [openSet, codeSet] = [new Set(open), new Set(code)];
  return {
    folders: new Set([
      ...(await Promise.all(paths.map((path) => nearestFolder(dirname(path))))),
      ...open,
      ...code,
    ]),
    concerns: (path) => {
      if (paths.some((one) => one === path || one.startsWith(path + sep))) return true;
      if (extname(path) === "") return true; // most likely a folder
      const folder = dirname(path);
      if (codeSet.has(folder)) return isCode(path);
      return openSet.has(folder) && ["", extname(path).toLowerCase()].some((ending) => endings.has(ending));
    },
  };
}

interface Parts {
  /** The file, or the folder from which on it is looked for. */
  readonly path: string;
  /** How many folders deep. */
  readonly depth: number;
  /** ".mat", as all of them end, in small letters; "" where that is not known. */
  readonly endings: readonly string[];
}

async function partsOf(pattern: string): Promise<Parts> {
  const path = resolve(pattern);
  const isGlob = picomatch.scan(pattern).isGlob && !(await isFolder(path));
  if (!isGlob) return { path, depth: 0, endings: recordingEndings };
  const { base, glob } = picomatch.scan(pattern);
  const depth = glob.includes("**") ? Number.POSITIVE_INFINITY : glob.split("/").length - 1;
  const ending = /\.\w+$/.exec(pattern)?.[0].toLowerCase() ?? "";
  return { path: resolve(base), depth, endings: [ending] };
}

/** A path and, if it is a link, where that leads. */
async function bothEnds(path: string): Promise<string[]> {
  const real = await realpath(path).catch(() => path);
  return real === path ? [path] : [path, real];
}
