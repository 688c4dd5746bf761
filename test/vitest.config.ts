import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    root: import.meta.dirname,
    include: ["**/*.test.ts"],
    setupFiles: ["setup.ts"],
    reporters: ["default", "./reporter.ts"],
    // What npm run test:fast leaves out.
    tags: [
      { name: "process", description: "starts processes" },
      { name: "slow", description: "takes more than ten seconds of a processor" },
    ],
    maxWorkers: 2,
    // A limit ends what hangs. It says nothing of speed: one busy core may be ten times slower than two quiet ones.
    testTimeout: 600_000,
    hookTimeout: 600_000,
  },
});
