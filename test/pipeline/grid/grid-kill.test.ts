// @module-tag process
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { expect, test } from "vitest";
import { bundle } from "../../support/bundle.ts";

const [points, chunk, jobs] = [400, 8, 2];

test("a process that is killed again and again within a grid loses at most a chunk for each job each time", async () => {
  const { file, remove } = await bundle("../pipeline/grid/grid-program.ts");
  const root = mkdtempSync(join(tmpdir(), "mesoflow-grid-"));
  const log = join(root, "log");
  const lines = () => (existsSync(log) ? readFileSync(log, "utf8").split("\n").slice(0, -1) : []);
  let kills = 0;
  let lost = 0;
  let made = "";
  try {
    for (let ending: unknown = "SIGKILL"; ending === "SIGKILL"; ) {
      const before = lines().length;
      const terms = [points, chunk, jobs].map(String);
      const child = spawn(process.execPath, [file, join(root, "cache"), log, ...terms], {
        stdio: ["ignore", "pipe", "inherit"],
      });
      made = "";
      child.stdout.setEncoding("utf8").on("data", (text: string) => {
        made += text;
      });
      const gone = once(child, "close").then(([code, signal]) => code ?? signal);
      let isGone = false;
      void gone.then(() => {
        isGone = true;
      });
      // A different number of points each time, so that kills come at all moments of a chunk.
      const quota = 41 + 7 * kills;
      while (!isGone && lines().length - before < quota) await setTimeout(1);
      if (!isGone && child.kill("SIGKILL")) kills += 1;
      ending = await gone;
      if (ending === "SIGKILL") lost += jobs * chunk;
    }
    expect(JSON.parse(made)).toEqual(Array.from({ length: points }, (_, at) => 2 * at));
    expect(kills).toBeGreaterThan(2);
    expect(new Set(lines()).size).toBe(points);
    expect(lines().length).toBeLessThanOrEqual(points + lost);
  } finally {
    remove();
    rmSync(root, { recursive: true, force: true });
  }
});
