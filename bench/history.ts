import { execFileSync } from "node:child_process";
import { appendFileSync, existsSync } from "node:fs";
import { cpus } from "node:os";
import { fileURLToPath } from "node:url";

const file = fileURLToPath(new URL("../../bench/history.txt", import.meta.url));

export interface Line {
  readonly measure: string;
  /** Milliseconds; of the peer only where there is one. */
  readonly ours: number;
  readonly peer: number | undefined;
}

const widths = [16, 10, 14, 10, 48, 10, 10, 6];
const columns = (cells: readonly string[]) =>
  `${cells
    .map((cell, k) => cell.padEnd(widths[k] ?? 0))
    .join("  ")
    .trimEnd()}\n`;

/** Appends a run to bench/history.txt: one aligned line a measure. */
export function remember(lines: readonly Line[]): void {
  if (!existsSync(file)) {
    appendFileSync(
      file,
      columns(["date (UTC)", "commit", "processor", "node", "measure", "ours, ms", "peer, ms", "ratio"]),
    );
  }
  const date = new Date().toISOString().slice(0, 16).replace("T", " ");
  const machine = [date, commit(), cpus()[0]?.model ?? "unknown", process.version];
  for (const { measure, ours, peer } of lines) {
    const told = [milliseconds(ours), peer ? milliseconds(peer) : "–", peer ? (ours / peer).toFixed(2) : "–"];
    appendFileSync(file, columns([...machine, measure, ...told]));
  }
}

const milliseconds = (value: number): string => (value < 1 ? value.toPrecision(2) : value.toFixed(2));

/** The commit that was measured, with a plus where files differ from it. */
function commit(): string {
  const git = (...words: string[]) => execFileSync("git", words, { encoding: "utf8" }).trim();
  try {
    return git("rev-parse", "--short", "HEAD") + (git("status", "--porcelain", "-uno") ? "+" : "");
  } catch {
    return "–";
  }
}
