import { readFileSync } from "node:fs";
import { builtinModules, createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { build, type Metafile, transformSync } from "esbuild";
import { type Fingerprint, hash } from "../../pipeline/index.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const kernels = join(root, "kernels");

/**
 * The fingerprint of a stage's code: its module and all that it imports, bundled and minified, so that
 * comments, white space and names of locals do not count; the hash of the kernels where it reaches them; and
 * the versions of the packages it imports.
 *
 * @param module the stage's module, as built
 */
export async function fingerprintOf(module: string): Promise<Fingerprint> {
  const { outputFiles, metafile } = await build({
    entryPoints: [module],
    absWorkingDir: root,
    bundle: true,
    minify: true,
    legalComments: "none",
    format: "esm",
    platform: "node",
    packages: "external",
    metafile: true,
    write: false,
  });
  const imported = Object.values(metafile.outputs).flatMap(({ imports }) => imports.map(({ path }) => path));
  const packages = imported.filter((path) => !path.startsWith("node:") && !builtinModules.includes(path));
  const usesKernels = Object.keys(metafile.inputs).some(
    (path) => !relative(kernels, join(root, path)).startsWith(".."),
  );
  return {
    code: hash(outputFiles[0]!.contents),
    files: filesOf(metafile),
    ...(usesKernels && { kernels: hash(readFileSync(join(kernels, "kernels.wasm"))) }),
    ...(packages.length > 0 && {
      packages: Object.fromEntries([...new Set(packages)].sort().map((path) => [path, versionOf(path)])),
    }),
  };
}

/**
 * The files that the bundle was made of, each with the hash of its own minified text. All of them: of one that
 * only holds constants, nothing but the constants may be left in the bundle.
 */
function filesOf({ inputs }: Metafile): Record<string, string> {
  const hashed = Object.keys(inputs)
    .sort()
    .map((path) => {
      const text = readFileSync(join(root, path), "utf8");
      const loader = path.endsWith(".ts") ? "ts" : "js";
      const { code } = transformSync(text, { loader, minify: true, legalComments: "none", format: "esm" });
      return [path, hash(code)];
    });
  return Object.fromEntries(hashed);
}

/** The installed version of a package, by its nearest package.json. */
function versionOf(packagePath: string): string {
  const name = packagePath.split("/", packagePath.startsWith("@") ? 2 : 1).join("/");
  const paths = createRequire(import.meta.url).resolve.paths(name) ?? [];
  for (const folder of paths) {
    try {
      return JSON.parse(readFileSync(join(folder, name, "package.json"), "utf8")).version;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    }
  }
  throw new Error(`package ${name} is imported by a stage but not installed below ${dirname(root)}`);
}
