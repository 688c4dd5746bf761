import { hostname } from "node:os";
import { performance } from "node:perf_hooks";
import type { Result, Store } from "../store/store.ts";
import type { Job } from "./job.ts";

/**
 * What there is to say of a job that was begun at `begin`, ms on the clock of `performance`, and has ended now.
 */
export const describeResult = (
  { key, preImage, partOf }: Job,
  begin: number,
  store: Pick<Store, "now">,
): Omit<Result, "content"> => ({
  key,
  preImage,
  seconds: (performance.now() - begin) / 1000,
  at: new Date(store.now()).toISOString(),
  where: { host: hostname(), pid: process.pid, node: process.version },
  ...(partOf !== undefined && { partOf }),
});
