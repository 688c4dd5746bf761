import { statfsSync } from "node:fs";
import { getSystemErrorMap } from "node:util";
import { StoreError } from "../pipeline/index.ts";
import { isError } from "../pipeline/inspect.ts";

/** What the system or LMDB threw about a cache folder, as one sentence: what, where, why. */
export function storeErrorOf(
  thrown: unknown,
  folder: string,
  doing: "read" | "write",
  kind: "cache" | "content" = "cache",
): StoreError {
  if (isError(thrown, StoreError)) return thrown;
  const { message, code } = thrown as NodeJS.ErrnoException;
  // LMDB gives the number of a system error, node its name.
  const name = typeof code === "number" ? getSystemErrorMap().get(-code)?.[0] : code;
  const full = name === "ENOSPC" || (name === "EIO" && hasNoRoom(folder));
  const why = full ? "the disk is full" : (meanings[name ?? ""] ?? message);
  return new StoreError(`Cannot ${doing} the ${kind} folder ${folder}: ${why}.`, {
    cause: thrown,
    fault: { what: kind, folder, reason: full ? "full" : "unusable" },
  });
}

const meanings: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EPERM: "permission denied",
  EROFS: "the file system is read-only",
  ENOTDIR: "it is no folder, or below something that is none",
  ENOENT: "it cannot be made there",
  EDQUOT: "your disk quota is used up",
  EIO: "a write was cut short, as by a limit on the size of files or a failing disk",
};

/** LMDB tells a write that was cut short by a full disk as an input/output error. */
function hasNoRoom(folder: string): boolean {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize < 2 ** 20;
}
