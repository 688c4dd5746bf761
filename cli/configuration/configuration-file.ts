import { readFile } from "node:fs/promises";
import { extname, resolve } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { BadInput } from "../../pipeline/errors.ts";
import { reasonOf } from "../output/system-error.ts";

const data = [".json", ".yaml", ".yml", ".toml"];
const programs = [".ts", ".mts", ".js", ".mjs"];
const readable = [...data, ...programs];

/**
 * What a file given by --config holds, relative to the working folder.
 *
 * @throws BadInput where it cannot be read or does not hold an object
 */
export async function readConfigurationFile(file: string): Promise<object> {
  if (!readable.includes(extname(file))) {
    throw new BadInput(
      `The configuration file ${file} (--config) is of no known kind: its name must end in ${readable.join(", ")}.`,
    );
  }
  const read = await readFile(file, "utf8").catch((thrown) => {
    throw new BadInput(`The configuration file ${file} (--config) cannot be read: ${reasonOf(thrown)}.`);
  });
  const text = read.replace(/^\uFEFF/, ""); // some editors put one before everything
  if (text.trim() === "") return {};
  const content = await parse(text, file).catch((thrown) => {
    const [first = ""] = stripVTControlCharacters(String(thrown?.message ?? thrown)).split("\n");
    throw new BadInput(
      `The configuration file ${file} (--config) cannot be parsed: ${first.replace(/[.:]?\s*$/, "")}.`,
    );
  });
  if (holdsItself(content)) {
    throw new BadInput(
      `The configuration file ${file} (--config) holds a section that is part of itself: write out what it is to hold.`,
    );
  }
  if (typeof content === "object" && content !== null && !Array.isArray(content)) {
    if (Object.keys(content).length > 0 || exportsSomething(text, file)) return content;
    throw new BadInput(
      `The configuration file ${file} (--config) exports nothing: write export default { ring: { v_c: 300 } }.`,
    );
  }
  const what = Array.isArray(content) ? "a list" : content == null ? "nothing" : `a ${typeof content}`;
  throw new BadInput(
    `The configuration file ${file} (--config) holds ${what}, but must hold an object like {"ring": {"v_c": 300}}.`,
  );
}

/** Anchors of YAML and programs can make a value part of itself, which nobody would come to the end of. */
function holdsItself(value: unknown, within: readonly unknown[] = []): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (within.includes(value)) return true;
  return Object.values(value).some((inner) => holdsItself(inner, [...within, value]));
}

/** Of a program that exports nothing, an empty object is all there is to see. */
const exportsSomething = (text: string, file: string): boolean =>
  !programs.includes(extname(file)) || /\bexport\s+default\b|\bexports\b/.test(text);

async function parse(text: string, file: string): Promise<unknown> {
  if (extname(file) === ".json") return JSON.parse(text);
  const { loadConfig } = await import("c12");
  try {
    const { config } = await loadConfig<object>({
      configFile: resolve(file),
      // The file as it stands: nothing is looked for elsewhere, merged in, fetched or written.
      ...{ rcFile: false, extend: false, envName: false, giget: false, configFileRequired: true },
      jitiOptions: { fsCache: false },
      merger: (...sources) => sources.find((source) => source != null) as object,
    });
    return config;
  } catch (thrown) {
    if (!(thrown instanceof TypeError)) throw thrown;
    // How c12 stumbles over a file that holds nothing, and over a program that exports nothing but null.
    if (thrown.message.includes("$meta")) return {};
    if (thrown.message.includes("null (reading 'then')")) return null;
    throw thrown;
  }
}
