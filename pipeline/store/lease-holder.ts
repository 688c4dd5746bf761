import { randomUUID } from "node:crypto";
import { readlinkSync } from "node:fs";
import { hostname } from "node:os";

/** Who computes a result: one execution of a stage, in one process. */
export interface LeaseHolder {
  readonly host: string;
  /** Only processes that share it see one another by their pids: containers of one host do not. */
  readonly pidSpace: string;
  readonly pid: number;
  /** Tells this execution from all others. */
  readonly id: string;
}

/** An owner of its own for one more execution in this process. */
export const newLeaseHolder = (): LeaseHolder => ({ ...thisProcess, id: randomUUID() });

/** Whether the owner's process is known to be gone; of one on another machine that cannot be known. */
export function isDead({ host, pidSpace, pid }: LeaseHolder): boolean {
  if (host !== thisProcess.host || pidSpace !== thisProcess.pidSpace) return false;
  try {
    process.kill(pid, 0);
    return false;
  } catch (thrown) {
    return (thrown as NodeJS.ErrnoException).code === "ESRCH"; // EPERM: alive, and another user's
  }
}

const thisProcess = { host: hostname(), pidSpace: pidSpace(), pid: process.pid };

function pidSpace(): string {
  try {
    return readlinkSync("/proc/self/ns/pid");
  } catch {
    return ""; // no Linux: one space a host
  }
}
