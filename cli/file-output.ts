import { randomBytes } from "node:crypto";
import { chmod, mkdir, realpath, rename, rm, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { BadInput } from "../data/bad-input.ts";
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

/**
 * Writes files, by their paths, as a folder that appears as a whole. It takes the place of one of its kind, which
 * holds a file of the first path.
 *
 * @throws BadInput where it cannot be written, or something else is there
 */
export async function writeFolder(folder: string, files: ReadonlyMap<string, Uint8Array>): Promise<void> {
  const path = resolve(folder);
  const temporary = temporaryFor(path);
  const [first = ""] = files.keys();
  const isThere = (file: string) =>
    stat(file).then(
      () => true,
      () => false,
    );
  if ((await isThere(path)) && !(await isThere(join(path, first)))) {
    throw new BadInput(`${folder} is there and no folder of this kind; choose another with --out FILE.`);
  }
  try {
    await mkdir(temporary);
    for (const [file, content] of files) {
      await mkdir(dirname(join(temporary, file)), { recursive: true });
      await writeFile(join(temporary, file), content);
    }
    await rm(path, { recursive: true, force: true });
    await rename(temporary, path);
  } catch (thrown) {
    await rm(temporary, { recursive: true, force: true }).catch(() => {});
    throw unwritable(folder, path, thrown);
  }
}

/** A name that nobody else has, in the same folder: from there a rename is one step. */
const temporaryFor = (path: string): string =>
  join(dirname(path), `.${basename(path)}.${randomBytes(4).toString("hex")}.tmp`);

function unwritable(given: string, path: string, thrown: unknown): BadInput {
  const isFolder = (thrown as NodeJS.ErrnoException).code === "ENOENT";
  const why = isFolder ? `the folder ${dirname(path)} does not exist` : reasonOf(thrown);
  return new BadInput(`${given} cannot be written: ${why}; choose another with --out FILE.`);
}
