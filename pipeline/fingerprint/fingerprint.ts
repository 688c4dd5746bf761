import { existsSync, realpathSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { BadInput } from "../errors.ts";
import type { Stage } from "../graph/stage.ts";
import type { Fingerprint } from "../key/key.ts";
import { Packages } from "./packages.ts";
import { type Codes, type Export, readRecord, writeRecord } from "./record.ts";

/** The file that holds a stage, as its default export or under a name. */
export type StageModule = URL | string | { readonly file: URL | string; readonly export: string };

/** How fingerprints are made. */
export interface FingerprintOptions {
  /** The folder that names of files are told from; that of the nearest package.json above the first stage. */
  readonly root?: URL | string;
  /** A file that `recordFingerprints` has written: believed where all that it was made from is unchanged. */
  readonly record?: URL | string;
}

/**
 * The fingerprints of stages' code: of all that a stage reaches, wherever it was imported from, with the versions
 * of the packages and the hash of the WebAssembly it reaches. Comments, white space, names, the order of imports
 * and code that the stage does not reach make no difference; see docs/fingerprints.md.
 *
 * @param modules by the ids of their stages; TypeScript or JavaScript, paths relative to the working directory
 * @returns what `EngineOptions.fingerprint` takes; it throws for stages that are not among the modules
 * @throws BadInput, with a sentence for each fault, where code cannot be read or a stage reaches
 *   what a fingerprint cannot see: dynamic imports, state that outlives a run, the clock, chance, the environment
 */
export async function fingerprintsOf(
  modules: Readonly<Record<string, StageModule>>,
  { root, record }: FingerprintOptions = {},
): Promise<(stage: Pick<Stage, "id">) => Fingerprint> {
  const exports = exportsOf(modules);
  const codes = (record && readRecord(pathOf(record), exports)) || (await codesOf(exports));
  const folder = root ? pathOf(root) : projectOf(exports);
  const packages = new Packages();
  const found = new Map(
    Object.entries(codes.stages).map(([id, { code, kernels, files, imports }]) => {
      const fingerprint: Fingerprint = {
        code,
        ...(kernels && { kernels }),
        ...(imports.length > 0 && { packages: packages.versionsOf(imports) }),
        files: Object.fromEntries(
          Object.entries(files)
            .map(([path, hash]) => [relative(folder, path).split(sep).join("/"), hash] as const)
            .sort(([a], [b]) => (a < b ? -1 : 1)),
        ),
      };
      return [id, fingerprint];
    }),
  );
  return ({ id }) => {
    const fingerprint = found.get(id);
    if (!fingerprint)
      throw new BadInput(`Stage ${id} has no module to fingerprint: name the file that holds it`);
    return fingerprint;
  };
}

/**
 * Writes the fingerprints of stages beside them, as a step of a build, so that programs that start need not
 * compute them.
 *
 * @throws as `fingerprintsOf` does
 */
export async function recordFingerprints(
  modules: Readonly<Record<string, StageModule>>,
  record: URL | string,
): Promise<void> {
  const exports = exportsOf(modules);
  writeRecord(pathOf(record), exports, await codesOf(exports));
}

async function codesOf(exports: Readonly<Record<string, Export>>): Promise<Codes> {
  // Loaded only now: a program whose fingerprints are on record needs none of it.
  const { codesOf } = await import("./codes.ts");
  return codesOf(exports);
}

function exportsOf(modules: Readonly<Record<string, StageModule>>): Record<string, Export> {
  const exports = Object.entries(modules).map(([id, module]): [string, Export] => {
    const named = typeof module === "object" && "export" in module;
    const path = pathOf(named ? module.file : module);
    if (!existsSync(path))
      throw new BadInput(`Stage ${id} has no module at ${path}: name the file that holds it`);
    return [id, { file: realpathSync(path), name: named ? module.export : "default" }];
  });
  return Object.fromEntries(exports);
}

const pathOf = (file: URL | string): string =>
  typeof file === "string" && !file.startsWith("file:") ? resolve(file) : fileURLToPath(file);

function projectOf(exports: Readonly<Record<string, Export>>): string {
  const [first] = Object.values(exports);
  const start = first ? dirname(first.file) : process.cwd();
  for (let folder = start; folder !== dirname(folder); folder = dirname(folder)) {
    if (existsSync(join(folder, "package.json"))) return folder;
  }
  return start;
}
