// @module-tag process
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { afterAll, beforeAll, describe, expect, it, test } from "vitest";
import { titled } from "./golden.ts";
import { root } from "./project.ts";

const built = existsSync(join(root, "dist/pipeline/index.js"));
/** npm and the compiler take seconds, but many where the machine is busy; ms. */
const patience = 600_000;
const json = (file: string) => JSON.parse(readFileSync(file, "utf8"));

/** What a program prints; throws with what it says where it fails. */
const output = (folder: string, program: string, ...options: string[]): string =>
  execFileSync(program, options, {
    cwd: folder,
    encoding: "utf8",
    timeout: patience,
    stdio: ["ignore", "pipe", "pipe"],
  });

describe.skipIf(!built)(titled("the package", built, "a build"), () => {
  const folder = mkdtempSync(join(tmpdir(), "mesoflow-consumer-"));
  afterAll(() => rmSync(folder, { recursive: true }));
  let packed: { readonly size: number; readonly files: readonly { readonly path: string }[] };

  beforeAll(() => {
    cpSync(join(import.meta.dirname, "consumer"), folder, { recursive: true });
    const told = output(root, "npm", "pack", "--ignore-scripts", "--json", "--pack-destination", folder);
    const [first] = JSON.parse(told);
    packed = first;
    renameSync(join(folder, first.filename), join(folder, "mesoflow.tgz"));
  }, patience);

  test("holds what it needs, and nothing else", () => {
    const paths = packed.files.map(({ path }) => path);
    const needed = [
      "dist/pipeline/index.js",
      "dist/pipeline/index.d.ts",
      "dist/cache/index.js",
      "dist/cache/index.d.ts",
      "dist/cli/main.js",
      "dist/kernels/kernels.wasm",
      "dist/stages/fingerprints.json",
      "dist/figures/index.js",
      "dist/data/example/example.mat",
      "dist/web/page/index.html",
      "dist/web/page/client.js",
      "data/example/example.mat",
      "docs/framework.md",
      "LICENSE",
      "README.md",
    ];
    expect(paths).toEqual(expect.arrayContaining(needed));
    const top = /^(dist\/(pipeline|cache|kernels|stages|data|figures|web|cli)|data\/example|docs)\/|^[^/]+$/;
    expect(
      paths.filter((path) => !top.test(path) || /(^|\/)test[./]|\.test\.|\.map$|(^|\/)bench\//.test(path)),
    ).toEqual([]);
    // What an example recording, the code, the page with its fonts and the documentation come to; more would be there by mistake.
    expect(packed.size).toBeLessThan(900_000);
  });

  test("names no folder of the machine it was packed on", () => {
    const named = packed.files.filter(({ path }) => readFileSync(join(root, path)).includes(root));
    expect(named).toEqual([]);
  });

  test("is as publint wants it", async () => {
    const tarball = new Uint8Array(readFileSync(join(folder, "mesoflow.tgz"))).buffer;
    const { messages } = await publint({ pack: { tarball }, strict: true });
    const described = json(join(root, "package.json"));
    expect(messages.map((message) => formatMessage(message, described))).toEqual([]);
  });

  describe("installed by somebody else", () => {
    beforeAll(() => {
      writeFileSync(join(folder, "package-lock.json"), JSON.stringify(lockOf(folder)));
      output(folder, "npm", "ci", "--prefer-offline", "--no-audit", "--no-fund");
    }, patience);

    it(
      "compiles strictly, declarations included",
      () => {
        const compiler = join(root, "node_modules/typescript/bin/tsc"); // this checkout's
        expect(output(folder, process.execPath, compiler)).toBe("");
      },
      patience,
    );

    it("runs a pipeline with a grid, and nothing the second time", () => {
      const first = JSON.parse(output(folder, process.execPath, "main.js"));
      // Of 0, ¼, ½, ¾, twice, and of 0, ½, four times: the sums of their squares times the gain's.
      const powers = [1.75, 7, 15.75, 1, 4, 9];
      expect(first).toMatchObject({ computed: 6, power: powers, shape: [2, 3] });
      const failure = { kind: "bad-input", message: "There is nothing to choose from." };
      expect(first.failure).toMatchObject({ stage: "choosy", failure });
      expect(first.summary.executed).toEqual(["wave/0.25", "wave/0.5", "power"]);
      const second = JSON.parse(output(folder, process.execPath, "main.js"));
      expect(second).toMatchObject({ computed: 0, power: powers });
      expect(second.summary).toMatchObject({ executed: [], hits: ["wave/0.25", "wave/0.5", "power"] });
    });

    it("brings the program, which reads the consumer's cache", () => {
      expect(output(folder, "npx", "mesoflow", "cache", "stats", "--cache", "cache")).toContain("results");
      const told = output(folder, "npx", "mesoflow", "run", "--dry-run", "--json", "recording/example");
      expect(told).toContain('"summary"');
    });
  });
});

/**
 * The consumer's lock file: the packages that this checkout was tested with, so that npm asks no registry which
 * versions there are and finds all it needs where `npm ci` in the checkout has left it.
 */
function lockOf(folder: string): object {
  const { name, ...consumer } = json(join(folder, "package.json"));
  const { version, dependencies, bin } = json(join(root, "package.json"));
  const { packages, ...head } = json(join(root, "package-lock.json"));
  const wanted = ["node_modules/@types/node", "node_modules/undici-types"]; // of development, but the consumer's too
  const entries = Object.entries<{ dev?: boolean }>(packages)
    .filter(([path, { dev }]) => path !== "" && (!dev || wanted.includes(path)))
    .map(([path, { dev: _, ...entry }]) => [path, entry]);
  const mesoflow = { version, resolved: "file:mesoflow.tgz", dependencies, bin };
  return {
    ...head,
    name,
    packages: {
      "": { name, ...consumer },
      "node_modules/mesoflow": mesoflow,
      ...Object.fromEntries(entries),
    },
  };
}
