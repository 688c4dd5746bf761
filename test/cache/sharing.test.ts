// @module-tag process
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { openStore } from "../../cache/index.ts";
import { bundle } from "../support/bundle.ts";
import { contentsOf, give, playground, startToy, type Toy } from "./toy-processes.ts";

let program: string;
let ground: ReturnType<typeof playground>;
let toys: Toy[];

beforeAll(async () => {
  const bundled = await bundle("../cache/toy-pipeline.ts");
  program = bundled.file;
  return bundled.remove;
});
beforeEach(() => {
  ground = playground({ layers: 4, width: 3, pauses: [80, 120], size: 1_000 });
  toys = [];
});
afterEach(async () => {
  for (const { child } of toys) child.kill("SIGKILL");
  await Promise.all(toys.map(({ gone }) => gone));
  ground.remove();
});

const start = (count: number): Toy[] => {
  const started = Array.from({ length: count }, () => startToy(program));
  toys.push(...started);
  return started;
};
const all = Array.from({ length: 12 }, (_, at) => `toy/${at}`).sort();

/** Looks every few ms; the test's own time limit ends a wait in vain. */
async function until<T>(found: () => T | undefined): Promise<T> {
  for (;;) {
    const value = found();
    if (value !== undefined) return value;
    await setTimeout(5);
  }
}

/** Every result can be read, and is the one of every process. */
async function check(pids: readonly number[]): Promise<void> {
  const store = openStore(ground.order.folder);
  const contents = new Map(store.entries().map(({ preImage, content }) => [preImage.stage, content]));
  expect([...contents.keys()].sort()).toEqual(all);
  for (const content of contents.values()) await store.load(content);
  for (const pid of pids) {
    expect(contentsOf(ground.lines().filter((line) => line.pid === pid))).toEqual(contents);
  }
  expect(store.leases.living()).toEqual([]);
  await store.close();
}

test("eight processes on one cold pipeline execute each stage once, and all get all results", async () => {
  const eight = start(8);
  for (const toy of eight) give(toy, ground.order);
  expect(await Promise.all(eight.map(({ gone }) => gone))).toEqual(eight.map(() => 0));
  expect(ground.stagesOf("begin").sort()).toEqual(all);
  expect(ground.stagesOf("finished").sort()).toEqual(all);
  expect(ground.stagesOf("hit")).toHaveLength(7 * all.length);
  await check(eight.map(({ pid }) => pid));
});

test("when an owner is killed in the middle of a stage, another one takes over", async () => {
  const [owner, other] = start(2) as [Toy, Toy];
  give(owner, { ...ground.order, until: join(ground.order.folder, "never") });
  await until(() => ground.lines().find(({ event }) => event === "begin"));
  give(other, ground.order);
  await until(() => ground.lines().find(({ event, pid }) => event === "waiting" && pid === other.pid));
  const before = ground.lines();
  const underWay = before.filter(({ event, pid }) => event === "begin" && pid === owner.pid);
  const done = before.filter(({ event, pid }) => event === "finished" && pid === owner.pid);
  owner.child.kill("SIGKILL");
  expect(await owner.gone).toBe("SIGKILL");
  expect(await other.gone).toBe(0);
  const later = ground.lines().filter(({ event, pid }) => event === "begin" && pid === other.pid);
  // What it was at is begun again; nothing else is begun twice.
  const [owned, taken] = [underWay, later].map((lines) => lines.map(({ stage }) => stage!));
  expect(owned!.filter((stage) => taken!.includes(stage)).length).toBeGreaterThan(0);
  for (const { stage } of done) expect(taken).not.toContain(stage);
  await check([other.pid]);
});

test("an owner that is suspended loses its lease, and spoils nothing when it goes on", async () => {
  const [owner, other] = start(2) as [Toy, Toy];
  const end = join(ground.order.folder, "end");
  give(owner, { ...ground.order, until: end });
  // Both its jobs are in their pauses: stopped inside a transaction it would stop all who write.
  await until(() => ground.stagesOf("begin")[1]);
  owner.child.kill("SIGSTOP");
  give(other, ground.order);
  expect(await other.gone).toBe(0);
  expect(new Set(ground.lines().flatMap(({ event, pid }) => (event === "finished" ? [pid] : [])))).toContain(
    other.pid,
  );
  const store = openStore(ground.order.folder);
  const before = store.entries();
  expect(before).toHaveLength(all.length);
  writeFileSync(end, "");
  owner.child.kill("SIGCONT");
  expect(await owner.gone).toBe(0);
  expect(store.entries()).toEqual(before);
  await store.close();
  await check([owner.pid, other.pid]);
});
