import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fingerprintOf } from "../../cli/build/fingerprints.ts";
import { changedFiles } from "../../pipeline/index.ts";

const modules = {
  "stage.js": `
    import { scale } from "./first.js";
    export default { id: "toy", run: async ({ params }) => scale(params.x) };`,
  "first.js": `
    import { factor } from "./second.js";
    export function scale(value) { const scaled = value * factor(); return scaled; }`,
  "second.js": `
    import { constant } from "./third.js";
    export const factor = () => constant + 1;`,
  "third.js": `export const constant = 41; export const unrelated = 7;`,
};
type Module = keyof typeof modules;

describe("the fingerprint of a stage's code", () => {
  let folder: string;
  let before: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "mesoflow-fingerprint-"));
    before = await codeWith({});
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  async function codeWith(edited: Partial<Record<Module, string>>): Promise<string> {
    for (const [name, text] of Object.entries({ ...modules, ...edited }))
      writeFileSync(join(folder, name), text);
    return (await fingerprintOf(join(folder, "stage.js"))).code;
  }
  const edit = (name: Module, from: string, to: string) => {
    expect(modules[name]).toContain(from);
    return codeWith({ [name]: modules[name].replace(from, to) });
  };

  it("does not see a comment", async () => {
    expect(await edit("first.js", "export function", "/** doubled\n */ export function")).toBe(before);
  });
  it("does not see a blank line", async () => {
    expect(await edit("second.js", "export", "\n\n export")).toBe(before);
  });
  it("does not see the name of a local", async () => {
    const text = modules["first.js"].replaceAll("scaled", "product");
    expect(await codeWith({ "first.js": text })).toBe(before);
  });
  it("does not see what the stage does not reach", async () => {
    expect(await edit("third.js", "unrelated = 7", "unrelated = 8")).toBe(before);
  });
  it("sees a constant three imports away", async () => {
    expect(await edit("third.js", "41", "42")).not.toBe(before);
  });
  it("names the file that holds the constant", async () => {
    const { files: first } = await fingerprintOf(join(folder, "stage.js"));
    await edit("third.js", "41", "43");
    const { files: second } = await fingerprintOf(join(folder, "stage.js"));
    expect(changedFiles(first, second)).toEqual([expect.stringMatching(/third\.js$/)]);
    await edit("first.js", "export function", "/** doubled */ export function");
    const { files: third } = await fingerprintOf(join(folder, "stage.js"));
    await codeWith({});
    const { files: fourth } = await fingerprintOf(join(folder, "stage.js"));
    expect(changedFiles(third, fourth)).toEqual([]);
  });
  it("sees another operation", async () => {
    expect(await edit("second.js", "constant + 1", "constant - 1")).not.toBe(before);
  });
});

describe("stages of this project", () => {
  const module = (name: string) => new URL(`../../stages/${name}.ts`, import.meta.url).pathname;

  it("name the kernels they call and the packages they import", async () => {
    const { kernels, packages } = await fingerprintOf(module("ring-trial"));
    expect(kernels).toMatch(/^[0-9a-f]{64}$/);
    const manifest = new URL("../../node_modules/zod/package.json", import.meta.url);
    expect(packages).toEqual({ zod: JSON.parse(readFileSync(manifest, "utf8")).version });
  });

  it("name no kernels where they call none", async () => {
    expect(await fingerprintOf(module("recording"))).not.toHaveProperty("kernels");
  });
});
