import { execFileSync } from "node:child_process";

/** Runs a Python script, its arguments in sys.argv[1:], and returns what it prints. */
export function python(script: string, ...args: string[]): string {
  return execFileSync("python3", ["-c", script, ...args], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  });
}

function isThere(modules: string): boolean {
  try {
    python(`import ${modules}`);
    return true;
  } catch {
    return false;
  }
}

export const hasNumpy = isThere("numpy");
export const hasScipy = hasNumpy && isThere("scipy.io");
