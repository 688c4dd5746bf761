// @module-tag process
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { hasNumpy } from "../data/python.ts";
import { titled } from "../golden.ts";
import { Project, root } from "../project.ts";
import { isAsPrinted, stepsOf } from "../walkthrough.ts";

const built = existsSync(join(root, "dist/cli/main.js"));
const page = readFileSync(join(root, "docs/recordings.md"), "utf8");

describe.skipIf(!built)(titled("docs/recordings.md, followed from top to bottom", built, "a build"), () => {
  const project = new Project([]);
  afterAll(() => project.remove());

  // Each step builds on those before it.
  for (const step of stepsOf(page)) {
    if (step.kind === "file") {
      test(`file ${step.name}`, () => project.write(step.name, step.text));
      continue;
    }
    const isPython = /python3|bump\.npz/.test(step.command);
    const title = isPython ? titled(step.command, hasNumpy, "python3 with numpy") : step.command;
    test.skipIf(isPython && !hasNumpy)(`$ ${title}`, () => {
      const output = project.run(step.command);
      // Compared as text only where it differs, so that the report shows where.
      if (!isAsPrinted(output, step.output)) expect(output).toBe(step.output);
    });
  }
});
