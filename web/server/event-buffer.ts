import type { Message } from "../protocol.ts";

/** What may wait for a page, in UTF-16 code units of JSON: more than that and it begins again with a snapshot. */
const MOST = 256_000;

/**
 * What waits for one page, which takes it at its own pace. Of progress and of parts only the latest of each stage
 * waits; where a page sleeps so long that more than a bounded amount waits, all of it is dropped, and what it gets
 * when it wakes is the state as it is then.
 */
export class EventBuffer {
  readonly #snapshot: () => string;
  /** In the order in which they are to be told; `undefined` while a snapshot is due, which makes all of them obsolete. */
  #waiting: Map<string | number, string> | undefined;
  #length = 0;
  #count = 0;
  #isEnded = false;
  #wake: (() => void) | undefined;

  /** @param snapshot the text of the state as it is now */
  constructor(snapshot: () => string) {
    this.#snapshot = snapshot;
  }

  /** How much waits, in code units. */
  get length(): number {
    return this.#length;
  }

  /** @param text the message as it is to be sent */
  put(message: Message, text: string): void {
    if (message.kind === "snapshot") this.#waiting = undefined;
    if (this.#waiting) {
      const place = placeOf(message) ?? this.#count++;
      this.#length += text.length - (this.#waiting.get(place)?.length ?? 0);
      this.#waiting.delete(place); // it goes to the end of the row
      this.#waiting.set(place, text);
    }
    if (this.#length > MOST) this.#waiting = undefined;
    if (!this.#waiting) this.#length = 0;
    this.#wake?.();
  }

  /** What comes next; empty where nothing has come for so many ms, undefined at the end. */
  async take(patience: number): Promise<string | undefined> {
    if (!this.#isEnded && this.#waiting?.size === 0) {
      await new Promise<void>((resolve) => {
        const limit = setTimeout(resolve, patience);
        this.#wake = () => {
          clearTimeout(limit);
          resolve();
        };
      });
      this.#wake = undefined;
    }
    if (this.#isEnded) return undefined;
    if (!this.#waiting) {
      this.#waiting = new Map();
      return this.#snapshot();
    }
    const texts = [...this.#waiting.values()].join("");
    this.#waiting.clear();
    this.#length = 0;
    return texts;
  }

  end(): void {
    this.#isEnded = true;
    this.#waiting = undefined;
    this.#wake?.();
  }
}

/** Where in the row a message takes the place of one before it. */
function placeOf(message: Message): string | undefined {
  if (message.kind === "snapshot") return undefined;
  const { side, event } = message;
  return event.event === "progress" || event.event === "part"
    ? `${side} ${event.event} ${event.stage}`
    : undefined;
}
