import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";
import { titled } from "../golden.ts";

function answers(program: string, question: string): boolean {
  try {
    return spawnSync(program, [question]).status === 0;
  } catch {
    return false; // in a fast run
  }
}

export const hasRedis = answers("redis-server", "--version");
export const hasTls = hasRedis && answers("openssl", "version");
export const redisTitle = (title: string) => titled(title, hasRedis, "redis-server");

/** A Redis of the tests' own, on a free port of this machine, with its append-only file in a temporary folder. */
export interface TestRedis {
  readonly url: string;
  readonly port: number;
  /** Of its files. */
  readonly folder: string;
  /** A connection that is closed with the server. */
  client(): Redis;
  /** Has it stand still, or go on. */
  signal(signal: "SIGSTOP" | "SIGCONT"): void;
  /** Ends it, by SIGTERM unless told, and starts it again with what its file holds. */
  restart(signal?: NodeJS.Signals): Promise<void>;
  stop(): Promise<void>;
}

/**
 * @param tls it speaks TLS alone; who trusts `authority.pem` in `folder` trusts it
 */
export async function startRedis({
  password,
  tls = false,
  port: given,
}: {
  readonly password?: string;
  readonly tls?: boolean;
  readonly port?: number;
} = {}): Promise<TestRedis> {
  const folder = mkdtempSync(join(tmpdir(), "mesoflow-redis-"));
  const port = given ?? (await freePort());
  const listen = tls
    ? ["--port", "0", "--tls-port", String(port), ...certified(folder)]
    : ["--port", String(port)];
  const args = [...listen, "--bind", "127.0.0.1", "--save", "", "--appendonly", "yes"];
  const secret = password === undefined ? [] : ["--requirepass", password];
  const url = `${tls ? "rediss" : "redis"}://${password === undefined ? "" : `:${encodeURIComponent(password)}@`}127.0.0.1:${port}/0`;
  const trust = tls ? { tls: { ca: readFileSync(join(folder, "authority.pem")) } } : {};
  const clients: Redis[] = [];
  const begin = async (): Promise<ChildProcess> => {
    const server = spawn("redis-server", [...args, ...secret, "--dir", folder], { stdio: "ignore" });
    const probe = new Redis(url, { ...trust, retryStrategy: () => 20, maxRetriesPerRequest: null });
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
    ...{ url, port, folder },
    client() {
      const client = new Redis(url, { ...trust, maxRetriesPerRequest: null, retryStrategy: () => 50 });
      client.on("error", () => {});
      clients.push(client);
      return client;
    },
    signal(signal) {
      server.kill(signal);
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

/** Has an authority sign a certificate of 127.0.0.1, and tells Redis where both are. */
function certified(folder: string): string[] {
  const file = (name: string) => join(folder, name);
  const [authority, key, certificate] = ["authority.pem", "key.pem", "certificate.pem"].map(file);
  const made = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"];
  const run = (...args: string[]) => spawnSync("openssl", args, { encoding: "utf8" });
  run(...made, "-subj", "/CN=test authority", "-keyout", file("authority.key"), "-out", authority!);
  const signed = [
    "-CA",
    authority!,
    "-CAkey",
    file("authority.key"),
    "-addext",
    "subjectAltName=IP:127.0.0.1",
  ];
  const { status, stderr } = run(
    ...made,
    "-subj",
    "/CN=127.0.0.1",
    ...signed,
    "-keyout",
    key!,
    "-out",
    certificate!,
  );
  if (status !== 0) throw new Error(stderr);
  return [
    ...["--tls-cert-file", certificate!, "--tls-key-file", key!, "--tls-ca-cert-file", authority!],
    ...["--tls-auth-clients", "no"],
  ];
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
