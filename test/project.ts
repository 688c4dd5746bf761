import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";

/** The checkout. */
export const root = fileURLToPath(new URL("..", import.meta.url));

/**
 * A stranger's project in a temporary folder. Its node_modules are links: to this checkout, built, as mesoflow, and
 * to packages of the checkout; package.test.ts installs the packed package instead.
 */
export class Project {
  readonly folder = mkdtempSync(join(tmpdir(), "mesoflow-project-"));
  readonly #sources = new Map<string, ts.SourceFile>();

  constructor(packages: readonly string[]) {
    const modules = join(this.folder, "node_modules");
    const link = (target: string, name: string) => {
      mkdirSync(dirname(join(modules, name)), { recursive: true });
      symlinkSync(target, join(modules, name));
    };
    link(root, "mesoflow");
    for (const name of packages) link(join(root, "node_modules", name), name);
    mkdirSync(join(modules, ".bin"));
    const program = join(modules, ".bin/mesoflow");
    writeFileSync(program, `#!/bin/sh\nexec node "${join(root, "dist/cli/main.js")}" "$@"\n`);
    chmodSync(program, 0o755);
  }

  write(name: string, text: string): void {
    writeFileSync(join(this.folder, name), text);
  }

  /** What `npx tsc` would do and print: the whole project by its tsconfig.json. */
  compile(): string {
    const names = readdirSync(this.folder).filter((name) => name.endsWith(".ts"));
    const { config, error } = ts.readConfigFile(join(this.folder, "tsconfig.json"), ts.sys.readFile);
    if (error) throw new Error(ts.flattenDiagnosticMessageText(error.messageText, "\n"));
    const { options } = ts.parseJsonConfigFileContent(config, ts.sys, this.folder);
    const files = names.map((name) => join(this.folder, name));
    const program = ts.createProgram(files, options, this.#host(options));
    const found = [...ts.getPreEmitDiagnostics(program), ...program.emit().diagnostics];
    return ts.formatDiagnostics(found, {
      getCurrentDirectory: () => this.folder,
      getCanonicalFileName: (name) => name,
      getNewLine: () => "\n",
    });
  }

  /** What a command prints, on either stream. Programs are found as npx finds them. */
  run(command: string): string {
    const path = [join(this.folder, "node_modules/.bin"), process.env.PATH].join(delimiter);
    const { stdout } = spawnSync("sh", ["-c", `{ ${command.replaceAll("npx ", "")}\n} 2>&1`], {
      cwd: this.folder,
      encoding: "utf8",
      timeout: 300_000,
      env: { ...process.env, PATH: path, NO_COLOR: "1", NODE_OPTIONS: "" },
    });
    return stdout;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }

  /** Reads what does not belong to the project once only. */
  #host(options: ts.CompilerOptions): ts.CompilerHost {
    const host = ts.createCompilerHost(options);
    return {
      ...host,
      getCurrentDirectory: () => this.folder,
      getSourceFile: (file, ...others) => {
        const known = this.#sources.get(file);
        if (known) return known;
        const source = host.getSourceFile(file, ...others);
        if (source && dirname(file) !== this.folder) this.#sources.set(file, source);
        return source;
      },
    };
  }
}
