import { readFileSync, realpathSync, statSync } from "node:fs";
import { dirname, join, sep } from "node:path";
import { BadInput } from "../errors.ts";

/** A package as a file imports it. */
export interface PackageImport {
  readonly name: string;
  /** The file that imports it, absolute. */
  readonly from: string;
}

interface Manifest {
  readonly version?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

/** The name of the installed package that a file belongs to; none for files of the project. */
export function packageHolding(file: string): string | undefined {
  const folders = file.split(sep);
  const at = folders.lastIndexOf("node_modules");
  if (at < 0) return undefined;
  return folders.slice(at + 1, at + (folders[at + 1]!.startsWith("@") ? 3 : 2)).join("/");
}

interface Installed {
  readonly name: string;
  readonly folder: string;
  readonly manifest: Manifest;
}

/** What is installed, as far as it is asked: every package.json is read once. */
export class Packages {
  readonly #found = new Map<string, Installed | undefined>();
  /** Folders of packages, by the folder that is looked from: the nearest first. */
  readonly #around = new Map<string, readonly string[]>();

  /**
   * The installed versions of packages, and of all that they depend on in turn, by name; several of one name are
   * listed in order.
   *
   * @throws BadInput where one that is imported is not installed
   */
  versionsOf(imports: readonly PackageImport[]): Record<string, string> {
    const versions = new Map<string, Set<string>>();
    const reached = new Set(
      imports.map(({ name, from }) => {
        const found = this.#installed(name, dirname(from));
        if (!found) throw new BadInput(`${from} imports ${name}, which is not installed: install it`);
        return found;
      }),
    );
    for (const { name, folder, manifest } of reached) {
      const { version = "without version", dependencies, optionalDependencies, peerDependencies } = manifest;
      versions.set(name, (versions.get(name) ?? new Set()).add(version));
      for (const needed of Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies })) {
        const found = this.#installed(needed, folder); // optional ones and peers may be missing
        if (found) reached.add(found);
      }
    }
    return Object.fromEntries(
      [...versions]
        .map(([name, found]) => [name, [...found].sort().join(", ")] as const)
        .sort(([a], [b]) => (a < b ? -1 : 1)),
    );
  }

  /** Looks where Node looks: in `node_modules` of the folder and of those above it. */
  #installed(name: string, folder: string): Installed | undefined {
    for (const around of this.#packagesAround(folder)) {
      const candidate = join(around, name);
      if (!this.#found.has(candidate)) this.#found.set(candidate, installedAt(candidate, name));
      const found = this.#found.get(candidate);
      if (found) return found;
    }
    return undefined;
  }

  /** Most packages have none of their own: asked once a folder, not once for each that it needs. */
  #packagesAround(folder: string): readonly string[] {
    const known = this.#around.get(folder);
    if (known) return known;
    const above = dirname(folder);
    const own = join(folder, "node_modules");
    const around = [
      ...(statSync(own, { throwIfNoEntry: false }) ? [own] : []),
      ...(above === folder ? [] : this.#packagesAround(above)),
    ];
    this.#around.set(folder, around);
    return around;
  }
}

function installedAt(candidate: string, name: string): Installed | undefined {
  try {
    const manifest = JSON.parse(readFileSync(join(candidate, "package.json"), "utf8")) as Manifest;
    return { name, folder: realpathSync.native(candidate), manifest };
  } catch (error) {
    if (["ENOENT", "ENOTDIR"].includes((error as NodeJS.ErrnoException).code ?? "")) return undefined;
    throw error;
  }
}
