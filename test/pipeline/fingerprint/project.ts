import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll } from "vitest";
import { type Fingerprint, fingerprintsOf } from "../../../pipeline/index.ts";

/** Texts or bytes by their paths. */
export type Files = Readonly<Record<string, string | Uint8Array>>;

let made: string | undefined;
let count = 0;
afterAll(() => {
  if (made) rmSync(made, { recursive: true, force: true });
});

/** A folder of its own with these files. */
export function project(files: Files): string {
  made ??= realpathSync(mkdtempSync(join(tmpdir(), "mesoflow-fingerprint-")));
  const folder = join(made, String(count++));
  write(folder, { "package.json": '{ "type": "module" }', ...files });
  return folder;
}

export function write(folder: string, files: Files): void {
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  }
}

/** Files with one text in one of them replaced, which has to be there. */
export function edited(files: Files, name: string, from: string, to: string): Files {
  const text = files[name];
  if (typeof text !== "string" || !text.includes(from)) throw new Error(`${name} does not hold ${from}`);
  return { ...files, [name]: text.replaceAll(from, to) };
}

/** The fingerprints of the stages in the modules of these names, in a project of its own. */
export async function fingerprints(files: Files, modules: readonly string[]): Promise<Fingerprint[]> {
  const folder = project(files);
  const of = await fingerprintsOf(Object.fromEntries(modules.map((name) => [name, join(folder, name)])), {
    root: folder,
  });
  return modules.map((id) => of({ id }));
}

/** The fingerprint of the stage that one text is. */
export async function fingerprintOfModule(text: string, others: Files = {}): Promise<Fingerprint> {
  const [found] = await fingerprints({ "stage.ts": text, ...others }, ["stage.ts"]);
  return found!;
}

/** WebAssembly whose function `f` gives a number below 64. */
export const wasmGiving = (n: number): Uint8Array =>
  Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00], // magic, version
    ...[0x01, 0x05, 0x01, 0x60, 0x00, 0x01, 0x7f], // type 0: () → i32
    ...[0x03, 0x02, 0x01, 0x00], // function 0 is of type 0
    ...[0x07, 0x05, 0x01, 0x01, 0x66, 0x00, 0x00], // exported as "f"
    ...[0x0a, 0x06, 0x01, 0x04, 0x00, 0x41, n, 0x0b], // i32.const n
  ]);

/** Four stages that share helpers, a package and a kernel, each needing something of its own of them. */
export const toys: Files = {
  "stages/near.js": `
    import { scale } from "../first.js";
    import { offset } from "../offsets.js";
    export default {
      id: "near",
      params: { parse: (value) => value },
      async run({ params }) {
        const scaled = scale(params.x);
        const sum = scaled + offset.near;
        return { arrays: {}, values: { n: sum } };
      },
    };
    export const unrelated = 1;`,
  "stages/far.js": `
    import { shift } from "../third.js";
    import { offset } from "../offsets.js";
    export default {
      id: "far",
      params: { parse: (value) => value },
      run: async ({ params }) => ({ arrays: {}, values: { n: params.x + shift + offset.far } }),
    };`,
  "stages/packaged.js": `
    import { bend } from "bending";
    import { shift } from "../third.js";
    export default {
      id: "packaged",
      params: { parse: (value) => value },
      run: async ({ params }) => ({ arrays: {}, values: { n: bend(params.x) + shift } }),
    };`,
  "stages/compiled.js": `
    import { f } from "../kernels.js";
    export default {
      id: "compiled",
      params: { parse: (value) => value },
      run: async ({ params }) => ({ arrays: {}, values: { n: params.x + f() } }),
    };`,
  "first.js": `
    import { factor } from "./second.js";
    export function scale(value) { const scaled = value * factor(); return scaled; }`,
  "second.js": `
    import { constant } from "./third.js";
    export const factor = () => constant + 1;`,
  "third.js": `
    import { bend } from "bending";
    export const constant = 41;
    export const shift = 7;
    export const bent = bend(3);`,
  "offsets.js": `export const offset = { near: 1, far: 2 };`,
  "kernels.js": `
    import { readFileSync } from "node:fs";
    const bytes = readFileSync(new URL("./toy.wasm", import.meta.url));
    export const { f } = new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports;
    export const greeting = "kernels";`,
  "toy.wasm": wasmGiving(41),
  "node_modules/bending/package.json": `{
    "name": "bending", "version": "1.0.0", "type": "module", "exports": "./index.js",
    "dependencies": { "straight": "*" }
  }`,
  "node_modules/bending/index.js": `import { line } from "straight"; export const bend = (x) => line(x) * 2;`,
  "node_modules/straight/package.json": `{ "name": "straight", "version": "3.1.0", "type": "module", "exports": "./index.js" }`,
  "node_modules/straight/index.js": `export const line = (x) => x;`,
};

export const toyStages = ["near", "far", "packaged", "compiled"] as const;
export const toyModules = toyStages.map((id) => `stages/${id}.js`);
