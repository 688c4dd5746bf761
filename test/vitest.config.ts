import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    root: import.meta.dirname,
    include: ["**/*.test.ts"],
    setupFiles: ["setup.ts"],
    reporters: ["default", "./reporter.ts"],
    // Most of the time goes to processes that wait for one another.
    maxWorkers: 2,
    // A limit ends what hangs. It says nothing of speed: one busy core may be ten times slower than two quiet ones.
    testTimeout: 600_000,
    hookTimeout: 600_000,
  },
});
