import childProcess from "node:child_process";
import { syncBuiltinESMExports } from "node:module";

// Tests without the tag "process" start none, so that a fast run stays fast. esbuild's own program is let be.
for (const name of ["spawn", "spawnSync", "execFile", "execFileSync", "fork"] as const) {
  const original = childProcess[name] as (file: string, ...rest: unknown[]) => unknown;
  Object.assign(childProcess, {
    [name](file: string, ...rest: unknown[]) {
      if (!file.includes("esbuild"))
        throw new Error(`${file} is started by a test without the tag "process"`);
      return original(file, ...rest);
    },
  });
}
syncBuiltinESMExports();
