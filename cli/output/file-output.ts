import { randomBytes } from "node:crypto";
import { chmod, mkdir, readdir, realpath, rename, rm, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { BadInput } from "../../pipeline/errors.ts";
import { reasonOf } from "./system-error.ts";

/**
 * Writes a file as a whole or not at all: under another name in the same folder, then renamed. A link stays one,
 * and what is there already keeps its permissions; pipes and devices are given the content as it is.
 *
 * @throws BadInput where it cannot be written
 */
export async function writeWhole(file: string, content: Uint8Array | string): Promise<void> {
  const known = await stat(resolve(file)).catch(() => undefined);
  const path = known ? await realpath(resolve(file)).catch(() => resolve(file)) : resolve(file);
  const temporary = temporaryFor(path);
  try {
    if (known && !known.isFile() && !known.isDirectory()) return await writeFile(path, content);
    await writeFile(temporary, content, { flag: "wx" });
    if (known) await chmod(temporary, known.mode);
    await rename(temporary, path);
  } catch (thrown) {
    await rm(temporary, { force: true }).catch(() => {});
    throw unwritable(file, path, thrown);
  }
}

/** What a folder may take the place of, besides an empty one. */
export type IsOurs = (path: string) => Promise<boolean>;

/** A folder of the same kind holds this file. */
export const holds =
  (file: string): IsOurs =>
  (path) =>
    stat(join(path, file)).then(
      () => true,
      () => false,
    );

/**
 * Tries what `writeFolder` will do, for those who have something long to do before.
 *
 * @throws BadInput where it could not be written
 */
export async function tryFolder(folder: string, isOurs: IsOurs): Promise<void> {
  if (folder.trim() === "") throw new BadInput("--out is empty, but must be a folder to write.");
  await refuseOthers(folder, isOurs);
  const path = resolve(folder);
  const trial = temporaryFor(path);
  try {
    await mkdir(trial);
    await rm(trial, { recursive: true });
  } catch (thrown) {
    throw unwritable(folder, path, thrown);
  }
}

/** @throws BadInput where something is at the folder's path that must stay */
async function refuseOthers(folder: string, isOurs: IsOurs): Promise<void> {
  const path = resolve(folder);
  const known = await stat(path).catch(() => undefined);
  if (!known) return;
  const isEmpty = known.isDirectory() && (await readdir(path).catch(() => [""])).length === 0;
  if (isEmpty || (await isOurs(path))) return;
  throw new BadInput(`${folder} is there and no folder of this kind; choose another with --out.`);
}

/**
 * Writes files, by their paths, as a folder that appears as a whole. It takes the place of one that is ours, and of all
 * in it.
 *
 * @param signal lets go, and leaves everything as it was
 * @throws BadInput where it cannot be written, or something else is there
 */
export async function writeFolder(
  folder: string,
  files: ReadonlyMap<string, Uint8Array | string>,
  isOurs: IsOurs,
  signal?: AbortSignal,
): Promise<void> {
  const path = resolve(folder);
  const temporary = temporaryFor(path);
  const aside = temporaryFor(path);
  await refuseOthers(folder, isOurs);
  try {
    await mkdir(temporary);
    for (const [file, content] of files) {
      signal?.throwIfAborted();
      await mkdir(dirname(join(temporary, file)), { recursive: true });
      await writeFile(join(temporary, file), content);
    }
    // What is there is moved, not emptied: whenever this ends, each folder is whole.
    const isMoved = await rename(path, aside).then(() => true, unlessMissing);
    try {
      await rename(temporary, path);
    } catch (thrown) {
      if (isMoved) await rename(aside, path);
      throw thrown;
    }
    await rm(aside, { recursive: true, force: true });
  } catch (thrown) {
    await rm(temporary, { recursive: true, force: true }).catch(() => {});
    if (signal?.aborted) throw thrown;
    throw unwritable(folder, path, thrown);
  }
}

function unlessMissing(thrown: NodeJS.ErrnoException): false {
  if (thrown.code === "ENOENT") return false;
  throw thrown;
}

/** A name that nobody else has, in the same folder: from there a rename is one step. */
const temporaryFor = (path: string): string =>
  join(dirname(path), `.${basename(path)}.${randomBytes(4).toString("hex")}.tmp`);

function unwritable(given: string, path: string, thrown: unknown): BadInput {
  const isFolder = (thrown as NodeJS.ErrnoException).code === "ENOENT";
  const why = isFolder ? `the folder ${dirname(path)} does not exist` : reasonOf(thrown);
  return new BadInput(`${given} cannot be written: ${why}; choose another with --out.`);
}
