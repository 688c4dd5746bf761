import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from "node:fs";
import { join, resolve } from "node:path";
import { open, type RootDatabase } from "lmdb";
import { StoreError } from "../pipeline/index.ts";
import { lockForCompaction, unlockAfterCompaction } from "./compaction-lock.ts";
import { storeErrorOf } from "./store-error.ts";

/** Bytes of the file. */
export interface Compaction {
  readonly before: number;
  readonly after: number;
}

const prefix = "compacted-";

/**
 * Writes the file of a cache folder anew, without what collections have left empty: LMDB uses empty pages again,
 * but never gives them back. Only where nobody has the store open, this process included; who wants to open it
 * meanwhile is told to try again. Killed at any instant, it leaves either the old file or the new one.
 *
 * @throws StoreError where somebody has it open, there is none, or there is no room for the new file
 */
export async function compact(path: string): Promise<Compaction> {
  const folder = resolve(path);
  const file = join(folder, "data.mdb");
  if (!existsSync(file)) throw new StoreError(`There is no cache in ${folder}.`);
  try {
    const isMarked = lockForCompaction(folder);
    try {
      clearLeftovers(folder);
      const before = statSync(file).size;
      const copy = mkdtempSync(join(folder, prefix));
      try {
        await copyTo(copy, folder);
        if (!isMarked())
          throw new StoreError(`The cache folder ${folder} is being compacted twice; try again.`);
        swap(copy, folder);
      } finally {
        rmSync(copy, { recursive: true, force: true });
      }
      return { before, after: statSync(file).size };
    } finally {
      unlockAfterCompaction(folder);
    }
  } catch (thrown) {
    throw storeErrorOf(thrown, folder, "write");
  }
}

async function copyTo(copy: string, folder: string): Promise<void> {
  const root = open({ path: folder, noSubdir: false, overlappingSync: false, cache: false });
  try {
    refuseUsed(root, folder);
    await root.backup(copy, true);
  } finally {
    await root.close();
  }
}

/** Whoever has the store open stands in LMDB's table of readers; where the system tells, also in that of locks. */
function refuseUsed(root: RootDatabase, folder: string): void {
  root.readerCheck(); // takes out those that were killed
  const readers = [...root.readerList().matchAll(/^\s*(\d+)\s/gm)].map(([, pid]) => Number(pid));
  const lockers = lockersOf(join(folder, "lock.mdb")).filter((pid) => pid !== process.pid);
  const pids = new Set([...readers, ...lockers]);
  if (pids.size === 0) return;
  const who = pids.has(process.pid) ? "this process" : `process ${[...pids].join(", ")}`;
  throw new StoreError(
    `The cache folder ${folder} is in use by ${who}: it can be compacted when nobody uses it.`,
  );
}

/** The processes that hold a lock on a file, where the system is a Linux. */
function lockersOf(file: string): number[] {
  try {
    const { ino } = statSync(file, { bigint: true });
    const locks = readFileSync("/proc/locks", "utf8").matchAll(/^\d+: POSIX .* (\d+) \S+:(\d+) \S+ \S+$/gm);
    return [...locks].flatMap(([, pid, inode]) => (BigInt(inode!) === ino ? [Number(pid)] : []));
  } catch {
    return [];
  }
}

/** Puts the copy in place of the file. Nobody uses its table of locks any more, which LMDB then makes anew. */
function swap(copy: string, folder: string): void {
  const file = join(copy, "data.mdb");
  sync(file);
  renameSync(file, join(folder, "data.mdb"));
  rmSync(join(folder, "lock.mdb"), { force: true });
  sync(folder);
}

function sync(path: string): void {
  const descriptor = openSync(path, "r");
  fsyncSync(descriptor);
  closeSync(descriptor);
}

/** What a compaction that was killed has left. */
function clearLeftovers(folder: string): void {
  for (const name of readdirSync(folder)) {
    if (name.startsWith(prefix)) rmSync(join(folder, name), { recursive: true, force: true });
  }
}
