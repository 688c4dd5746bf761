/**
 * How soon a page has the map of a ring slider, and what listeners cost.
 *
 *     npm run bench:serve
 *
 * A server on a folder of its own. Each time a slider is moved to a value that has never been run: from sending it to
 * the word that `ring-trial/baseline` is there, and to its artifact having come. First with nothing else to do, then with
 * fifty more listeners and one that is asleep, then while a scan of 15,625 points and a spiking network are under way
 * that the slider leaves alone, then with a slider of which scan, refinement and posterior depend, so that each move
 * aborts them. Kept in bench/history.txt.
 */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { Message, Setting } from "../web/protocol.ts";
import { remember } from "./history.ts";

const moves = Number(process.argv[2] ?? 40);
const STAGE = "ring-trial/baseline";
const main = fileURLToPath(new URL("../cli/main.js", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "mesoflow-bench-"));

const command = [main, "serve", "--json", "--port", "0", "--set", "coefficients=notebook"];
const child = spawn(process.execPath, command, { cwd: folder, stdio: ["ignore", "pipe", "inherit"] });
const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
const { url } = JSON.parse((await lines.next()).value as string) as { url: string };
const { origin, searchParams } = new URL(url);
const headers = { Authorization: `Bearer ${searchParams.get("token")}` };

/** Who waits for a message, and what for. */
const waiting = new Set<(message: Message) => void>();

async function listen(): Promise<void> {
  const { body } = await fetch(`${origin}/api/events`, { headers });
  let rest = "";
  for await (const chunk of body!.pipeThrough(new TextDecoderStream())) {
    const parts = (rest + chunk).split("\n\n");
    rest = parts.pop()!;
    for (const part of parts) {
      if (part.startsWith("data: ")) for (const each of waiting) each(JSON.parse(part.slice(6)) as Message);
    }
  }
}

/** So many listeners whom nobody asks, and one who does not read. */
async function listenInVain(count: number): Promise<void> {
  for (let k = 0; k < count; k += 1) {
    const { body } = await fetch(`${origin}/api/events`, { headers });
    void body!.pipeTo(new WritableStream()).catch(() => {});
  }
  await fetch(`${origin}/api/events`, { headers });
}

function told<T>(of: (message: Message) => T | undefined): Promise<T> {
  return new Promise((resolve) => {
    const look = (message: Message): void => {
      const found = of(message);
      if (found === undefined) return;
      waiting.delete(look);
      resolve(found);
    };
    waiting.add(look);
  });
}

const put = async (setting: Setting): Promise<number> => {
  const body = JSON.stringify({ setting });
  const response = await fetch(`${origin}/api/settings/a`, { method: "PUT", headers, body });
  return ((await response.json()) as { revision: number }).revision;
};

interface Delays {
  readonly told: number;
  readonly there: number;
}

/** Moves a slider, ms until the map is known to be there and until it has come. */
async function move(setting: Setting): Promise<Delays> {
  const begin = performance.now();
  let revision = Number.POSITIVE_INFINITY;
  const early: { readonly of: number; readonly content: string }[] = [];
  const content = told((message) => {
    if (message.kind !== "event" || message.event.event !== "finished" || message.event.stage !== STAGE)
      return;
    early.push({ of: message.revision, content: message.event.content });
    return early.find((each) => each.of >= Math.min(revision, last + 1))?.content;
  });
  revision = await put(setting);
  const hash = await content;
  const isTold = performance.now();
  last = revision;
  await (await fetch(`${origin}/api/artifacts/${hash}`, { headers })).arrayBuffer();
  return { told: isTold - begin, there: performance.now() - begin };
}
let last = 1;

/** A move every so often, as of somebody who looks at each map. */
async function measured(settings: readonly Setting[]): Promise<Delays[]> {
  const delays: Delays[] = [];
  for (const setting of settings) {
    delays.push(await move(setting));
    await setTimeout(100);
  }
  return delays;
}

const quantile = (values: readonly number[], q: number): number =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(q * values.length))]!;

function tell(measure: string, delays: readonly Delays[]): void {
  for (const each of ["told", "there"] as const) {
    const values = delays.map((delay) => delay[each]);
    const [median, late, worst] = [0.5, 0.95, 1].map((q) => quantile(values, q));
    const name = `slider, ${measure}, ${each}`;
    console.log(
      `${name.padEnd(40)} median ${median!.toFixed(1)} ms  95 % ${late!.toFixed(1)} ms  all ${worst!.toFixed(1)} ms`,
    );
    remember([{ measure: name, ours: median!, peer: undefined }]);
  }
}

const range = (first: number, step: number) => Array.from({ length: moves }, (_, k) => first + step * k);
const idle = told((message) => (message.kind === "event" && message.event.event === "summary") || undefined);
void listen().catch(() => {});
try {
  await idle;
  await measured([{ "ring.v_c": 49 }, { "ring.v_c": 48 }]); // the first ones load and compile
  tell("idle", await measured(range(100, 1).map((v_c) => ({ "ring.v_c": v_c }))));
  await listenInVain(50);
  tell("50 more listen, one asleep", await measured(range(400, 1).map((v_c) => ({ "ring.v_c": v_c }))));
  const long = { "scan.points": 5, "spiking.duration": 20_000 };
  await put(long);
  await setTimeout(1_000);
  tell("scan goes on", await measured(range(200, 1).map((v_c) => ({ ...long, "ring.v_c": v_c }))));
  tell(
    "all aborted",
    await measured(range(16, 0.1).map((amplitude) => ({ ...long, "ring.amplitude": amplitude }))),
  );
} finally {
  child.kill("SIGINT");
  await new Promise((resolve) => child.once("close", resolve));
  rmSync(folder, { recursive: true });
}
