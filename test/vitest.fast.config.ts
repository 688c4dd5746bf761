import { mergeConfig } from "vitest/config";
import whole from "./vitest.config.ts";

/** What starts no process: for daily work. */
export default mergeConfig(whole, {
  test: { tagsFilter: ["!process"], setupFiles: ["no-processes.ts"] },
});
