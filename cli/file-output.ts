import { randomBytes } from "node:crypto";
import { rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { BadInput } from "../data/bad-input.ts";
import { reasonOf } from "./system-error.ts";

/**
 * Writes a file as a whole or not at all: under another name in the same folder, then renamed.
 *
 * @throws BadInput where it cannot be written
 */
export async function writeWhole(file: string, content: Uint8Array | string): Promise<void> {
  const path = resolve(file);
  const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(4).toString("hex")}.tmp`);
  try {
    await writeFile(temporary, content, { flag: "wx" });
    await rename(temporary, path);
  } catch (thrown) {
    await rm(temporary, { force: true }).catch(() => {});
    const isFolder = (thrown as NodeJS.ErrnoException).code === "ENOENT";
    const why = isFolder ? `the folder ${dirname(path)} does not exist` : reasonOf(thrown);
    throw new BadInput(`${file} cannot be written: ${why}; choose another with --out FILE.`);
  }
}
