import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";
import { titled } from "./data/python.ts";

export const hasRedis = spawnSync("redis-server", ["--version"]).status === 0;
export const redisTitle = (title: string) => titled(title, hasRedis, "redis-server");

/** A Redis of the tests' own, on a free port of this machine, with its append-only file in a temporary folder. */
export interface TestRedis {
  readonly url: string;
  readonly port: number;
  /** A connection that is closed with the server. */
  client(): Redis;
  /** Ends it, by SIGTERM unless told, and starts it again with what its file holds. */
  restart(signal?: NodeJS.Signals): Promise<void>;
  stop(): Promise<void>;
}

export async function startRedis({ password }: { readonly password?: string } = {}): Promise<TestRedis> {
  const folder = mkdtempSync(join(tmpdir(), "mesoflow-redis-"));
  const port = await freePort();
  const args = ["--port", String(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "yes"];
  const secret = password === undefined ? [] : ["--requirepass", password];
  const url = `redis://${password === undefined ? "" : `:${encodeURIComponent(password)}@`}127.0.0.1:${port}/0`;
  const clients: Redis[] = [];
  const begin = async (): Promise<ChildProcess> => {
    const server = spawn("redis-server", [...args, ...secret, "--dir", folder], { stdio: "ignore" });
    const probe = new Redis(url, { retryStrategy: () => 20, maxRetriesPerRequest: null });
    probe.on("error", () => {});
    await probe.ping().catch(() => {});
    probe.disconnect();
    return server;
  };
  let server = await begin();
  const end = async (signal: NodeJS.Signals) => {
    const exit = once(server, "exit");
    server.kill(signal);
    await exit;
  };
  return {
    url,
    port,
    client() {
      const client = new Redis(url, { maxRetriesPerRequest: null, retryStrategy: () => 50 });
      client.on("error", () => {});
      clients.push(client);
      return client;
    },
    async restart(signal = "SIGTERM") {
      await end(signal);
      server = await begin();
    },
    async stop() {
      for (const client of clients) client.disconnect();
      await end("SIGKILL");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A port that nobody listened on a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  return typeof address === "object" && address ? address.port : 0;
}
