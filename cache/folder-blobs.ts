import { randomUUID } from "node:crypto";
import { mkdir, open, readFile, rename, rm, utimes } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import type { BlobStore } from "./blob-store.ts";
import { folderIdentity } from "./folder-identity.ts";
import { storeErrorOf } from "./store-error.ts";

/**
 * Bytes in a folder that all machines see, as on a network file system: one file a hash, written under another name,
 * brought to the disk and renamed, so that nobody ever reads half of one. Files that were not read for long may be
 * deleted at any time.
 *
 * @throws StoreError where the folder cannot be made, read or written
 */
export function folderBlobs(path: string): BlobStore {
  const folder = resolve(path);
  const fileOf = (hash: string): string => join(folder, hash.slice(0, 2), hash);
  const guarded = async <T>(doing: "read" | "write", action: () => Promise<T>): Promise<T> => {
    try {
      return await action();
    } catch (thrown) {
      throw storeErrorOf(thrown, folder, doing, "content");
    }
  };

  const read = (hash: string): Promise<Uint8Array | undefined> =>
    guarded("read", async () => {
      try {
        return new Uint8Array(await readFile(fileOf(hash)));
      } catch (thrown) {
        if (isAbsence(thrown)) return undefined;
        throw thrown;
      }
    });
  const write = (hash: string, bytes: Uint8Array): Promise<void> =>
    guarded("write", async () => {
      const file = fileOf(hash);
      if (await isUsed(file)) return;
      await mkdir(dirname(file), { recursive: true });
      const unfinished = `${file}.${randomUUID()}.tmp`;
      try {
        const handle = await open(unfinished, "wx");
        try {
          await handle.writeFile(bytes);
          await handle.sync();
        } finally {
          await handle.close();
        }
        await rename(unfinished, file);
      } catch (thrown) {
        await rm(unfinished, { force: true });
        throw thrown;
      }
    });

  return {
    identity: () => guarded("write", () => folderIdentity(folder)),
    async get(hashes) {
      const found = await Promise.all(hashes.map(async (hash) => [hash, await read(hash)] as const));
      return new Map(found.flatMap(([hash, bytes]) => (bytes ? [[hash, bytes] as const] : [])));
    },
    async put(blobs) {
      await Promise.all([...blobs].map(([hash, bytes]) => write(hash, bytes)));
    },
    drop: (hash) => guarded("write", () => rm(fileOf(hash), { force: true })),
    async close() {},
  };
}

const isAbsence = (thrown: unknown): boolean => (thrown as NodeJS.ErrnoException).code === "ENOENT";

/** Whether a file is there, which then counts as used now. */
async function isUsed(file: string): Promise<boolean> {
  const now = new Date();
  try {
    await utimes(file, now, now);
    return true;
  } catch (thrown) {
    if (isAbsence(thrown)) return false;
    if (["EPERM", "EACCES"].includes((thrown as NodeJS.ErrnoException).code ?? "")) return true; // another user's
    throw thrown;
  }
}
