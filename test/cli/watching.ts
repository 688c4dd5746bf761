import { type ChildProcess, spawn } from "node:child_process";
import { jsonLines, main } from "../support/command-line.ts";

/** How long anything that is waited for may take, ms: this says that it hangs, not how fast it is. */
const PATIENCE = 300_000;

/** `mesoflow run --watch` in a process of its own, and all that it has said so far. */
export class Watching {
  readonly #child: ChildProcess;
  #stdout = "";
  #stderr = "";
  /** How much of both has been waited for. */
  #read = { stdout: 0, stderr: 0 };
  readonly #listeners = new Set<() => void>();

  constructor(cwd: string, args: readonly string[], program = main) {
    const env = { ...process.env, MESOFLOW_CACHE: "" };
    const command = [program, "run", "--watch", ...args];
    const child = spawn(process.execPath, command, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
    this.#child = child;
    child.stdout.setEncoding("utf8").on("data", (text) => {
      this.#stdout += text;
      this.#tell();
    });
    child.stderr.setEncoding("utf8").on("data", (text) => {
      this.#stderr += text;
      this.#tell();
    });
    child.on("close", () => {
      this.#hasClosed = true;
      this.#tell();
    });
  }

  get stdout(): string {
    return this.#stdout;
  }

  get stderr(): string {
    return this.#stderr;
  }

  /** What stderr says from where it was last waited for up to the end of a line that matches. */
  until(pattern: RegExp): Promise<string> {
    return this.#waited(`stderr says ${pattern}`, () => {
      const rest = this.#stderr.slice(this.#read.stderr);
      const found = pattern.exec(rest);
      const end = found ? rest.indexOf("\n", found.index + found[0].length) : -1;
      if (end < 0) return undefined;
      this.#read.stderr += end + 1;
      return rest.slice(0, end + 1);
    });
  }

  /** With --json: the events from where they were last waited for up to one of this name, of this stage if given. */
  // biome-ignore lint/suspicious/noExplicitAny: whatever it printed
  untilEvent(name: string, stage?: string): Promise<any[]> {
    return this.#waited(`stdout says ${name}`, () => {
      const rest = this.#stdout.slice(this.#read.stdout);
      const whole = rest.slice(0, rest.lastIndexOf("\n") + 1);
      const events = jsonLines(whole);
      const at = events.findIndex((event) => event.event === name && (!stage || event.stage === stage));
      if (at < 0) return undefined;
      const lines = whole.split("\n").slice(0, at + 1);
      this.#read.stdout += lines.join("\n").length + 1;
      return events.slice(0, at + 1);
    });
  }

  /** What a revision says up to where the next change is waited for. */
  settled(): Promise<string> {
    return this.until(/waiting for changes/);
  }

  /** Interrupts it, as Ctrl-C does, and gives its exit status. */
  async interrupt(): Promise<number | null> {
    this.#child.kill("SIGINT");
    await this.#waited("the process ends", () => this.#hasClosed || undefined);
    return this.#child.exitCode;
  }

  /** Ends it whatever it does; for the end of a test. */
  kill(): void {
    if (!this.#hasClosed) this.#child.kill("SIGKILL");
  }

  #hasClosed = false;

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }

  #waited<T>(what: string, look: () => T | undefined): Promise<T> {
    return new Promise((resolve, reject) => {
      const finish = (settle: () => void): void => {
        clearTimeout(limit);
        this.#listeners.delete(listener);
        settle();
      };
      const listener = (): void => {
        const found = look();
        if (found !== undefined) finish(() => resolve(found));
        else if (this.#hasClosed)
          finish(() => reject(new Error(`it ended before ${what}:\n${this.#stderr}`)));
      };
      const limit = setTimeout(() => {
        this.kill();
        finish(() => reject(new Error(`it took too long until ${what}:\n${this.#stderr}\n${this.#stdout}`)));
      }, PATIENCE);
      this.#listeners.add(listener);
      listener();
    });
  }
}
