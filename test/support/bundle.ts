import { rmSync } from "node:fs";
import { basename, join } from "node:path";
import { build } from "esbuild";

/**
 * Bundles a TypeScript program, named from this folder, for processes and threads of its own.
 *
 * @returns the path of the bundle, and what removes it
 */
export async function bundle(program: string): Promise<{ file: string; remove: () => void }> {
  // Below node_modules, so that the packages it imports are found.
  const folder = join(import.meta.dirname, "../../node_modules/.mesoflow-test");
  const file = join(folder, `${basename(program, ".ts")}-${process.pid}.mjs`);
  await build({
    entryPoints: [join(import.meta.dirname, program)],
    outfile: file,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    packages: "external",
  });
  return { file, remove: () => rmSync(file) };
}
