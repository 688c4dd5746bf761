import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Line, Order } from "./toy-pipeline.ts";

/** A toy process. */
export interface Toy {
  readonly pid: number;
  readonly child: ChildProcess;
  /** Resolves when it waits for its order. */
  readonly ready: Promise<unknown>;
  /** Its exit code, or the signal that killed it, once it is gone and reaped. */
  readonly gone: Promise<number | string>;
}

/** @param limit what the shell is to do before, such as `ulimit` */
export function startToy(program: string, limit = ":"): Toy {
  const script = `${limit}; exec "$0" "$@"`; // the shell becomes the program, under the same pid
  const child = spawn("/bin/bash", ["-c", script, process.execPath, program, "obey"], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const gone = once(child, "exit").then(([code, signal]) => (code ?? signal) as number | string);
  return { pid: child.pid!, child, ready: once(child.stdout!, "data"), gone };
}

/** Lets it do what the order says. */
export const give = ({ child }: Toy, order: Order): void => void child.stdin!.end(JSON.stringify(order));

/** A store and a log for toy processes. */
export function playground(shape: Omit<Order, "folder" | "log">) {
  const root = mkdtempSync(join(tmpdir(), "mesoflow-toys-"));
  const order: Order = { ...shape, folder: join(root, "cache"), log: join(root, "log") };
  /** All complete lines of the log. */
  const lines = (): Line[] => {
    if (!existsSync(order.log)) return [];
    const texts = readFileSync(order.log, "utf8").split("\n").slice(0, -1);
    return texts.map((text) => JSON.parse(text) as Line);
  };
  return {
    order,
    lines,
    stagesOf: (event: string) => lines().flatMap((line) => (line.event === event ? [line.stage!] : [])),
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}

/** The content of each stage, from a run that ended. */
export const contentsOf = (lines: readonly Line[]): Map<string, string> =>
  new Map(
    lines.flatMap(({ event, stage, content }) =>
      event === "hit" || event === "finished" ? [[stage!, content!] as const] : [],
    ),
  );
