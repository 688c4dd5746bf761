import { join } from "node:path";
import { beforeAll, describe, expect, it, test } from "vitest";
import { type Fingerprint, fingerprintsOf } from "../../../pipeline/index.ts";
import { changedFiles, keyOf } from "../../../pipeline/inspect.ts";
import {
  edited,
  type Files,
  fingerprintOfModule,
  fingerprints,
  project,
  toyModules,
  toyStages,
  toys,
  wasmGiving,
} from "./project.ts";

const keyWith = ({ files: _, ...fingerprint }: Fingerprint) =>
  keyOf({ stage: "toy", ...fingerprint, params: {}, inputs: {} });

describe("an edit changes the keys of exactly the stages that depend on it", () => {
  let before: Fingerprint[];
  beforeAll(async () => {
    before = await fingerprints(toys, toyModules);
  });

  const edit = (name: string, from: string, to: string) => edited(toys, name, from, to);
  const none: string[] = [];
  const near = "stages/near.js";
  const imports = `import { scale } from "../first.js";\n    import { offset } from "../offsets.js";`;
  const reversed = imports.split("\n    ").reverse().join("\n    ");

  it.each<[string, Files, readonly string[]]>([
    ["a comment", edit("first.js", "export function", "/** doubled */ // twice\n export function"), none],
    ["a blank line", edit("second.js", "export", "\n\n export"), none],
    ["a renamed local", edit("first.js", "scaled", "product"), none],
    ["a renamed parameter", edit("first.js", "value", "x"), none],
    ["a renamed export", edit("third.js", "shift", "bias"), none],
    ["reordered imports", edit(near, imports, reversed), none],
    ["other quotes and digits", edit("offsets.js", "near: 1", "'near': 0x1"), none],
    ["code that nothing reaches", edit("third.js", "bend(3)", "bend(4)"), none],
    ["another export of a stage's module", edit(near, "unrelated = 1", "unrelated = 2"), none],
    [
      "a function moved to where it is defined",
      edit("first.js", "import", "function idle() {}\n import"),
      none,
    ],
    ["a constant three imports away", edit("third.js", "41", "42"), ["near"]],
    ["another constant of the same file", edit("third.js", "7", "8"), ["far", "packaged"]],
    ["another operation", edit("second.js", "constant + 1", "constant - 1"), ["near"]],
    ["a property of a shared object", edit("offsets.js", "near: 1", "near: 3"), ["near", "far"]],
    ["the version of a package", edit("node_modules/bending/package.json", "1.0.0", "1.0.1"), ["packaged"]],
    ["that of one it depends on", edit("node_modules/straight/package.json", "3.1", "3.2"), ["packaged"]],
    ["a kernel", { ...toys, "toy.wasm": wasmGiving(42) }, ["compiled"]],
    ["a constant beside the kernel", edit("kernels.js", '"kernels"', '"nuclei"'), none],
  ])("%s", async (_, files, expected) => {
    const edits = Object.keys(files).some((name) => files[name] !== toys[name]);
    expect(edits).toBe(true);
    const edition = name(files);
    const after = await fingerprints(edition, toyModules);
    const changed = toyStages.filter((_, k) => keyWith(before[k]!) !== keyWith(after[k]!));
    expect(changed).toEqual(expected);
  });

  /** An export that was renamed is renamed where it is imported too. */
  const name = (files: Files): Files =>
    String(files["third.js"]).includes("bias")
      ? ["stages/far.js", "stages/packaged.js"].reduce(
          (all, file) => edited(all, file, "shift", "bias"),
          files,
        )
      : files;

  it("names the files in which what the stage reaches has changed", async () => {
    const filesOf = async (files: Files) =>
      (await fingerprints(files, toyModules)).map((found) => found.files);
    const constant = await filesOf(edit("third.js", "41", "43"));
    expect(changedFiles(before[0]!.files, constant[0])).toEqual(["third.js"]);
    expect(changedFiles(before[1]!.files, constant[1])).toEqual([]);
    const comment = await filesOf(edit("third.js", "export", "// three\n export"));
    expect(changedFiles(before[0]!.files, comment[0])).toEqual([]);
  });

  it("tells kernels and packages beside the code, where they are reached", () => {
    expect(before.map(({ kernels }) => kernels !== undefined)).toEqual([false, false, false, true]);
    const versions = { bending: "1.0.0", straight: "3.1.0" };
    expect(before.map(({ packages }) => packages)).toEqual([undefined, undefined, versions, undefined]);
  });
});

test("packages that are none make the same key as no packages", () => {
  const preImage = { stage: "toy", code: "c", params: {}, inputs: {} };
  expect(keyOf({ ...preImage, packages: {} })).toBe(keyOf(preImage));
});

describe("the same code", () => {
  const same = async (one: string, other: string, others: Files = {}) => {
    const [first, second] = await Promise.all([one, other].map((text) => fingerprintOfModule(text, others)));
    return first!.code === second!.code;
  };
  const stage = (body: string) => `export default { id: "s", run: () => { ${body} } };`;

  it("is known wherever it lies, and as TypeScript", async () => {
    const script = `const f = (x) => x + 1; export default { id: "s", run: f };`;
    const typed = `interface N {}\n const f = (x: number): number => x + 1; export default { id: "s", run: f } satisfies N;`;
    expect(await same(script, typed)).toBe(true);
    const folder = project({ "s.js": script });
    const code = (await fingerprintsOf({ s: join(folder, "s.js") }))({ id: "s" }).code;
    expect(code).toBe((await fingerprintOfModule(typed)).code);
  });

  it.each([
    ["two names exchanged", "const a = 1, b = 2; return a - b;", "const b = 1, a = 2; return b - a;"],
    [
      "a name hidden by an inner one",
      "const a = 1; { const a = 2; } return a;",
      "const a = 1; { const c = 2; } return a;",
    ],
    ["a loop's variable", "for (const i of [1]) f(i);", "for (const item of [1]) f(item);"],
    [
      "a caught error",
      "try { f(); } catch (e) { return e; }",
      "try { f(); } catch (error) { return error; }",
    ],
    ["a property in short", "const a = 1; return { a };", "const b = 1; return { a: b };"],
    ["a pattern", "const { a: [b = 1, ...c] } = f; return b;", "const { a: [d = 1, ...e] } = f; return d;"],
    ["a function's own name", "return function f() { return f; };", "return function g() { return g; };"],
    ["a class's own name", "return class A { b = A; };", "return class B { b = B; };"],
  ])("has other names: %s", async (_, one, other) => {
    expect(await same(stage(one), stage(other))).toBe(true);
  });

  it.each([
    ["another one of two names", "const a = 1, b = 2; return a - b;", "const a = 1, b = 2; return b - a;"],
    [
      "an inner name instead of the outer",
      "const a = 1; { const c = 2; return a; }",
      "const a = 1; { const a = 2; return a; }",
    ],
    ["another property", "return f.a;", "return f.b;"],
    ["another global", "return f;", "return g;"],
    [
      "a variable of the default or of the body",
      "const x = 1; return (a = x) => { var x = 2; return a; }",
      "const y = 1; return (a = x) => { var x = 2; return a; }",
    ],
    ["number or text", "return 1;", 'return "1";'],
    ["infinity or null", "return 1e999;", "return null;"],
    ["another pattern's flags", "return /a/g;", "return /a/i;"],
    ["another order of properties", "return { a: 1, b: 2 };", "return { b: 2, a: 1 };"],
    ["a hole in a list", "return [, 1];", "return [1];"],
    ["big or small", "return 1n;", "return 1;"],
  ])("is not: %s", async (_, one, other) => {
    expect(await same(stage(one), stage(other))).toBe(false);
  });

  it("tells twins apart by which of them is changed when the module is loaded", async () => {
    const twins = (which: string) =>
      `const a = []; const b = []; ${which}.push(1); export default { id: "s", run: () => [a, b] };`;
    expect(await same(twins("a"), twins("b"))).toBe(false);
  });

  it("calls in the same order when it is loaded", async () => {
    const calls = (a: string, b: string) => `import { next } from "random";
      ${a} = next(); ${b} = next(); export default { id: "s", run: () => [a, b] };`;
    const random: Files = {
      "node_modules/random/package.json": '{ "version": "1.0.0", "type": "module" }',
      "node_modules/random/index.js": "export const next = () => 1;",
    };
    expect(await same(calls("const a", "const b"), calls("const b", "const a"), random)).toBe(false);
  });

  it("is known where functions call each other", async () => {
    const pair = (even: string, odd: string) => `
      const ${even} = (n) => n === 0 || ${odd}(n - 1);
      const ${odd} = (n) => n !== 0 && ${even}(n - 1);
      export default { id: "s", run: ${even} };`;
    expect(await same(pair("even", "odd"), pair("odd", "even"))).toBe(true);
    expect(await same(pair("even", "odd"), pair("even", "odd").replace("run: even", "run: odd"))).toBe(false);
  });
});

describe("what is evaluated when a module is loaded", () => {
  const stage = `import { table } from "./table.js"; export default { id: "s", run: () => table };`;
  const codeWith = async (table: string) => (await fingerprintOfModule(stage, { "table.js": table })).code;

  it("counts where it changes what the stage needs", async () => {
    const table = (n: number) => `export const table = []; const put = (x) => table.push(x); put(${n});`;
    // vouched for in the text below, as `put` itself is state that outlives a call
    const vouched = (n: number) =>
      table(n).replace("const put", "\n// vouched for: only while loading\nconst put");
    expect(await codeWith(vouched(1))).not.toBe(await codeWith(vouched(2)));
    const enlisted = (n: number) => `
      export const table = [];
      const enlist = (list, x) => list.push(x);
      export const other = enlist(table, ${n});`;
    expect(await codeWith(enlisted(1))).not.toBe(await codeWith(enlisted(2)));
  });

  it("does not count where it changes something else", async () => {
    const table = (n: number) => `export const table = []; export const other = []; other.push(${n});`;
    expect(await codeWith(table(1))).toBe(await codeWith(table(2)));
  });

  it("counts for the world around", async () => {
    const table = (n: number) => `export const table = []; Array.prototype.mine = ${n};`;
    expect(await codeWith(table(1))).not.toBe(await codeWith(table(2)));
  });

  it("counts by the order in a file, not by that of imports", async () => {
    const effects = {
      "one.js": "globalThis.one = 1;",
      "two.js": "globalThis.two = 2; globalThis.three = 3;",
    };
    const code = async (imports: string, files: Files) =>
      (await fingerprintOfModule(`${imports} export default { id: "s", run: () => 0 };`, files)).code;
    const first = await code(`import "./one.js"; import "./two.js";`, effects);
    expect(await code(`import "./two.js"; import "./one.js";`, effects)).toBe(first);
    const turned = { ...effects, "two.js": "globalThis.three = 3; globalThis.two = 2;" };
    expect(await code(`import "./one.js"; import "./two.js";`, turned)).not.toBe(first);
  });
});

describe("modules of other kinds", () => {
  it("are files that are named, JSON, and packages that are linked into the project", async () => {
    const files: Files = {
      "stage.ts": `
        import { readFileSync } from "node:fs";
        import table from "./table.json" with { type: "json" };
        import { twice } from "@linked/tools";
        const text = readFileSync(new URL("./data/notes.txt", import.meta.url), "utf8");
        export default { id: "s", run: () => [text, table.a, twice(1)] };`,
      "table.json": '{ "a": 1 }',
      "data/notes.txt": "seven",
      "tools/package.json":
        '{ "name": "@linked/tools", "version": "1.0.0", "type": "module", "exports": "./tools.ts" }',
      "tools/tools.ts": "export const twice = (x: number) => 2 * x;",
    };
    const of = async (all: Files) => {
      const folder = project(all);
      const { symlinkSync, mkdirSync } = await import("node:fs");
      mkdirSync(join(folder, "node_modules/@linked"), { recursive: true });
      symlinkSync(join(folder, "tools"), join(folder, "node_modules/@linked/tools"));
      return (await fingerprintsOf({ s: join(folder, "stage.ts") }, { root: folder }))({ id: "s" });
    };
    const before = await of(files);
    expect(before).not.toHaveProperty("packages");
    const changes = [
      ["table.json", "1", "2"],
      ["data/notes.txt", "seven", "eight"],
      ["tools/tools.ts", "2 *", "3 *"],
    ] as const;
    for (const [name, from, to] of changes) {
      const after = await of(edited(files, name, from, to));
      expect(after.code, name).not.toBe(before.code);
      expect(changedFiles(before.files, after.files)).toEqual([name]);
    }
    expect((await of(edited(files, "tools/package.json", "1.0.0", "2.0.0"))).code).toBe(before.code);
  });

  it("are several stages in one", async () => {
    const text = `const shared = 1; export const a = { id: "a", run: () => shared + 2 }; export const b = { id: "b", run: () => 3 };`;
    const of = async (all: string) => {
      const file = join(project({ "all.ts": all }), "all.ts");
      const found = await fingerprintsOf({ a: { file, export: "a" }, b: { file, export: "b" } });
      return [found({ id: "a" }).code, found({ id: "b" }).code];
    };
    const before = await of(text);
    const after = await of(text.replace("shared = 1", "shared = 4"));
    expect(after.map((code, k) => code === before[k])).toEqual([false, true]);
  });
});
