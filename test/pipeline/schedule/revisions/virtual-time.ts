import { setImmediate } from "node:timers/promises";

/** Numbers from 0 to 1 (mulberry32); of seed 0 all are 0. */
export function randomOf(seed: number): () => number {
  if (seed === 0) return () => 0;
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

interface Step {
  readonly what: string;
  readonly go: () => void;
}

interface Timer {
  due: number;
  readonly every: number | undefined;
  readonly action: () => void;
}

const names = ["setTimeout", "clearTimeout", "setInterval", "clearInterval"] as const;

/**
 * Time and turns as a seed has them: timers go off and steps are done when the seed picks them, so that a case that
 * fails is replayed by its seed alone. Nothing looks at a wall clock: a machine under load plays the same game.
 */
export class VirtualTime {
  /** ms. */
  now = 0;
  /** What was picked, for whoever reads about a failure. */
  readonly trace: string[] = [];
  readonly #random: () => number;
  readonly #steps: Step[] = [];
  readonly #timers = new Set<Timer>();

  constructor(seed: number) {
    this.#random = randomOf(seed);
  }

  /** Resolves when it is picked. */
  step(what: string): Promise<void> {
    return new Promise((go) => this.#steps.push({ what, go }));
  }

  get timers(): number {
    return this.#timers.size;
  }

  /** Does `game` in this time. */
  async during<T>(game: () => Promise<T>): Promise<T> {
    const before = names.map((name) => [name, globalThis[name]] as const);
    Object.assign(globalThis, {
      setTimeout: (action: () => void, ms = 0) => this.#start(action, ms),
      setInterval: (action: () => void, ms = 0) => this.#start(action, ms, Math.max(ms, 1)),
      clearTimeout: (timer: Timer) => void this.#timers.delete(timer),
      clearInterval: (timer: Timer) => void this.#timers.delete(timer),
    });
    Object.defineProperty(performance, "now", { value: () => this.now, configurable: true });
    try {
      return await game();
    } finally {
      Object.assign(globalThis, Object.fromEntries(before));
      Reflect.deleteProperty(performance, "now"); // its prototype's own shows again
    }
  }

  /**
   * Picks what is next among the steps, the next timer and the next of `moves`, which come in their order, until
   * nothing is left. `look` is called whenever all that was picked has had its consequences.
   */
  async play(
    moves: readonly { readonly what: string; readonly make: () => void }[],
    look: () => void,
  ): Promise<void> {
    const ahead = [...moves];
    for (let idle = 0; ; ) {
      // Now and then several things happen in one turn.
      if (this.#random() < 0.8) {
        await this.#consequences();
        look();
      }
      const options = this.#steps.length + (this.#timers.size > 0 ? 1 : 0) + (ahead.length > 0 ? 1 : 0);
      if (options === 0) {
        await this.#consequences();
        look();
        if (this.#steps.length + this.#timers.size === 0) return;
        continue;
      }
      const pick = Math.floor(this.#random() * options);
      if (pick < this.#steps.length) {
        const [{ what, go }] = this.#steps.splice(pick, 1) as [Step];
        this.trace.push(what);
        go();
        idle = 0;
      } else if (pick === this.#steps.length && ahead.length > 0) {
        const { what, make } = ahead.shift()!;
        this.trace.push(what);
        make();
        idle = 0;
      } else {
        idle += 1;
        if (idle > 1_000) throw new Error("only timers go off, and nothing comes of it");
        this.#tick();
      }
    }
  }

  /** A stage that says how far it is may let others have the thread for a turn. */
  async #consequences(): Promise<void> {
    for (let turn = 0; turn < 3; turn += 1) await setImmediate();
  }

  #start(action: () => void, ms: number, every?: number): Timer & { unref(): unknown } {
    const timer = { due: this.now + Math.max(ms, 1), every, action, unref: () => timer };
    this.#timers.add(timer);
    return timer;
  }

  /** The first timer that is due goes off. */
  #tick(): void {
    let first: Timer | undefined;
    for (const timer of this.#timers) if (!first || timer.due < first.due) first = timer;
    const { action, every } = first!;
    this.now = Math.max(this.now, first!.due);
    this.trace.push(`${this.now} ms`);
    if (every === undefined) this.#timers.delete(first!);
    else first!.due += every;
    action();
  }
}
