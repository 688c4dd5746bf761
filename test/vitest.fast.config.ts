import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { mergeConfig } from "vitest/config";
import whole from "./vitest.config.ts";

const isTagged = (file: string) =>
  readFileSync(join(import.meta.dirname, file), "utf8").startsWith("// @module-tag");
const tests = readdirSync(import.meta.dirname, { recursive: true, encoding: "utf8" }).filter((file) =>
  file.endsWith(".test.ts"),
);

/** What starts no process and takes no long time: for daily work. */
export default mergeConfig(whole, {
  test: {
    exclude: ["**/node_modules/**", ...tests.filter(isTagged)], // not even loaded
    tagsFilter: ["!process && !slow"],
    setupFiles: ["no-processes.ts"],
  },
});
