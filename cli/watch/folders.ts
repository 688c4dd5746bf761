import { readdir, realpath, stat } from "node:fs/promises";
import { dirname, join } from "node:path";

/** The folders in a folder, itself included, down to a depth. Hidden ones and installed packages are left out. */
export async function foldersBelow(folder: string, depth = Number.POSITIVE_INFINITY): Promise<string[]> {
  const found = new Map<string, string>();
  const visit = async (path: string, level: number): Promise<void> => {
    const real = await realpath(path).catch(() => undefined);
    if (real === undefined || found.has(real)) return; // gone meanwhile, or a link in a circle
    found.set(real, path);
    if (level === 0) return;
    const entries = await readdir(path, { withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      if (entry.name.startsWith(".") || entry.name === "node_modules" || entry.isFile()) continue;
      const inner = join(path, entry.name);
      if (entry.isDirectory() || (await isFolder(inner))) await visit(inner, level - 1);
    }
  };
  if (await isFolder(folder)) await visit(folder, depth);
  return [...found.values()];
}

/** All files in a folder and the folders in it. */
export async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

export async function isFolder(path: string): Promise<boolean> {
  const known = await stat(path).catch(() => undefined);
  return known?.isDirectory() === true;
}

/** The folder at or above a path that is there. */
export async function nearestFolder(path: string): Promise<string> {
  let folder = path;
  while (folder !== dirname(folder) && !(await isFolder(folder))) folder = dirname(folder);
  return folder;
}
