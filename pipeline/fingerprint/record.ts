import { readFileSync, writeFileSync } from "node:fs";
import { dirname, relative, resolve, sep } from "node:path";
import { hash } from "../artifact/hash.ts";
import type { StageCode } from "./stage-code.ts";

/** The codes of stages, with what they were read from. Paths are absolute. */
export interface Codes {
  readonly stages: Readonly<Record<string, Omit<StageCode, "named" | "faults">>>;
  /** Hash of the bytes of every file that was read. */
  readonly read: Readonly<Record<string, string>>;
}

/** A stage's module and the name of its export. */
export interface Export {
  readonly file: string;
  readonly name: string;
}

/** Codes as a file holds them; its paths are relative to its own folder. */
interface Recorded extends Codes {
  readonly record: typeof version;
  readonly modules: Readonly<Record<string, Export>>;
}

const version = "mesoflow code 1";

export function writeRecord(file: string, modules: Readonly<Record<string, Export>>, codes: Codes): void {
  const record: Recorded = { record: version, modules, ...codes };
  const within = inPaths(record, (path) => relative(dirname(file), path).split(sep).join("/"));
  writeFileSync(file, `${JSON.stringify(within, null, 1)}\n`);
}

/** The codes that a file holds, if they are those of these modules and every file is as it was when it was read. */
export function readRecord(file: string, modules: Readonly<Record<string, Export>>): Codes | undefined {
  try {
    const within = JSON.parse(readFileSync(file, "utf8")) as Recorded;
    if (within.record !== version) return undefined;
    const record = inPaths(within, (path) => resolve(dirname(file), path));
    const sameModules = Object.entries(modules).every(([id, { file, name }]) => {
      const recorded = record.modules[id];
      return recorded?.file === file && recorded.name === name;
    });
    const unchanged = () =>
      Object.entries(record.read).every(([path, bytes]) => hash(readFileSync(path)) === bytes);
    return sameModules && unchanged() ? record : undefined;
  } catch {
    return undefined; // no record, or not of files that are there: nothing is believed
  }
}

function inPaths(record: Recorded, path: (path: string) => string): Recorded {
  const keys = <T>(of: Readonly<Record<string, T>>): Record<string, T> =>
    Object.fromEntries(Object.entries(of).map(([key, value]) => [path(key), value]));
  const each = <T>(of: Readonly<Record<string, T>>, change: (value: T) => T): Record<string, T> =>
    Object.fromEntries(Object.entries(of).map(([key, value]) => [key, change(value)]));
  return {
    ...record,
    modules: each(record.modules, ({ file, name }) => ({ file: path(file), name })),
    stages: each(record.stages, (stage) => ({
      ...stage,
      files: keys(stage.files),
      imports: stage.imports.map(({ name, from }) => ({ name, from: path(from) })),
    })),
    read: keys(record.read),
  };
}
