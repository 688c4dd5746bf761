import { readFileSync } from "node:fs";

const manifest = () => JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));

/** The version of this program. */
export const version = (): string => manifest().version;

/** The packages that this program itself asks for. */
export const dependencies = (): string[] => Object.keys(manifest().dependencies);
