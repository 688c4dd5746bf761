import { randomUUID } from "node:crypto";
import { mkdir, readdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { StoreIdentity } from "../pipeline/executors.ts";
import { hash } from "../pipeline/inspect.ts";

/** Within the folder; its only entry is a random name, which is the folder's identity. */
const ID = "store-id";

/**
 * The identity of a folder is a random name in the folder itself: one folder has the same under every path, and two
 * folders of the same path on two machines differ. Whoever comes first makes it. All that is needed is that a folder with
 * an entry cannot be replaced by renaming another to it: of many at once, one succeeds, and the others read what it made.
 */
export async function folderIdentity(folder: string): Promise<StoreIdentity> {
  const name = (await nameIn(folder)) ?? (await made(folder));
  const id = hash(name).slice(0, 12);
  return { id, name: `the folder ${folder} (${id})` };
}

async function nameIn(folder: string): Promise<string | undefined> {
  try {
    return (await readdir(join(folder, ID)))[0];
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw thrown;
  }
}

async function made(folder: string): Promise<string> {
  const name = randomUUID();
  const unfinished = join(folder, `${ID}.${name}.tmp`);
  await mkdir(unfinished, { recursive: true });
  try {
    await writeFile(join(unfinished, name), "");
    await rename(unfinished, join(folder, ID));
    return name;
  } catch (thrown) {
    const others = await nameIn(folder);
    if (others === undefined) throw thrown;
    return others;
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
}
