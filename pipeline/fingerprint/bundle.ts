import { readFileSync } from "node:fs";
import { SourceMap, type SourceMapPayload } from "node:module";
import { dirname, extname, join, sep } from "node:path";
import { build, type Loader, type Message, type Plugin } from "esbuild";
import { hash } from "../artifact/hash.ts";
import { badInputOf } from "../errors.ts";
import { packageHolding } from "./packages.ts";

/** A place in a file as it was written; lines count from 1. */
export interface Place {
  readonly file: string;
  readonly line: number;
}

/** A module and all that it imports, as one module in which what nothing needs is left out. */
export interface Bundle {
  readonly text: string;
  /** Where a position in `text` comes from; nowhere for what the bundler adds. */
  placeOf(line: number, column: number): Place | undefined;
}

/** A file that bundles are made of. */
export interface SourceFile {
  readonly text: string;
  /** Hash of its bytes. */
  readonly hash: string;
}

export interface Bundles {
  /** One for each module, in their order. */
  readonly bundles: readonly Bundle[];
  readonly sources: ReadonlyMap<string, SourceFile>;
  /** The name of the package that a file imports under a specifier. */
  packageOf(file: string, specifier: string): string | undefined;
}

/**
 * Bundles modules. Files of the project, of workspace packages too, are bundled; packages that are installed
 * are left as imports. Dynamic imports and `require` stay as they are written.
 *
 * @param modules paths of files, absolute
 * @throws BadInput where a file cannot be read, or something that it imports cannot be found
 */
export async function bundled(modules: readonly string[]): Promise<Bundles> {
  const sources = new Map<string, SourceFile>();
  const packages = new Map<string, string>();
  const folder = dirname(modules[0]!);
  const out = join(folder, "bundle"); // nothing is written there
  try {
    const { outputFiles } = await build({
      entryPoints: modules.map((module, index) => ({ in: module, out: String(index) })),
      absWorkingDir: folder,
      outdir: out,
      bundle: true,
      write: false,
      format: "esm",
      platform: "node",
      target: "es2023",
      conditions: [],
      legalComments: "none",
      charset: "utf8",
      sourcemap: "external",
      sourcesContent: false,
      logLevel: "silent",
      plugins: [following(sources, packages)],
    });
    const textOf = (name: string) => outputFiles.find(({ path }) => path === join(out, name))!.text;
    const bundles = modules.map((_, index) => {
      const map = new SourceMap(JSON.parse(textOf(`${index}.js.map`)) as SourceMapPayload);
      return { text: textOf(`${index}.js`), placeOf: placesIn(map, out) };
    });
    return { bundles, sources, packageOf: (file, specifier) => packages.get(`${file}\n${specifier}`) };
  } catch (thrown) {
    if (!isBuildFailure(thrown)) throw thrown;
    throw badInputOf(thrown.errors.map((message) => sentenceOf(message, folder)));
  }
}

/** What to bundle and what to leave; notes every file that is read and every package that is met. */
function following(sources: Map<string, SourceFile>, packages: Map<string, string>): Plugin {
  return {
    name: "fingerprint",
    setup({ onResolve, onLoad, resolve }) {
      const resolved = {}; // marks what is asked from here, so that it is not asked again
      onResolve(
        { filter: /.*/ },
        async ({ path, kind, importer, resolveDir, pluginData, with: attributes }) => {
          if (pluginData === resolved || kind === "entry-point") return undefined;
          if (kind !== "import-statement") return { path, external: true };
          const found = await resolve(path, {
            kind,
            importer,
            resolveDir,
            pluginData: resolved,
            with: attributes,
          });
          const name = packageHolding(found.path);
          if (found.external || found.errors.length > 0 || name === undefined) return found;
          if (packageHolding(importer) === name) return found;
          packages.set(`${importer}\n${path}`, name);
          // Names that are imported but not needed leave no import behind; `import "x"` alone does.
          return { path, external: true, sideEffects: importsBare(sources.get(importer)?.text ?? "", path) };
        },
      );
      onLoad({ filter: /.*/, namespace: "file" }, ({ path }) => {
        const loader = loaders[extname(path)];
        if (!loader) return undefined;
        const bytes = readFileSync(path);
        const text = bytes.toString("utf8");
        sources.set(path, { text, hash: hash(bytes) });
        // Places are those in this file, not in what it was compiled from.
        return { contents: text.replaceAll("sourceMappingURL=", ""), loader };
      });
    },
  };
}

const loaders: Readonly<Record<string, Loader>> = {
  ".js": "js",
  ".mjs": "js",
  ".cjs": "js",
  ".jsx": "jsx",
  ".ts": "ts",
  ".mts": "ts",
  ".cts": "ts",
  ".tsx": "tsx",
  ".json": "json",
};

function importsBare(text: string, specifier: string): boolean {
  const bare = text.matchAll(/\bimport\s*(["'])(.*?)\1/g);
  return [...bare].some(([, , imported]) => imported === specifier);
}

const placesIn =
  (map: SourceMap, folder: string) =>
  (line: number, column: number): Place | undefined => {
    const found = map.findEntry(line - 1, column);
    // What the bundler adds has no entry of its own; the one before it is about something else.
    if (!("originalSource" in found) || found.generatedLine !== line - 1) return undefined;
    return { file: join(folder, found.originalSource.replaceAll("/", sep)), line: found.originalLine + 1 };
  };

const isBuildFailure = (thrown: unknown): thrown is { errors: readonly Message[] } =>
  thrown instanceof Error && "errors" in thrown && Array.isArray(thrown.errors);

function sentenceOf({ text, location }: Message, folder: string): string {
  const where = location ? `${join(folder, location.file)}:${location.line}: ` : "";
  return `The code of the stages cannot be followed, mend it: ${where}${text}`;
}
