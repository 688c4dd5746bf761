import type { Hub } from "./hub.ts";

/** After so long without a word a comment is sent, ms: who has gone away is noticed by it. */
const SILENCE = 15_000;

/** What a page is told, as a stream that is only read from the buffer as far as the page reads it. */
export function eventStream(hub: Hub): ReadableStream<Uint8Array<ArrayBuffer>> {
  const buffer = hub.listen();
  const encoder = new TextEncoder();
  return new ReadableStream(
    {
      start: (controller) => controller.enqueue(encoder.encode("retry: 1000\n\n")),
      async pull(controller) {
        const text = await buffer.take(SILENCE);
        if (text === undefined) controller.close();
        else controller.enqueue(encoder.encode(text || ":\n\n"));
      },
      cancel: () => hub.leave(buffer),
    },
    { highWaterMark: 0 },
  );
}
