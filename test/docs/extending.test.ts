// @module-tag process
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { titled } from "../golden.ts";
import { root } from "../project.ts";

const built = existsSync(join(root, "kernels/kernels.wasm"));

/** A file as a document prints it: the whole, or pieces of a diff. */
interface Edit {
  readonly file: string;
  readonly kind: string;
  readonly text: string;
}

/** Each block of code, with the name in bold that it or a block before it stands under. */
function editsOf(markdown: string): Edit[] {
  let file = "";
  return [...markdown.matchAll(/^\*\*`([^`\n]+)`\*\*$|^```(ts|diff)\n([\s\S]*?)^```$/gm)].flatMap(
    (found): Edit[] => {
      const [, name, kind, text] = found;
      if (name !== undefined) file = name;
      return kind === undefined ? [] : [{ file, kind, text: text! }];
    },
  );
}

function apply(folder: string, { file, kind, text }: Edit): void {
  const path = join(folder, file);
  if (kind === "ts") {
    writeFileSync(path, text, { flag: "wx" });
    return;
  }
  const lines = text.trimEnd().split("\n");
  const side = (sign: string) =>
    lines
      .filter((line) => line[0] === " " || line[0] === sign)
      .map((line) => `${line.slice(1)}\n`)
      .join("");
  const parts = readFileSync(path, "utf8").split(side("-"));
  expect(parts).toHaveLength(2);
  writeFileSync(path, parts.join(side("+")));
}

describe.skipIf(!built)(titled("docs/extending.md, done to a copy of the sources", built, "a build"), () => {
  const folder = mkdtempSync(join(tmpdir(), "mesoflow-extending-"));
  const edits = editsOf(readFileSync(join(root, "docs/extending.md"), "utf8"));
  const settings = ["spiking.duration=100", "memory.longest=10"].flatMap((setting) => ["--set", setting]);
  let server: ChildProcess | undefined;
  afterAll(() => {
    server?.kill("SIGKILL");
    rmSync(folder, { recursive: true });
  });

  /** What a program of the copy prints; throws where it fails. */
  function output(...args: string[]): string {
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: folder, encoding: "utf8" });
    expect({ status, told: status === 0 ? "" : stdout + stderr }).toEqual({ status: 0, told: "" });
    return stdout;
  }
  const mesoflow = (...args: string[]) => output("dist/cli/main.js", ...args);

  beforeAll(() => {
    const rooms = ["pipeline", "cache", "kernels", "stages", "data", "figures", "web", "cli", "scripts"];
    for (const name of [...rooms, "package.json", "tsconfig.json"])
      cpSync(join(root, name), join(folder, name), { recursive: true });
    symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
    for (const edit of edits) apply(folder, edit);
    output("node_modules/typescript/bin/tsc", "-p", "tsconfig.json");
    output("dist/scripts/finish.js");
  });

  test("touches four source files", () => {
    expect([...new Set(edits.map(({ file }) => file))]).toHaveLength(4);
  });

  test("is run, shown, and its parameter listed", () => {
    const told = mesoflow("run", "rate-memory", ...settings);
    expect(told).toMatch(/^autocorrelation at the longest lag +-?\d/m);
    expect(mesoflow("show", "rate-memory", ...settings)).toMatch(/correlation/);
    expect(mesoflow("parameters")).toMatch(/memory\.longest +20 +ms/);
  });

  test("is in the report, with its figure, number and parameter", () => {
    mesoflow("report", "rate-memory", ...settings);
    const page = readFileSync(join(folder, "report/report.html"), "utf8");
    const section = /<section id="network"[\s\S]*?<\/section>/.exec(page)![0];
    const figures = [...section.matchAll(/<figure id="figure-([^"]*)"/g)].map(([, name]) => name);
    expect(figures).toEqual(["network", "rate-memory"]);
    expect(section).toContain("Memory of the network's rate");
    expect(section).toContain("autocorrelation at the longest lag");
    expect(section).toContain("<code>memory.longest</code>");
  });

  test("is on the page, with its parameter and what draws its figure", async () => {
    server = spawn(
      process.execPath,
      ["dist/cli/main.js", "serve", "rate-memory", "--json", "--port", "0", ...settings],
      {
        cwd: folder,
        stdio: ["ignore", "pipe", "inherit"],
      },
    );
    let text = "";
    server.stdout!.setEncoding("utf8").on("data", (piece) => {
      text += piece;
    });
    await expect.poll(() => text, { timeout: 45_000 }).toContain("\n");
    const { origin, searchParams } = new URL(JSON.parse(text.split("\n")[0]!).url);
    const ask = async (path: string) =>
      (
        await fetch(origin + path, { headers: { Authorization: `Bearer ${searchParams.get("token")}` } })
      ).text();
    await expect.poll(() => ask("/api/state"), { timeout: 45_000 }).toContain('"rate-memory"');
    const drawing = readdirSync(join(folder, "dist/web/page")).filter((name) => name.endsWith(".js"));
    expect(
      drawing.map((name) => readFileSync(join(folder, "dist/web/page", name), "utf8")).join(""),
    ).toContain("Memory of the network's rate");
    expect(await ask("/api/pipeline")).toContain("memory.longest");
  });
});
