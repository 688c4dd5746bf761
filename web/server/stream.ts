import type { Desk } from "./desk.ts";

/** After so long without a word a comment is sent, ms: who has gone away is noticed by it. */
const SILENCE = 15_000;

/** What a page is told, as a stream that is only read from the feed as far as the page reads it. */
export function eventStream(desk: Desk): ReadableStream<Uint8Array<ArrayBuffer>> {
  const feed = desk.listen();
  const encoder = new TextEncoder();
  return new ReadableStream(
    {
      start: (controller) => controller.enqueue(encoder.encode("retry: 1000\n\n")),
      async pull(controller) {
        const text = await feed.take(SILENCE);
        if (text === undefined) controller.close();
        else controller.enqueue(encoder.encode(text || ":\n\n"));
      },
      cancel: () => desk.leave(feed),
    },
    { highWaterMark: 0 },
  );
}
