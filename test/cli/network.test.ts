// @module-tag process
import { spawnSync } from "node:child_process";
import { afterAll, describe, expect, it } from "vitest";
import { isBuilt, main, printed, processTitle, workingFolders } from "../support/command-line.ts";

describe.skipIf(!isBuilt)(processTitle("networks from the command line"), () => {
  const folders = workingFolders();
  afterAll(folders.clear);
  const short = ["--set", "spiking.duration=150", "--set", "waveform.duration=150"];
  const networks = ["network", "waveform-network"];

  /** Content hashes of both networks, run with so many jobs. */
  function contents(jobs: number): string[] {
    const folder = folders.make();
    printed(folder, "run", ...networks, ...short, "--jobs", String(jobs));
    return networks.map((name) => {
      const shown = printed(folder, "show", name, ...short, "--json")
        .trim()
        .split("\n")
        .at(-1)!;
      return JSON.parse(shown).content;
    });
  }

  it("are the same whatever --jobs", () => {
    const alone = contents(1);
    expect(new Set(alone).size).toBe(2);
    expect(contents(2)).toEqual(alone);
    expect(contents(4)).toEqual(alone);
  });

  it("take less than 300 MB, both of full length at once", () => {
    const tell = "process.on('exit', () => console.error('rss', process.resourceUsage().maxRSS))";
    const { status, stderr } = spawnSync(
      process.execPath,
      [
        ...["--import", `data:text/javascript,${encodeURIComponent(tell)}`],
        ...[main, "run", ...networks, "--jobs", "2"],
      ],
      { cwd: folders.make(), env: { ...process.env, MESOFLOW_CACHE: "" }, encoding: "utf8" },
    );
    expect(status).toBe(0);
    const kilobytes = Number(/rss (\d+)/.exec(stderr)![1]);
    expect(kilobytes).toBeGreaterThan(10_000);
    expect(kilobytes).toBeLessThan(300_000);
  });
});
