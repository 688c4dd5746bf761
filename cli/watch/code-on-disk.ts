import { readFile } from "node:fs/promises";
import { register } from "node:module";
import { extname, join, relative, sep } from "node:path";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath, pathToFileURL } from "node:url";
import { BadInput, isError } from "../../pipeline/errors.ts";
import { hash } from "../../pipeline/inspect.ts";
import { type Code, type Modules, modules } from "../configuration/code.ts";
import { stageFingerprints } from "../session/stage-fingerprints.ts";
import { filesBelow } from "./folders.ts";

const root = new URL("../../", import.meta.url);
const extension = extname(fileURLToPath(import.meta.url));

/** Folders of the modules that stages are made of. */
export const codeFolders = ["stages", "kernels", "data"].map((room) => fileURLToPath(new URL(room, root)));

/** What loading modules reads in these folders, and the fingerprints that the build writes beside them. */
export const isCode = (path: string): boolean =>
  (path.endsWith(extension) && !path.endsWith(".d.ts")) ||
  path.endsWith(".wasm") ||
  path.endsWith(`${sep}fingerprints.json`);

/** The stages' code in one state of its files. */
export interface CodeState extends Code {
  /** Hash of each file's bytes, by its path in the package. */
  readonly files: FileHashes;
}

export type FileHashes = ReadonlyMap<string, string>;

/**
 * The stages' code as its files are now. Every new state is loaded anew into this process, beside those before: Node
 * forgets no module, so each costs its memory for good; a state that comes back is the one that was loaded.
 */
export class CodeOnDisk {
  readonly #states = new Map<string, Promise<CodeState>>();
  #loads = 0;
  /** The files that were last loaded without a fault. */
  #last: FileHashes = new Map();

  /** @throws BadInput where the code cannot be loaded, as when a build is half-written */
  async now(): Promise<CodeState> {
    for (let attempt = 0; attempt < 20; attempt += 1) {
      const files = await hashes();
      const known = this.#states.get(digestOf(files));
      if (known) return known;
      const state = this.#load(files);
      await state.catch(() => {});
      // Loaded are the files as they were read, or modules would go by the fingerprints of others.
      if (digestOf(await hashes()) === digestOf(files)) {
        this.#states.set(digestOf(files), state);
        return state;
      }
      await setTimeout(100);
    }
    throw new BadInput("The stages' code is being written all the time; it is loaded when that is over.");
  }

  async #load(files: FileHashes): Promise<CodeState> {
    const load = this.#loads;
    this.#loads += 1;
    try {
      const loaded = load === 0 ? modules : await modulesOf(load);
      // Deferred stages too, or they would be loaded from files as they are later.
      await Promise.all(loaded.stages.map((stage) => stage.load?.()));
      const state = { ...loaded, files, fingerprint: await stageFingerprints(loaded.stages) };
      this.#last = files;
      return state;
    } catch (thrown) {
      const { name, message } = thrown as Error;
      const what = isError(thrown, BadInput) ? message : `${name}: ${message}`;
      const changed = changedFiles(this.#last, files).map(sourceOf);
      throw new BadInput(
        `The stages' code cannot be loaded since a change of ${changed.join(", ")}: ${what}`,
      );
    }
  }
}

let isRegistered = false;

/** Loads the stages' modules beside those that this process has loaded before. */
async function modulesOf(revision: number): Promise<Modules> {
  if (!isRegistered) {
    const data = codeFolders.map((folder) => pathToFileURL(join(folder, sep)).href);
    register(new URL(`inherited-revision${extension}`, import.meta.url), { data });
    isRegistered = true;
  }
  const load = (stage: string) =>
    import(new URL(`stages/${stage}${extension}?revision=${revision}`, root).href);
  // One after another: of imports at once that share a broken module Node tells another error than what is wrong with it.
  const { cortex } = await load("cortex");
  const { stages } = await load("registry");
  const { configurationSchema, profiles } = await load("configuration");
  const loaded: Modules = { cortex, stages, configurationSchema, profiles };
  // A file that is cut short may be a module all the same.
  for (const [name, value] of Object.entries(loaded)) {
    if (value === undefined) throw new SyntaxError(`nothing is exported as ${name}`);
  }
  return loaded;
}

async function hashes(): Promise<FileHashes> {
  const folder = fileURLToPath(root);
  const paths = (await Promise.all(codeFolders.map(filesBelow))).flat().filter(isCode).sort();
  const read = async (path: string) =>
    [relative(folder, path).split(sep).join("/"), hash(await readFile(path))] as const;
  return new Map(await Promise.all(paths.map(read)));
}

const digestOf = (files: FileHashes): string => hash([...files].join("\n"));

/** The files of code that differ, or are in one state only. */
export const changedFiles = (before: FileHashes, after: FileHashes): string[] =>
  [...new Set([...before.keys(), ...after.keys()])]
    .filter((path) => before.get(path) !== after.get(path))
    .sort();

/** The file as it was before it was built. */
export const sourceOf = (path: string): string => path.replace(/\.js$/, ".ts");
