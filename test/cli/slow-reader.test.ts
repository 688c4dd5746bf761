// @module-tag process
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { closeSync, constants, copyFileSync, mkdirSync, openSync, readSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { History, openStore } from "../../cache/index.ts";
import type { PipelineEvent, Summary } from "../../pipeline/index.ts";
import { isBuilt, jsonLines, main, mesoflow, processTitle, workingFolders } from "../support/command-line.ts";

const folders = workingFolders();
afterAll(folders.clear);

const example = fileURLToPath(new URL("../../data/example/example.mat", import.meta.url));
const isPosix = process.platform !== "win32";

describe.skipIf(!isBuilt || !isPosix)(processTitle("a reader that does not read"), () => {
  /** So many recordings that what a run says is more than a pipe holds. */
  const many = (cwd: string, name = "r"): string[] => {
    mkdirSync(join(cwd, "many"));
    for (let index = 0; index < 60; index += 1) {
      copyFileSync(example, join(cwd, "many", `${name}${index}.mat`));
    }
    return ["residual", "--profile", "notebook", "--set", "recordings=many/*.mat"];
  };
  const isInHistory = async (cwd: string): Promise<boolean> => {
    const store = openStore(join(cwd, ".mesoflow"), { readOnly: true });
    const runs = new History(store.tables).runs();
    await store.close();
    return runs.length > 0;
  };

  /** Starts a run whose output goes into a pipe that is open for reading, and which nobody reads. */
  const startUnread = (cwd: string, which: "stdout" | "stderr", args: readonly string[]) => {
    const pipe = join(cwd, "pipe");
    expect(spawnSync("mkfifo", [pipe]).status).toBe(0);
    const reading = openSync(pipe, constants.O_RDONLY | constants.O_NONBLOCK);
    const writing = openSync(pipe, constants.O_WRONLY);
    const stdio = which === "stdout" ? ([writing, "ignore"] as const) : (["ignore", writing] as const);
    const child = spawn(process.execPath, [main, "run", ...args], { cwd, stdio: ["ignore", ...stdio] });
    closeSync(writing);
    const gone = once(child, "exit");
    return { child, gone, reading };
  };

  async function readAll(reading: number): Promise<string> {
    const chunks: Buffer[] = [];
    const buffer = Buffer.alloc(4096);
    for (;;) {
      try {
        const length = readSync(reading, buffer);
        if (length === 0) break; // all writers have closed it
        chunks.push(Buffer.from(buffer.subarray(0, length)));
      } catch (thrown) {
        if ((thrown as NodeJS.ErrnoException).code !== "EAGAIN") throw thrown;
        await setTimeout(5);
      }
    }
    closeSync(reading);
    return Buffer.concat(chunks).toString();
  }

  it("keeps no run waiting: it ends, and all its lines are there in order when they are read", async () => {
    const cwd = folders.make();
    const { child, gone, reading } = startUnread(cwd, "stdout", ["--json", ...many(cwd)]);
    while (!(await isInHistory(cwd))) await setTimeout(200);
    expect(child.exitCode).toBeNull(); // it waits for its reader
    const text = await readAll(reading);
    expect(await gone).toEqual([0, null]);
    expect(text.length).toBeGreaterThan(2 * 65_536);

    const events = jsonLines(text) as PipelineEvent[];
    const summary = events.at(-1) as Summary;
    expect(events[0]!.event).toBe("planned");
    expect(summary.executed).toHaveLength(1 + 4 + 60 + 240);
    const told = (kind: string) =>
      events.flatMap((event) => (event.event === kind && "stage" in event ? event.stage : []));
    for (const kind of ["started", "finished"])
      expect(told(kind).sort()).toEqual([...summary.executed].sort());
    for (const stage of summary.executed) {
      const own = events
        .filter((event) => "stage" in event && event.stage === stage)
        .map(({ event }) => event);
      expect([own[0], own.at(-1)]).toEqual(["started", "finished"]);
    }
  });

  it("keeps no run waiting for its lines either", async () => {
    const cwd = folders.make();
    const { gone, reading } = startUnread(cwd, "stderr", many(cwd, "long-".repeat(45)));
    while (!(await isInHistory(cwd))) await setTimeout(200);
    const text = await readAll(reading);
    await gone;
    expect(text.length).toBeGreaterThan(65_536);
    const lines = text.trimEnd().split("\n");
    expect(lines.filter((line) => line.startsWith("ran "))).toHaveLength(305);
    expect(lines.at(-1)).toMatch(/^305 stages ran, 0 up to date, in /);
  });

  it("may leave: the run ends then, without a word", () => {
    const cwd = folders.make();
    const args = ["run", "--json", ...many(cwd)].map((word) => `'${word}'`).join(" ");
    const { stdout, stderr } = spawnSync(
      "/bin/bash",
      ["-c", `'${process.execPath}' '${main}' ${args} | head -n 1`],
      {
        cwd,
        encoding: "utf8",
      },
    );
    expect(JSON.parse(stdout).event).toBe("planned");
    expect(stderr).toBe("");
    expect(mesoflow(cwd, "cache", "verify").status).toBe(0);
  });
});
