import { readFile } from "node:fs/promises";
import { extname, resolve } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { BadInput } from "../data/bad-input.ts";
import { reasonOf } from "./system-error.ts";

const readable = [".json", ".yaml", ".yml", ".toml", ".ts", ".mts", ".js", ".mjs"];

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
  const text = await readFile(file, "utf8").catch((thrown) => {
    throw new BadInput(`The configuration file ${file} (--config) cannot be read: ${reasonOf(thrown)}.`);
  });
  if (text.trim() === "") return {};
  const content = await parse(text, file).catch((thrown) => {
    const [first = ""] = stripVTControlCharacters(String(thrown?.message ?? thrown)).split("\n");
    throw new BadInput(
      `The configuration file ${file} (--config) cannot be parsed: ${first.replace(/[.:]?\s*$/, "")}.`,
    );
  });
  if (typeof content === "object" && content !== null && !Array.isArray(content)) return content;
  const what = Array.isArray(content) ? "a list" : content == null ? "nothing" : `a ${typeof content}`;
  throw new BadInput(
    `The configuration file ${file} (--config) holds ${what}, but must hold an object like {"ring": {"v_c": 300}}.`,
  );
}

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
    // How c12 stumbles over a file that holds nothing.
    if (thrown instanceof TypeError && thrown.message.includes("$meta")) return {};
    throw thrown;
  }
}
