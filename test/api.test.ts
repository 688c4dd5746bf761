// @module-tag process
import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { root } from "./project.ts";

const patience = 600_000; // ms, of a machine that is busy

test(
  "everything that the package exports is documented, and every link in it leads somewhere",
  () => {
    const { status, stdout, stderr } = spawnSync(
      "npm",
      ["run", "--silent", "docs:api", "--", "--emit", "none"],
      {
        cwd: root,
        encoding: "utf8",
        timeout: patience,
        env: { ...process.env, NO_COLOR: "1" },
      },
    );
    const said = `${stdout}${stderr}`.split("\n").filter((line) => /^\[|error|warning/.test(line));
    expect({ status, said }).toEqual({ status: 0, said: [] });
  },
  patience,
);
