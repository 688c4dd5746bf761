import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bundle } from "../../support/bundle.ts";
import { jsonLines } from "../../support/command-line.ts";
import { startRedis } from "../../support/redis.ts";
import type { Orders } from "./queue-program.ts";

/** A process of the program, with what it has said. */
export interface Process {
  readonly child: ChildProcess;
  said(): ReturnType<typeof jsonLines>;
  /** Its exit code or signal. */
  readonly gone: Promise<number | string>;
}

/** A Redis, and processes that work on one grid by way of it; of points that take no time unless it is given. */
export async function processGround({
  content,
  pause = 0,
  ...shape
}: Pick<Orders, "points" | "chunk" | "poison" | "content"> & { readonly pause?: number }) {
  const { file, remove } = await bundle("../pipeline/queue/queue-program.ts");
  const server = await startRedis();
  const root = mkdtempSync(join(tmpdir(), "mesoflow-queue-"));
  const log = join(root, "log");
  const gate = join(root, "gate");
  const open = () => writeFileSync(gate, "");
  open();
  const bytes = content === undefined ? {} : { content: join(root, content) };
  const running = new Set<ChildProcess>();
  const lines = () => (existsSync(log) ? readFileSync(log, "utf8").split("\n").slice(0, -1) : []);
  return {
    server,
    root,
    /** From now on points are begun and come to no end, until they may. */
    hold: () => rmSync(gate),
    /** Points may come to their end. */
    open,
    start(as: Orders["as"], cache: string, jobs = 2): Process {
      const orders: Orders = {
        as,
        cache: join(root, cache),
        url: server.url,
        log,
        jobs,
        gate,
        pause,
        ...shape,
        ...bytes,
      };
      const child = spawn(process.execPath, [file, JSON.stringify(orders)], {
        stdio: ["ignore", "pipe", "inherit"],
      });
      running.add(child);
      let text = "";
      child.stdout.setEncoding("utf8").on("data", (more: string) => {
        text += more;
      });
      const gone = once(child, "close").then(([code, signal]) => {
        running.delete(child);
        return (code ?? signal) as number | string;
      });
      const said = () => jsonLines(text.slice(0, text.lastIndexOf("\n") + 1)); // the last may be half a line
      return { child, gone, said };
    },
    /** Points that were begun, by whom. */
    computed: () =>
      lines().map((line) => {
        const [point, pid] = line.split(" ").map(Number);
        return { point: point!, pid: pid! };
      }),
    async end() {
      for (const child of running) child.kill("SIGKILL");
      await server.stop();
      remove();
      rmSync(root, { recursive: true, force: true });
    },
  };
}
