import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    root: import.meta.dirname,
    include: ["**/*.test.ts"],
    setupFiles: ["setup.ts"],
    reporters: ["default", "./reporter.ts"],
    tags: [{ name: "process", description: "starts processes, or takes minutes: not in npm run test:fast" }],
    maxWorkers: 2,
    // Limits that a test reaches only where it hangs: a busy machine with one slow core must not.
    testTimeout: 600_000,
    hookTimeout: 600_000,
  },
});
