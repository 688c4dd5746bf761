import { linkSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { StoreError } from "../pipeline/index.ts";
import { isDead, type LeaseHolder, newLeaseHolder } from "../pipeline/testing.ts";

/** Stands in a cache folder while its file is being replaced: says by whom. */
const markIn = (folder: string): string => join(folder, "compacting");

/**
 * Marks a folder, so that nobody opens the file in it.
 *
 * @returns tells whether the mark still stands
 * @throws StoreError where another process has marked it
 */
export function lockForCompaction(folder: string): () => boolean {
  const owner = newLeaseHolder();
  const draft = `${markIn(folder)}-${owner.id}`;
  writeFileSync(draft, JSON.stringify(owner));
  try {
    for (;;) {
      try {
        linkSync(draft, markIn(folder)); // appears with its content, or not at all
        return () => ownerOf(folder)?.id === owner.id;
      } catch (thrown) {
        if ((thrown as NodeJS.ErrnoException).code !== "EEXIST") throw thrown;
      }
      refuseMarked(folder);
      unlockAfterCompaction(folder); // it is a dead process's
    }
  } finally {
    rmSync(draft, { force: true });
  }
}

export const unlockAfterCompaction = (folder: string): void => rmSync(markIn(folder), { force: true });

/**
 * Opens the file of a folder unless it is being replaced, as what is written to the old one would be lost.
 *
 * @param open opens and reads it: from then on whoever wants to replace it sees that it is in use
 * @throws StoreError where it is being replaced, or was meanwhile
 */
export function unlessCompacting<T extends { close(): unknown }>(folder: string, open: () => T): T {
  refuseMarked(folder);
  const before = fileIn(folder);
  const opened = open();
  try {
    refuseMarked(folder);
    if (before !== undefined && fileIn(folder) !== before) throw busy(folder, "was compacted just now");
    return opened;
  } catch (thrown) {
    void opened.close();
    throw thrown;
  }
}

/** Tells one file from another of the same name. */
const fileIn = (folder: string): bigint | undefined =>
  statSync(join(folder, "data.mdb"), { bigint: true, throwIfNoEntry: false })?.ino;

function refuseMarked(folder: string): void {
  const owner = ownerOf(folder);
  if (owner && !isDead(owner)) {
    throw busy(folder, `is being compacted by process ${owner.pid} on ${owner.host}`);
  }
}

function ownerOf(folder: string): LeaseHolder | undefined {
  try {
    return JSON.parse(readFileSync(markIn(folder), "utf8")) as LeaseHolder;
  } catch {
    return undefined;
  }
}

const busy = (folder: string, what: string): StoreError =>
  new StoreError(`The cache folder ${folder} ${what}; try again in a moment.`);
