// @module-tag process
import { readdirSync } from "node:fs";
import { afterAll, describe, expect, test, vi } from "vitest";
import { titled } from "../golden.ts";
import { fast, isBuilt, jsonLines, printed, processTitle, workingFolders } from "../support/command-line.ts";
import { hasRedis, redisTitle } from "../support/redis.ts";
import { hasSlurm, startSlurm } from "./slurm.ts";

const folders = workingFolders();
afterAll(() => folders.clear());
const recipes = ["run.sbatch", "workers.sbatch"].map(
  (name) => new URL(`../../docs/cluster/${name}`, import.meta.url),
);
/** How long to look for the end of all jobs, ms. */
const LIMIT = { timeout: 600_000, interval: 250 };
const isMet = isBuilt && hasRedis && hasSlurm;
const title = processTitle(redisTitle(titled("the recipe for Slurm", hasSlurm, "Slurm and munge, as root")));

describe.skipIf(!isMet)(title, () => {
  test(
    "starts a Redis and workers, runs what it is given, and leaves nothing behind",
    async () => {
      const slurm = await startSlurm(recipes, 2);
      try {
        const scan = ["scan", ...fast, "--set", "scan.points=2"];
        const job = slurm
          .run("sbatch", "--parsable", "--export=ALL,WORKERS=2", "run.sbatch", ...scan, "--cache", "cache")
          .trim();
        await vi.waitUntil(() => slurm.run("squeue", "--noheader").trim() === "", LIMIT);
        expect(slurm.log(`mesoflow-${job}.log`)).toMatch(/7 stages ran, 0 up to date/);
        expect(slurm.run("scontrol", "show", "job", job)).toContain("JobState=COMPLETED");
        const left = readdirSync(slurm.work);
        const logs = left.filter((name) => name.startsWith("mesoflow-worker-"));
        expect(logs).toHaveLength(2);
        expect(logs.map((name) => slurm.log(name)).join("")).toMatch(/^ran scan/m);
        expect(left.filter((name) => name.startsWith("executor"))).toEqual([]);
        const cwd = folders.make();
        const contents = (...args: string[]) =>
          jsonLines(printed(cwd, "show", "scan", "--json", ...args)).at(-1).content;
        printed(cwd, "run", ...scan);
        const settings = scan.slice(1);
        expect(contents(...settings, "--cache", `${slurm.work}/cache`)).toBe(contents(...settings));
      } finally {
        slurm.stop();
      }
    },
    LIMIT.timeout,
  );
});
