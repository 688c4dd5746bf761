import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    root: import.meta.dirname,
    include: ["**/*.test.ts"],
    setupFiles: ["setup.ts"],
    reporters: ["default", "./reporter.ts"],
    tags: [{ name: "process", description: "starts processes, or takes minutes: not in npm run test:fast" }],
    maxWorkers: 2,
    // A limit ends what hangs. It says nothing of speed: one busy core may be ten times slower than two quiet ones.
    testTimeout: 600_000,
    hookTimeout: 600_000,
  },
});
