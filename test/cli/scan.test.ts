// @module-tag process
import { once } from "node:events";
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { openStore } from "../../cache/index.ts";
import { exampleRecording } from "../../data/example.ts";
import { decodeNpz } from "../../data/npz.ts";
import type { PipelineEvent } from "../../pipeline/index.ts";
import { profiles } from "../../stages/configuration.ts";
import { root } from "../project.ts";
import { filmedOtherwise } from "../recordings.ts";
import {
  isBuilt,
  jsonLines,
  mesoflow,
  printed,
  processTitle,
  start,
  workingFolders,
} from "../support/command-line.ts";

const folders = workingFolders();
afterAll(folders.clear);

type Of<K extends PipelineEvent["event"]> = Extract<PipelineEvent, { event: K }>;
const told = <K extends PipelineEvent["event"]>(events: readonly PipelineEvent[], kind: K): Of<K>[] =>
  events.filter((event): event is Of<K> => event.event === kind);

const pinned = ["scan", "--profile", "notebook"];
const set = (...settings: string[]) => settings.flatMap((setting) => ["--set", setting]);
/** A ring of eight units in steps of 2.5 ms: a trial takes a tenth of a millisecond, and its numbers mean little. */
const coarse = set("ring.pixels=8", "ring.dt=2.5");

const eventsOf = (cwd: string, ...args: string[]): PipelineEvent[] =>
  jsonLines(printed(cwd, "run", "--json", ...args));
const contentOf = (events: readonly PipelineEvent[]) =>
  [...told(events, "finished"), ...told(events, "hit")].find(({ stage }) => stage === "scan")?.content;
const sum = (parts: readonly Of<"part">[]) => parts.reduce((total, { points }) => total + points, 0);

const exampleFile = fileURLToPath(exampleRecording);

/** Runs a scan and reads its residuals from what `export` writes. */
function residuals(cwd: string, ...args: string[]): Float64Array {
  printed(cwd, "run", ...args);
  printed(cwd, "export", ...args, "--out", "scan.npz");
  return decodeNpz(readFileSync(join(cwd, "scan.npz")), "scan.npz").residual!.data as Float64Array;
}

describe.skipIf(!isBuilt)(processTitle("a scan that is killed"), () => {
  it("goes on where it was: a kill loses a chunk a job at most, and the artifact is the same", async () => {
    const [jobs, chunk] = [2, 50];
    const args = [...pinned, "--jobs", String(jobs), ...set("scan.points=3", "ring.pixels=20")];
    const cwd = folders.make();
    const run = start(cwd, "run", "--json", ...args);
    const gone = once(run, "close");
    const output: string[] = [];
    run.stderr.resume();
    run.stdout.setEncoding("utf8").on("data", (text: string) => {
      output.push(text);
      if (text.includes('"part"')) run.kill("SIGKILL");
    });
    await gone;
    // A line that was being written when the kill came is no line.
    const before = jsonLines(output.join("").replace(/[^\n]*$/, "")) as PipelineEvent[];
    const kept = await chunksIn(cwd);
    const after = eventsOf(cwd, ...args);

    const known = told(before, "part").map(({ key }) => key);
    const resumed = told(after, "part");
    expect(known.length).toBeGreaterThan(0);
    expect([...kept.keys()]).toEqual(expect.arrayContaining(known));
    expect(resumed.map(({ key }) => key)).toEqual(expect.arrayContaining([...kept.keys()]));
    expect(sum(resumed)).toBe(729);
    const isKept = [...kept.values()].reduce((total, points) => total + points, 0);
    // Progress tells of points while they are computed, before they are stored.
    expect(told(before, "progress").at(-1)?.done ?? 0).toBeLessThanOrEqual(isKept + jobs * chunk);
    expect(contentOf(after)).toBe(contentOf(eventsOf(folders.make(), ...args)));
  });
});

/** The chunks in a cache: how many points each holds. */
async function chunksIn(cwd: string): Promise<Map<string, number>> {
  const store = openStore(join(cwd, ".mesoflow"));
  const chunks = store
    .entries()
    .flatMap(({ key, preImage: { points } }) => (points ? [[key, points.rows.length] as const] : []));
  await store.close();
  return new Map(chunks);
}

describe.skipIf(!isBuilt)(processTitle("a scan"), () => {
  it("runs only what is new of a recording or a value more", () => {
    const cwd = folders.make();
    mkdirSync(join(cwd, "films"));
    copyFileSync(exampleFile, join(cwd, "films", "one.mat"));
    const args = [...pinned, ...coarse, ...set("recordings=films")];
    const first = told(eventsOf(cwd, ...args), "part");
    expect(sum(first)).toBe(64);

    writeFileSync(join(cwd, "films", "two.mat"), filmedOtherwise({ frames: 2 }));
    const second = told(eventsOf(cwd, ...args), "part");
    const isOld = new Set(first.map(({ key }) => key));
    expect(sum(second.filter(({ key }) => isOld.has(key)))).toBe(64);
    expect(sum(second.filter(({ key }) => !isOld.has(key)))).toBe(64);

    // Three values between the same ends: the ends are known.
    for (const { key } of second) isOld.add(key);
    const third = told(eventsOf(cwd, ...args, ...set("scan.points=3")), "part");
    expect(sum(third.filter(({ key }) => isOld.has(key)))).toBe(2 * 64);
    expect(sum(third.filter(({ key }) => !isOld.has(key)))).toBe(2 * (729 - 64));
    expect(told(eventsOf(cwd, ...args), "summary")[0]).toMatchObject({ executed: [] });
  });

  it("makes the same artifact with any number of jobs", () => {
    const content = (jobs: string) =>
      contentOf(eventsOf(folders.make(), ...pinned, ...coarse, "--jobs", jobs, ...set("scan.points=3")));
    const alone = content("1");
    expect(alone).toMatch(/^[0-9a-f]{64}$/);
    expect([content("2"), content("5")]).toEqual([alone, alone]);
  });

  it("of one point a parameter is at the lower ends", () => {
    const cwd = folders.make();
    const one = residuals(cwd, ...pinned, ...coarse, ...set("scan.points=1"));
    expect([...one]).toEqual([residuals(cwd, ...pinned, ...coarse)[0]]);
  });

  it("as the README has it goes over all recordings of a folder at five values each", () => {
    const readme = readFileSync(join(root, "README.md"), "utf8");
    const [, command] = /### A scan\n\n```sh\nnpx mesoflow (.*)\n```/.exec(readme)!;
    expect(profiles.paper!.scan).toEqual({ points: 5 });
    const cwd = folders.make();
    mkdirSync(join(cwd, "films"));
    copyFileSync(exampleFile, join(cwd, "films", "one.mat"));
    writeFileSync(join(cwd, "films", "two.mat"), filmedOtherwise({ frames: 2 }));
    const args = command!.replace("FOLDER", "films").split(" ");
    expect(args[0]).toBe("run");
    const fast = [...coarse, ...set("scan.points=2")];
    // Two values do: five take long on a busy machine.
    expect(printed(cwd, ...args, ...fast)).not.toContain("failed");
    const shared = args.slice(args.indexOf("--profile"));
    const exported = ["export", "scan", ...shared, ...fast, "--out", "scan.npz"];
    printed(cwd, ...exported);
    const arrays = decodeNpz(readFileSync(join(cwd, "scan.npz")), "scan.npz");
    expect(arrays.residual!.shape).toEqual([2, 2, 2, 2, 2, 2, 2]);
    expect([...arrays.tau1!.data]).toEqual([5, 50]);
  });

  it.each([
    ["scan.v_c=[600,50]", /^scan\.v_c is \[600, 50\] mm\/s \(--set\), but must rise from low to high/],
    ["scan.tau1=[5,5]", /^scan\.tau1 is \[5, 5\] ms \(--set\), but must rise from low to high/],
    ["scan.l_exc=[1,1e999]", /^scan\.l_exc is \[1, Infinity\] mm \(--set\), but must be two rising numbers/],
    ["scan.v_c=[50,2e6]", /two rising numbers \[low, high\], each above 0 and at most 1000000 mm\/s/],
    ["scan.l_stim=[-1,2]", /^scan\.l_stim is \[-1, 2\] mm .* each above 0 and at most 1000 mm/],
    ["scan.points=0", /^scan\.points is 0 \(--set\), but must be from 1 to 100/],
    ["scan.t_range=[300,-100]", /^scan\.t_range is \[300, -100\] ms \(--set\), but must rise/],
    [
      "scan.points=20",
      /^scan\.points is 20: six parameters of 20 values each, against 1 recording, make 20\^6 × 1 = 64,000,000 points, and 10,000,000 fit into memory; set scan\.points to at most 14/,
    ],
    [
      "scan.v_c=[50,50.00000000000001]",
      /^scan\.v_c is \[50, 50\.00000000000001\] mm\/s, too narrow for 3 different values/,
    ],
    [
      "scan.t_range=[3000,4000]",
      /^failed scan: The recording has no sample within scan\.t_range, 3000 to 4000 ms: it was recorded from -220 to 370\.85 ms; widen scan\.t_range \(at .*\)\.\n/,
    ],
    ["scan.t_range=[0,10]", /The recording has only one sample within scan\.t_range, 0 to 10 ms/],
    [
      "ring.dt=3",
      /^ring\.dt is 3 ms \(--set\), but must be at most half of mean_field\.T, which is 5 ms \(the default\), for the/,
    ],
    ["ring.pixels=2", /^failed scan: No unit of the ring lies within the recording/],
  ])("says in a sentence what is wrong with %s", (setting, sentence) => {
    const { status, stderr } = mesoflow(
      folders.make(),
      ...["run", ...pinned, ...coarse, ...set("scan.points=3", setting)],
    );
    const said = stderr.replace(/^ran .*\n/gm, "");
    expect(said).toMatch(sentence);
    expect([status, /^\s+at /m.test(stderr)]).toEqual([2, false]);
  });
});
