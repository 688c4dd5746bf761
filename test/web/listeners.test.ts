import { once } from "node:events";
import { connect } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { PipelineEvent } from "../../pipeline/index.ts";
import type { Message } from "../../web/protocol.ts";
import { Hub } from "../../web/server/hub.ts";
import type { PipelineView } from "../../web/server/index.ts";
import { jsonOf, type Toy, ToyWorkbench, toy } from "./workbench.ts";

let server: Toy;
beforeEach(async () => {
  server = await toy();
});
afterEach(() => server.serving.close());

/**
 * Listens until a message is the last one asked for, and gives all.
 *
 * @param begun called once the first has come: whatever is said from then on is told
 */
async function listen(isLast: (message: Message) => boolean, begun: () => void): Promise<Message[]> {
  const leaving = new AbortController();
  const { body } = await server.ask("/api/events", { signal: leaving.signal });
  const messages: Message[] = [];
  let rest = "";
  for await (const chunk of body!.pipeThrough(new TextDecoderStream())) {
    const parts = (rest + chunk).split("\n\n");
    rest = parts.pop()!;
    for (const part of parts) {
      if (!part.startsWith("data: ")) continue;
      const message = JSON.parse(part.slice("data: ".length)) as Message;
      messages.push(message);
      if (messages.length === 1) begun();
      if (!isLast(message)) continue;
      leaving.abort();
      return messages;
    }
  }
  return messages;
}

const isEvent = (message: Message, event: string): boolean =>
  message.kind === "event" && message.event.event === event;
const aborted = (stage: string): PipelineEvent => ({ event: "aborted", stage });
const warning = (message: string): PipelineEvent => ({ event: "warning", stages: [], message });

test("begins with what is known, then tells what happens", async () => {
  let told: Promise<Message[]> | undefined;
  await new Promise<void>((begun) => {
    told = listen((message) => isEvent(message, "warning"), begun);
  });
  server.workbench.said.next({ event: "progress", stage: "of/two", fraction: 0.5, remaining: 1 });
  server.workbench.said.next(warning("end"));
  const messages = (await told)!;
  expect(messages[0]).toMatchObject({ kind: "snapshot", snapshot: { sides: { a: { revision: 1 } } } });
  expect(messages.at(-1)).toMatchObject({ kind: "event", side: "a", revision: 1 });
});

test("a change is told with its setting, whoever made it", async () => {
  const told: Promise<Message[]>[] = [];
  const listening = [1, 2].map(
    () =>
      new Promise<void>((begun) => {
        told.push(listen((message) => isEvent(message, "finished"), begun));
      }),
  );
  await Promise.all(listening);
  const { revision } = await jsonOf(await server.put("a", { "ring.v_c": 50 }));
  for (const messages of await Promise.all(told)) {
    const [first, ...others] = messages.filter((message) => message.kind === "event");
    expect(first).toMatchObject({ revision, setting: { "ring.v_c": 50 }, event: { event: "revision" } });
    expect(others.every((message) => message.revision === revision)).toBe(true);
  }
});

test("who never reads slows nobody; when it wakes it is told the state there is, not what it missed", async () => {
  const { port, token, workbench } = server;
  const asleep = connect(port, "127.0.0.1");
  asleep.write(`GET /api/events HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${token}\r\n\r\n`);
  let [length, snapshots, last] = [0, 0, ""];
  asleep.setEncoding("utf8").on("data", (piece: string) => {
    length += piece.length;
    snapshots += piece.split('"kind":"snapshot"').length - 1;
    last = (last + piece).slice(-30_000);
  });
  while (snapshots === 0) await once(asleep, "data");
  asleep.pause();
  // More than the buffers between them take.
  const stage = "x".repeat(10_000);
  for (let round = 0; round < 400; round += 1) {
    for (let k = 0; k < 10; k += 1) workbench.said.next(aborted(stage));
    await new Promise((resolve) => setImmediate(resolve));
  }
  workbench.said.next(warning("the end"));
  asleep.resume();
  while (!last.includes("the end")) await once(asleep, "data");
  asleep.destroy();
  expect(snapshots).toBe(2);
  expect(length).toBeLessThan((4_000 * stage.length) / 2);
});

test("50 that listen are told everything, while for one that sleeps nothing piles up", async () => {
  const workbench = new ToyWorkbench();
  const first = (await workbench.bench({})) as PipelineView;
  const desk = new Hub(workbench, first);
  const feeds = Array.from({ length: 50 }, () => desk.listen());
  const asleep = desk.listen();
  for (const feed of [...feeds, asleep]) await feed.take(0);
  const told = feeds.map(() => 0);
  let most = 0;
  for (let round = 0; round < 100; round += 1) {
    for (let k = 0; k < 100; k += 1) workbench.said.next(aborted("x".repeat(100)));
    for (const [at, feed] of feeds.entries()) told[at]! += (await feed.take(0))!.split("\n\n").length - 1;
    most = Math.max(most, asleep.length);
  }
  expect(new Set(told)).toEqual(new Set([10_000]));
  expect(most).toBeLessThan(300_000);
  desk.end();
});
