import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { AnyNode, NewExpression } from "acorn";
import { hash } from "../artifact/hash.ts";
import { BadInput } from "../errors.ts";
import type { Bundles } from "./bundle.ts";
import { type Declaration, type Declarations, reachedFrom } from "./declarations.ts";
import { effectsOn } from "./effects.ts";
import { fileNamedAt, type Impurity, impuritiesIn } from "./impurities.ts";
import { fileText, normalForm } from "./normal-form.ts";
import type { PackageImport } from "./packages.ts";
import { within } from "./scopes.ts";

/** What a stage's code is, as far as it does not change with what is installed. Paths are absolute. */
export interface StageCode {
  /** Hash of the normal form of all that the stage reaches. */
  readonly code: string;
  /** Hash of the WebAssembly that it reaches, where it does. */
  readonly kernels?: string;
  /** Hash of what it reaches in each file. */
  readonly files: Readonly<Record<string, string>>;
  readonly imports: readonly PackageImport[];
  /** Hash of each file that it names by `new URL("file", import.meta.url)`. */
  readonly named: Readonly<Record<string, string>>;
  /** What is wrong with it. */
  readonly faults: readonly Impurity[];
}

/**
 * The code of what a module exports.
 *
 * @throws BadInput where there is no such export, or a file that is named cannot be read
 */
export function stageCodeOf(
  { file, name }: { readonly file: string; readonly name: string },
  program: Declarations,
  { packageOf }: Bundles,
): StageCode {
  const exported = program.exports.get(name);
  const value = exported && program.partOf.get(exported);
  if (!value) {
    const what = name === "default" ? "no default export" : `no export ${name} of its own`;
    throw new BadInput(`${file} has ${what} to fingerprint: export the stage as one`);
  }
  const effects = effectsOn(value, program);
  const reached = reachedFrom([value, ...effects], program.partOf);
  const named = namedFiles(reached, program);
  const kernels = [...new Set([...named.values()].filter(isKernel).map((found) => found.hash))].sort();

  // One module of kernels is told by its own hash, beside the code; of several the code tells which is which.
  const fileWriting = (node: NewExpression): string | undefined => {
    const found = named.get(node);
    return found && (isKernel(found) && kernels.length === 1 ? "kernels" : `file ${found.hash}`);
  };
  const parts = program.parts.filter((part) => reached.has(part));
  const files = new Map<string, Declaration[]>();
  for (const part of parts) {
    if (part.file) files.set(part.file, [...(files.get(part.file) ?? []), part]);
  }
  const imports = new Map(
    parts.flatMap((part) => packagesIn(part, packageOf)).map((of) => [`${of.name}\n${of.from}`, of]),
  );
  return {
    code: hash(`mesoflow code 1\n${normalForm(value, reached, effects, program, fileWriting)}`),
    ...(kernels.length > 0 && { kernels: kernels.length === 1 ? kernels[0]! : hash(kernels.join("\n")) }),
    files: Object.fromEntries([
      ...[...files].map(
        ([path, own]) => [path, hash(fileText(own, program, (node) => named.has(node)))] as const,
      ),
      ...[...named.values()]
        .filter((found) => !isKernel(found))
        .map((found) => [found.path, found.hash] as const),
    ]),
    imports: [...imports.values()],
    named: Object.fromEntries([...named.values()].map((found) => [found.path, found.hash])),
    faults: parts.flatMap((part) => [...impuritiesIn(part, program)]),
  };
}

interface NamedFile {
  readonly path: string;
  readonly hash: string;
}

const isKernel = ({ path }: NamedFile): boolean => path.endsWith(".wasm");

/** The files that the parts name by `new URL("file", import.meta.url)`, by that expression. */
function namedFiles(parts: ReadonlySet<Declaration>, program: Declarations): Map<AnyNode, NamedFile> {
  const found = new Map<AnyNode, NamedFile>();
  for (const part of parts) {
    for (const meta of within(part.node)) {
      const name = meta.type === "MetaProperty" ? fileNamedAt(meta, program) : undefined;
      const place = name === undefined ? undefined : program.placeOf(meta);
      if (name === undefined || !place) continue;
      const path = resolve(dirname(place.file), decodeURIComponent(name));
      const made = program.parents.get(program.parents.get(meta)!)!;
      try {
        found.set(made, { path, hash: hash(readFileSync(path)) });
      } catch (thrown) {
        const { code } = thrown as NodeJS.ErrnoException;
        const why =
          code === "EISDIR" ? "is a folder: name the files in it" : `cannot be read (${code}): put it there`;
        throw new BadInput(`${path}, which ${place.file}:${place.line} names, ${why}`);
      }
    }
  }
  return found;
}

/** The packages that a part needs. */
function packagesIn({ node, uses, file }: Declaration, packageOf: Bundles["packageOf"]): PackageImport[] {
  const modules = uses.flatMap(({ imported }) => imported?.module ?? []);
  if (node.type === "ImportDeclaration") modules.push(String(node.source.value));
  return modules.flatMap((module) => {
    const name = file && packageOf(file, module);
    return name ? [{ name, from: file }] : [];
  });
}
