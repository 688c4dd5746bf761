// @module-tag process
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openStore } from "../../cache/index.ts";
import {
  isBuilt,
  jsonLines,
  mesoflow,
  printed,
  processTitle,
  workingFolders,
} from "../support/command-line.ts";

const folders = workingFolders();
afterAll(folders.clear);

describe.skipIf(!isBuilt)(processTitle("the cache"), () => {
  const cwd = folders.make();
  const notebook = ["--profile", "notebook"];
  const ring = ["ring-trial/baseline", ...notebook];
  const slow = [...ring, "--set", "ring.v_c=50"];
  const json = (...args: string[]) => jsonLines(printed(cwd, ...args, "--json"));
  beforeAll(() => {
    printed(cwd, "run", "--json", ...ring);
    printed(cwd, "run", "--json", ...slow);
    printed(cwd, "run", "--json", ...slow);
  });

  it("remembers its runs, and what changed from one to another", () => {
    const runs = json("cache", "history");
    expect(runs.at(-1)).toEqual({ event: "history", runs: 3 });
    const endings = runs
      .slice(0, 3)
      .map(({ stages }) => stages.map(({ ending }: { ending: string }) => ending));
    expect(endings).toEqual([
      ["hit", "hit"],
      ["hit", "finished"],
      ["finished", "finished"],
    ]);
    expect(runs[1]).toMatchObject({ outcome: "done", revision: { configuration: { ring: { v_c: 50 } } } });
    const text = printed(cwd, "cache", "history", runs[2].id, runs[1].id);
    expect(text).toContain("ring.v_c: 300 → 50\n");
    expect(text).toMatch(/delta_V: \d+ of 36000 elements differ, at most \S+, relatively \S+, \S+ ulp/);
    expect(text).toContain("1 of 2 stages differ");
    expect(json("cache", "history", runs[2].id, "last").at(-1).stages).toMatchObject([
      {
        stage: "ring-trial/baseline",
        reasons: [{ kind: "parameter", path: "ring.v_c", from: 300, to: 50 }],
        output: { arrays: { time: { kind: "equal" }, delta_V: { kind: "elements" } } },
      },
    ]);
    expect(printed(cwd, "cache", "history", "last")).toMatch(/^run 20\S+: done\n/);
    expect(mesoflow(cwd, "cache", "history", "2").stderr).toBe("3 runs begin with 2: give more of it.\n");
    expect(mesoflow(cwd, "cache", "history", "nobody").status).toBe(2);
  });

  it("remembers a run that failed", () => {
    const other = folders.make();
    writeFileSync(join(other, "bad.mat"), "no recording");
    expect(mesoflow(other, "run", "recording", "--set", "recordings=bad.mat").status).toBe(2);
    const [run] = jsonLines(printed(other, "cache", "history", "--json"));
    expect(run).toMatchObject({ outcome: "failed", stages: [{ stage: "recording/bad", ending: "failed" }] });
  });

  it("tells by which run a result was computed, and what one would cost", () => {
    const runs = json("cache", "history");
    expect(printed(cwd, "why", ...slow)).toContain(` by run ${runs[1].id}\n`);
    expect(json("why", ...ring, "--set", "ring.v_c=70")[0].cost).toEqual({
      seconds: expect.any(Number),
      unknown: [],
    });
  });

  it("lists what is asked for", () => {
    const stages = (...args: string[]) =>
      json("cache", "ls", ...args).flatMap(({ stage }) => (stage === undefined ? [] : [stage]));
    expect(stages()).toEqual(["ring-trial/baseline", "ring-trial/baseline", "fixed-point"]);
    expect(stages("--stage", "ring-*/*")).toHaveLength(2);
    expect(stages("--larger-than", "10kB")).toHaveLength(2);
    expect(stages("--older-than", "1h")).toEqual([]);
    expect(stages("--run", "last").sort()).toEqual(["fixed-point", "ring-trial/baseline"]);
    const { status, stderr } = mesoflow(cwd, "cache", "ls", "--older-than", "soon");
    expect([status, stderr]).toEqual([
      2,
      "--older-than is soon, but must be a time like 90min, 12h or 30d.\n",
    ]);
  });

  it("compares two results", () => {
    const keys = json("cache", "ls", "--stage", "ring-trial").flatMap(({ key }) => key ?? []);
    const [difference] = json("cache", "diff", keys[0], keys[1].slice(0, 12));
    expect(difference).toMatchObject({ equal: false, arrays: { space: { kind: "equal" } }, values: [] });
    expect(json("cache", "diff", keys[0], keys[0])[0].equal).toBe(true);
    expect(mesoflow(cwd, "cache", "diff", keys[0]).stderr).toBe(
      "1 results are named: name two to compare.\n",
    );
  });

  it("is audited: the same bits, and other ones where the store lies", async () => {
    expect(printed(cwd, "audit", "fixed-point", ...notebook)).toMatch(
      /^equal fixed-point {2}\S+ s\n1 stage equal, 0 different, 0 failed\n$/,
    );
    expect(json("audit", ...notebook, "--sample", "0.1").at(-1)).toMatchObject({ equal: 1, different: 0 });

    const other = folders.make();
    printed(other, "run", "--json", "fixed-point", ...notebook);
    const store = openStore(join(other, ".mesoflow"));
    const [{ bytes: _, content, ...entry }] = store.entries() as [ReturnType<typeof store.entries>[number]];
    const artifact = await store.load(content);
    artifact.arrays.first_order!.data[0]! += 1e-9;
    store.tables.results.delete(entry.key);
    await store.commit(entry, artifact);
    await store.close();
    const { status, stdout } = mesoflow(other, "audit", "fixed-point", ...notebook);
    expect(status).toBe(1);
    expect(stdout).toMatch(/^different fixed-point\n {2}first_order: 1 of 2 elements differ, at most 1e-9, /);
  });

  it("is collected down to what is pinned, current or of the last runs; why tells what was evicted", () => {
    const gc = (...args: string[]) =>
      mesoflow(cwd, "cache", "gc", "--keep-runs", "0", "--max-size", "0B", ...args);
    printed(cwd, "cache", "pin", ...ring);
    const preview = gc("--dry-run", ...notebook, "--set", "ring.tau1=40");
    expect(preview.status).toBe(1);
    expect(preview.stdout).toMatch(
      /ring-trial\/baseline .*\n\nfrees .* of 1 artifact, .* to compute again; .* would stay, more/,
    );
    expect(gc(...notebook, "--set", "ring.tau1=40").stdout).toMatch(/\nfreed .* of 1 artifact/);
    expect(json("status", ...ring).at(-1).fresh).toEqual(["ring-trial/baseline"]);
    expect(json("status", ...slow)[0]).toMatchObject({ state: "stale", reasons: [{ kind: "evicted" }] });
    expect(printed(cwd, "cache", "unpin", "ring-trial/baseline")).toBe("unpinned ring-trial/baseline\n");
    expect(mesoflow(cwd, "cache", "unpin", "ring-trial/baseline").status).toBe(2);
  });

  it("stays within a limit after a run", () => {
    const other = folders.make();
    printed(other, "run", "--json", "fixed-point", ...notebook);
    const { status, stderr } = mesoflow(
      other,
      "run",
      "--json",
      "fixed-point",
      ...notebook,
      "--max-size",
      "1B",
    );
    expect(status).toBe(0);
    expect(stderr).toMatch(/^freed 0 B of 0 artifacts, .* stay, more than the limit/);
  });

  it("is checked, and tells what is damaged", async () => {
    expect(json("cache", "verify").at(-1)).toMatchObject({ event: "verified", damaged: 0 });
    expect(printed(cwd, "cache", "verify", "--sample", "0.5")).toContain("nothing is damaged");
    const store = openStore(join(cwd, ".mesoflow"));
    const [entry] = store.entries().filter(({ preImage }) => preImage.stage === "fixed-point");
    const blob = /"blob":"(\w+)"/.exec(store.tables.artifacts.get(entry!.content)!)![1]!;
    store.tables.transaction(() => store.tables.blobs.put(blob, new Uint8Array(3)));
    await store.close();
    const { status, stdout } = mesoflow(cwd, "cache", "verify");
    expect(status).toBe(1);
    expect(stdout).toMatch(/^damaged fixed-point \w+: the bytes \w+ do not match their hash\n/);
    expect(json("cache", "verify").at(-1)).toMatchObject({ damaged: 0 });
    expect(json("run", "fixed-point", ...notebook).at(-1).executed).toEqual(["fixed-point"]);
  });

  it("is cleared but for its pins, and gives its room back to the disk", () => {
    const file = join(cwd, ".mesoflow", "data.mdb");
    printed(cwd, "run", "--json", ...slow);
    printed(cwd, "cache", "pin", "fixed-point", ...notebook);
    expect(printed(cwd, "cache", "clear")).toMatch(/^cleared \d results?, .*B; /);
    const before = statSync(file).size;
    expect(printed(cwd, "cache", "compact")).toMatch(/^\.mesoflow: .* → .*B\n$/);
    expect(statSync(file).size).toBeLessThan(before);
    expect(json("status", ...ring, "fixed-point").at(-1).fresh).toEqual(["fixed-point"]);
  });

  it("gives Zarr with names, units and values", () => {
    printed(cwd, "run", "--json", ...ring);
    expect(printed(cwd, "export", ...ring, "--out", "ring.zarr")).toMatch(/^wrote .* to ring\.zarr \(zarr, /);
    printed(cwd, "export", ...ring, "--out", "ring.zarr"); // in place of the first
    const read = (path: string) => JSON.parse(readFileSync(join(cwd, "ring.zarr", path), "utf8"));
    expect(read("zarr.json")).toMatchObject({
      ...{ zarr_format: 3, node_type: "group", attributes: { stage: "ring-trial/baseline" } },
    });
    expect(read("delta_V/zarr.json")).toMatchObject({
      ...{ shape: [1200, 30], dimension_names: ["time", "space"], data_type: "float64" },
    });
    writeFileSync(join(cwd, "taken.zarr"), "");
    expect(mesoflow(cwd, "export", ...ring, "--out", "taken.zarr").status).toBe(2);
  });

  it("shows the course of arrays", () => {
    expect(printed(cwd, "show", ...ring)).toMatch(/\ntime .* ▁▁.*▅.*██\n/);
  });
});
