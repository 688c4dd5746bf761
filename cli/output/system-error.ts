/** Why the system refused, in words that follow a colon; for errors of node:fs. */
export function reasonOf(thrown: unknown): string {
  const { code = "", message } = thrown as NodeJS.ErrnoException;
  return meanings[code] ?? message;
}

const meanings: Readonly<Record<string, string>> = {
  ENOENT: "it does not exist",
  ENOTDIR: "part of its path is no folder",
  EISDIR: "it is a folder",
  EACCES: "permission denied",
  EPERM: "permission denied",
  EROFS: "the file system is read-only",
  ENOSPC: "the disk is full",
  EDQUOT: "your disk quota is used up",
  ELOOP: "it is a link that leads back to itself",
  ENAMETOOLONG: "its name is too long",
};
