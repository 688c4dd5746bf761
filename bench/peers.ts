import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const sources = fileURLToPath(new URL("../../bench/peers/", import.meta.url));

/** Programs in plain scalar C that do the same work (bench/peers), compiled with the local `cc -O2`. */
export class Peers {
  readonly #folder = mkdtempSync(join(tmpdir(), "mesoflow-peers-"));
  /** The compiler's own name for itself; none where there is none. */
  readonly compiler = spawnSync("cc", ["--version"], { encoding: "utf8" }).stdout?.split("\n")[0];

  /** What a peer prints, numbers, when it is given numbers. */
  run(name: string, input: Iterable<number>): number[] {
    const text = execFileSync(this.#program(name), { input: [...input].join(" "), encoding: "utf8" });
    return text.trim().split(/\s+/).map(Number);
  }

  readonly #compiled = new Map<string, string>();

  #program(name: string): string {
    const known = this.#compiled.get(name);
    if (known) return known;
    const program = join(this.#folder, name);
    execFileSync("cc", ["-O2", "-o", program, join(sources, `${name}.c`), "-lm"], { stdio: "inherit" });
    this.#compiled.set(name, program);
    return program;
  }

  /** Deletes the programs. */
  close(): void {
    rmSync(this.#folder, { recursive: true });
  }
}
