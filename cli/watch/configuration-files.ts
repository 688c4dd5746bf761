import { dirname, extname, resolve } from "node:path";

/**
 * The files that a configuration file is made of, absolute: itself and, of one that is a program, what it imports
 * from files. Of one that cannot be read, as while it is being written, only itself is known.
 */
export async function configurationFiles(file: string): Promise<string[]> {
  const path = resolve(file);
  if (![".ts", ".mts", ".js", ".mjs"].includes(extname(file))) return [path];
  try {
    const { build } = await import("esbuild");
    const { metafile } = await build({
      entryPoints: [path],
      absWorkingDir: dirname(path),
      bundle: true,
      write: false,
      metafile: true,
      format: "esm",
      platform: "node",
      packages: "external",
      loader: { ".yaml": "text", ".yml": "text", ".toml": "text" },
      logLevel: "silent",
    });
    return [
      ...new Set([path, ...Object.keys(metafile.inputs).map((input) => resolve(dirname(path), input))]),
    ];
  } catch {
    return [path];
  }
}
