import { expect, test } from "vitest";
import type { PipelineEvent } from "../../pipeline/index.ts";
import type { Message, Side } from "../../web/protocol.ts";
import { EventBuffer } from "../../web/server/event-buffer.ts";

const message = (event: PipelineEvent, side: Side = "a"): Message => ({
  kind: "event",
  side,
  revision: 1,
  event,
});
const progress = (stage: string, fraction: number): PipelineEvent => ({
  event: "progress",
  stage,
  fraction,
  remaining: 1,
});
const aborted = (stage: string): PipelineEvent => ({ event: "aborted", stage });

/** A feed whose snapshots are numbered; the first has been taken. */
async function ground() {
  let number = 0;
  const feed = new EventBuffer(() => `snapshot ${++number};`);
  expect(await feed.take(0)).toBe("snapshot 1;");
  const put = (text: string, event: PipelineEvent, side?: Side) => feed.put(message(event, side), text);
  return { feed, put };
}

test("all that waits comes at once and in order; of progress the latest word, where it was said", async () => {
  const { feed, put } = await ground();
  put("x 1;", progress("x", 0.1));
  put("y ends;", aborted("y"));
  put("x 2;", progress("x", 0.2));
  put("x of b;", progress("x", 0.1), "b");
  expect(await feed.take(0)).toBe("y ends;x 2;x of b;");
  expect(await feed.take(0)).toBe("");
});

test("who takes before there is anything is given it when it comes", async () => {
  const { feed, put } = await ground();
  const next = feed.take(60_000);
  put("now;", aborted("x"));
  expect(await next).toBe("now;");
});

test("who sleeps too long gets the state there is when it wakes, and what comes after that", async () => {
  const { feed, put } = await ground();
  const text = "x".repeat(1_000);
  let most = 0;
  for (let k = 0; k < 10_000; k += 1) {
    put(text, aborted("x"));
    most = Math.max(most, feed.length);
  }
  expect(most).toBeLessThanOrEqual(256_000);
  expect(feed.length).toBe(0);
  expect(await feed.take(0)).toBe("snapshot 2;");
  put("later;", aborted("x"));
  expect(await feed.take(0)).toBe("later;");
});

test("a snapshot that is told makes all before it obsolete", async () => {
  const { feed, put } = await ground();
  put("old;", aborted("x"));
  feed.put({ kind: "snapshot", snapshot: { sides: { a: {} as never } } }, "as it was then;");
  put("new;", aborted("x"));
  expect(await feed.take(0)).toBe("snapshot 2;");
});

test("after its end there is nothing more, also for who is waiting", async () => {
  const { feed, put } = await ground();
  const next = feed.take(60_000);
  feed.end();
  expect(await next).toBeUndefined();
  put("x;", aborted("x"));
  expect(await feed.take(0)).toBeUndefined();
});
