import { type Observable, Subject } from "rxjs";
import type { Message, Side as Name, Setting, Snapshot } from "../protocol.ts";
import { EventBuffer } from "./event-buffer.ts";
import { Side } from "./side.ts";
import type { Faults, PipelineView, Workbench } from "./workbench.ts";

/** What all pages look at: one setting or two, and who is told what becomes of them. */
export class Hub {
  readonly #workbench: Workbench;
  readonly #feeds = new Set<EventBuffer>();
  readonly #sides: { a: Side; b?: Side };
  readonly #failures = new Subject<never>();
  /** Numbers of b's revisions go on where it ended, if it begins again. */
  #askedOfB = 0;

  constructor(workbench: Workbench, first: PipelineView) {
    this.#workbench = workbench;
    this.#sides = { a: this.#begin("a", first) };
  }

  side(name: Name): Side | undefined {
    return this.#sides[name];
  }

  get snapshot(): Snapshot {
    const { a, b } = this.#sides;
    return { sides: { a: a.state, ...(b && { b: b.state }) } };
  }

  /** How many pages are told what happens. */
  get listeners(): number {
    return this.#feeds.size;
  }

  /** Gives a side another setting; b may begin so. Tells the number of its revision, or what is wrong. */
  async set(name: Name, setting: Setting): Promise<{ readonly revision: number } | Faults> {
    const side = this.#sides[name];
    if (side) return side.set(setting);
    const bench = await this.#workbench.bench(setting);
    if ("faults" in bench) return bench;
    if (this.#sides.b) return this.#sides.b.set(setting); // it has begun meanwhile
    this.#sides.b = this.#begin("b", bench);
    this.#tell({ kind: "snapshot", snapshot: this.snapshot });
    return { revision: this.#sides.b.asked };
  }

  /** Ends the second side; what only it needs is aborted. */
  endB(): void {
    if (!this.#sides.b) return;
    this.#askedOfB = this.#sides.b.asked;
    this.#sides.b.end();
    delete this.#sides.b;
    this.#tell({ kind: "snapshot", snapshot: this.snapshot });
  }

  /** A page listens from now on; what it is told first is the state as it is then. */
  listen(): EventBuffer {
    const buffer = new EventBuffer(() => textOf({ kind: "snapshot", snapshot: this.snapshot }));
    this.#feeds.add(buffer);
    return buffer;
  }

  leave(buffer: EventBuffer): void {
    buffer.end();
    this.#feeds.delete(buffer);
  }

  /** Errors where a run cannot go on, as where the store cannot be written; else it is silent. */
  get failures(): Observable<never> {
    return this.#failures;
  }

  /** Ends all runs and all feeds. */
  end(): void {
    this.#sides.a.end();
    this.#sides.b?.end();
    for (const buffer of this.#feeds) this.leave(buffer);
  }

  #begin(name: Name, bench: PipelineView): Side {
    const asked = name === "b" ? this.#askedOfB : 0;
    return new Side(
      this.#workbench,
      name,
      bench,
      asked,
      (event) => this.#tell(event),
      (thrown) => this.#failures.error(thrown),
    );
  }

  #tell(message: Message): void {
    if (this.#feeds.size === 0) return;
    const text = textOf(message);
    for (const buffer of this.#feeds) buffer.put(message, text);
  }
}

/** A message as server-sent events have it: JSON holds no line breaks. */
const textOf = (message: Message): string => `data: ${JSON.stringify(message)}\n\n`;
