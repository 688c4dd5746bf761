// @module-tag process
import { once } from "node:events";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseHTML } from "linkedom";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fileOf } from "../../cli/output/labelled.ts";
import { sections } from "../../cli/report/sections.ts";
import { exampleRecording } from "../../data/example.ts";
import { figuresOf } from "../../figures/index.ts";
import {
  fast,
  isBuilt,
  jsonLines,
  mesoflow,
  printed,
  processTitle,
  start,
  workingFolders,
} from "../support/command-line.ts";

describe.skipIf(!isBuilt)(processTitle("a report from the command line"), () => {
  const folders = workingFolders();
  afterAll(folders.clear);
  const pageIn = (folder: string) => readFileSync(join(folder, "report.html"), "utf8");
  const documentOf = (page: string) => parseHTML(page).document;
  const hidden = (folder: string) => readdirSync(folder).filter((name) => name.endsWith(".tmp"));

  describe("of the whole pipeline", () => {
    let cwd: string;
    let summary: ReturnType<typeof jsonLines>[number];
    let stages: string[];
    beforeAll(() => {
      cwd = folders.make();
      const lines = jsonLines(printed(cwd, "report", "--json", ...fast));
      summary = lines.at(-1);
      stages = lines.find(({ event }) => event === "planned").stages;
    });

    it("lists its files in the summary, which comes last and once", () => {
      expect(summary).toMatchObject({
        event: "summary",
        failed: [],
        report: { folder: "report", page: "report.html" },
      });
      const { files, bytes } = summary.report;
      for (const { file, bytes } of files) expect(statSync(join(cwd, "report", file)).size).toBe(bytes);
      const there = readdirSync(join(cwd, "report"), { recursive: true, withFileTypes: true });
      expect(there.filter((each) => each.isFile())).toHaveLength(files.length);
      expect(files.reduce((sum: number, each: { bytes: number }) => sum + each.bytes, 0)).toBe(bytes);
    });

    it("has every section and every figure, in all forms, with the arrays that it shows", () => {
      const document = documentOf(pageIn(join(cwd, "report")));
      const ids = [...document.querySelectorAll("main section")].map(({ id }) => id);
      expect(ids).toEqual([...sections.map(({ id }) => id), "provenance"]);
      expect([...document.querySelectorAll(".missing")]).toEqual([]);
      const figures = figuresOf(stages);
      expect(document.querySelectorAll("figure")).toHaveLength(figures.length);
      for (const { name, needs } of figures) {
        expect(document.querySelector(`#figure-${name.replaceAll("/", "_")}`)).not.toBeNull();
        const files = [
          `svg/light/${fileOf(name, "svg")}`,
          `svg/dark/${fileOf(name, "svg")}`,
          `png/${fileOf(name, "png")}`,
        ];
        for (const file of [...files, ...needs.map((stage) => `csv/${fileOf(stage, "csv")}`)])
          expect(existsSync(join(cwd, "report", file))).toBe(true);
      }
      const links = [...document.querySelectorAll("figcaption a")].map((link) => link.getAttribute("href")!);
      for (const link of links) expect(existsSync(join(cwd, "report", decodeURIComponent(link)))).toBe(true);
    });

    it("stays short, fetches nothing, and says how numbers agree", () => {
      const page = pageIn(join(cwd, "report"));
      expect(Buffer.byteLength(page)).toBeLessThan(5e6);
      const document = documentOf(page);
      expect([...document.querySelectorAll("[src], script, link")]).toEqual([]);
      expect([...page.matchAll(/url\(([^)]*)/g)].filter(([, to]) => !to!.startsWith("data:"))).toEqual([]);
      const spikes = [...document.querySelectorAll("#single-cells tbody tr")].map(
        ({ textContent }) => textContent,
      );
      expect(spikes[0]).toMatch(/RS-cell *4 *4 *agrees/);
      const fixedPoint = document.querySelector("#network table")!.textContent;
      expect(fixedPoint).toMatch(/differs by .* Hz .*tf\.duration is 0\.2 s, in the notebook 10 s/);
    });

    it("tells each stage's key and content, and how to make it again", () => {
      const provenance = JSON.parse(readFileSync(join(cwd, "report", "provenance.json"), "utf8"));
      expect(provenance.stages.map(({ name }: { name: string }) => name).sort()).toEqual([...stages].sort());
      const text = documentOf(pageIn(join(cwd, "report"))).querySelector("#provenance")!.textContent!;
      for (const { name, made } of provenance.stages) {
        for (const fact of [name, made.key, made.content, made.run]) expect(text).toContain(fact);
      }
      expect(provenance.command).toContain("mesoflow report --set tf.duration=0.2");
    });

    it("is the same, byte for byte, when nothing has run, and takes the place of the one before as a whole", () => {
      const before = pageIn(join(cwd, "report"));
      writeFileSync(join(cwd, "report", "svg", "stray.svg"), "");
      const text = printed(cwd, "report", ...fast);
      expect(text).toMatch(/^wrote report\/report\.html \(\d.* [kM]B\), and \d+ files beside it \(.* MB\)$/m);
      expect(pageIn(join(cwd, "report"))).toBe(before);
      expect(existsSync(join(cwd, "report", "svg", "stray.svg"))).toBe(false);
      expect(hidden(cwd)).toEqual([]);
    });

    it("tells of the named stages and what they need alone", () => {
      printed(cwd, "report", "ring-trial/baseline", "--out", "ring", ...fast);
      const document = documentOf(pageIn(join(cwd, "ring")));
      const ids = [...document.querySelectorAll("main section")].map(({ id }) => id);
      expect(ids).toEqual(["transfer-functions", "network", "ring", "provenance"]);
    });
  });

  it("refuses a folder that is no report, before anything runs", () => {
    const cwd = folders.make();
    for (const [folder, file] of [
      ["thesis", "chapter.txt"],
      ["site", "report.html"],
    ] as const) {
      mkdirSync(join(cwd, folder));
      writeFileSync(join(cwd, folder, file), "mine");
      const { status, stderr } = mesoflow(cwd, "report", "step-response", "--out", folder);
      expect(status).toBe(2);
      expect(stderr).toBe(`${folder} is there and no folder of this kind; choose another with --out.\n`);
      expect(readFileSync(join(cwd, folder, file), "utf8")).toBe("mine");
    }
    for (const [out, why] of [
      ["no/where", "the folder .*/no does not exist"],
      ["/dev/null/x", "."],
      [" ", "--out is empty"],
    ] as const) {
      const { status, stdout, stderr } = mesoflow(cwd, "report", "step-response", "--out", out);
      expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
      expect(stderr).toMatch(new RegExp(`^.*${why}.*\n$`));
    }
    expect(existsSync(join(cwd, ".mesoflow"))).toBe(false);
    mkdirSync(join(cwd, "empty"));
    printed(cwd, "report", "step-response", "--out", "empty");
    expect(existsSync(join(cwd, "empty", "report.html"))).toBe(true);
  });

  it("says in its place what has failed, and what that leaves missing", () => {
    const cwd = folders.make();
    copyFileSync(fileURLToPath(exampleRecording), join(cwd, "good.mat"));
    writeFileSync(join(cwd, "bad.mat"), "no recording");
    const { status, stderr } = mesoflow(
      cwd,
      ...["report", "recording", "propagation/recording", "--keep-going"],
      ...["--set", 'recordings=["good.mat","bad.mat"]'],
    );
    expect(status).toBe(2);
    expect(stderr).toContain("failed recording/bad: ");
    const document = documentOf(pageIn(join(cwd, "report")));
    const told = [...document.querySelectorAll("#recordings .missing")].map(({ textContent }) => textContent);
    expect(told).toEqual([
      expect.stringMatching(/^recording\/bad failed: .*bad\.mat/),
      "propagation/recording/bad has no result, as it needs recording/bad, which failed",
      "The figure “A recording with voltage-sensitive dye: bad” is missing, as recording/bad is.",
    ]);
    expect(document.querySelectorAll("#recordings figure")).toHaveLength(1);
  });

  it("leaves no report, and nothing of one, when it is interrupted", async () => {
    const cwd = folders.make();
    const child = start(cwd, "report", "posterior", "--json", "--set", "posterior.simulations=20000");
    await new Promise<void>((resolve) => {
      child.stdout.on("data", (chunk) => String(chunk).includes('"finished"') && resolve());
    });
    child.kill("SIGINT");
    const [status] = await once(child, "exit");
    expect(status).toBe(130);
    expect(readdirSync(cwd)).toEqual([".mesoflow"]);
  });
});
