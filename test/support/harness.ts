import { setImmediate, setTimeout } from "node:timers/promises";
import type { Observable } from "rxjs";
import { memoryStore } from "../../cache/index.ts";
import {
  type Artifact,
  Engine,
  type EngineOptions,
  type Node,
  type PipelineEvent,
  place,
  type Schema,
  type Stage,
  type StageNode,
  type Store,
  type Summary,
  source,
} from "../../pipeline/index.ts";

/** The artifact of these tests: one number. */
export type Num = Artifact<Record<never, never>, { readonly n: number }>;
export const num = (n: number): Num => ({ arrays: {}, values: { n } });

export const asIs = <P>(): Schema<P> => ({ parse: (value) => value as P });

/** Its parameter plus its inputs, or what `as` makes of that. */
export const add: Stage<{ readonly n: number; readonly mod?: number }, Record<string, Num>, Num> = {
  id: "add",
  params: asIs(),
  async run({ params: { n, mod = Number.MAX_SAFE_INTEGER }, inputs }) {
    const sum = Object.values(inputs).reduce((total, input) => total + input.values.n, n);
    return num(sum % mod);
  },
};

export const adding = (
  name: string,
  params: { readonly n: number; readonly mod?: number },
  inputs: Record<string, Node<Num>> = {},
): StageNode<Num> => place(add, `add/${name}`, params, inputs);

/** One run of a held stage: it goes on when the test says so. */
export interface Call {
  readonly label: string;
  readonly signal: AbortSignal;
  readonly inputs: Record<string, Num>;
  progress(fraction: number): Promise<void>;
  finish(n: number): void;
  fail(error: unknown): void;
}

/** A stage whose runs a test holds in its hand. */
export function heldStage() {
  const calls: Call[] = [];
  const stage: Stage<{ readonly label: string }, Record<string, Num>, Num> = {
    id: "held",
    params: asIs(),
    run: ({ params: { label }, inputs, signal, progress }) =>
      new Promise((resolve, reject) => {
        calls.push({ label, inputs, signal, progress, finish: (n) => resolve(num(n)), fail: reject });
      }),
  };
  return {
    stage,
    calls,
    at: (name: string, inputs: Record<string, Node<Num>> = {}, label = name) =>
      place(stage, `held/${name}`, { label }, inputs),
    /** The run of this label, once it has begun. */
    async call(label: string, nth = 0): Promise<Call> {
      const found = () => calls.filter((call) => call.label === label)[nth];
      await until(() => found() !== undefined);
      return found()!;
    },
  };
}

export const sourceOf = (name: string, read: () => number) => source(name, async () => num(read()));

export function engineOf(stages: Stage[], options: Partial<EngineOptions> = {}) {
  const store: Store = options.store ?? memoryStore();
  return { store, engine: new Engine({ store, stages, jobs: 4, ...options }) };
}

/** The store, with some of its methods replaced. */
export const withMethods = (store: Store, methods: Partial<Store>): Store =>
  new Proxy(store, {
    get(target, name) {
      const own = Reflect.get(methods, name);
      return own ?? Reflect.get(target, name).bind(target);
    },
  });

/** Subscribes and writes down what comes. */
export function record(events$: Observable<PipelineEvent>) {
  const events: PipelineEvent[] = [];
  const state: { done: boolean; error?: unknown } = { done: false };
  const subscription = events$.subscribe({
    next: (event) => events.push(event),
    error: (error) => Object.assign(state, { done: true, error }),
    complete: () => Object.assign(state, { done: true }),
  });
  return {
    events,
    state,
    stop: () => subscription.unsubscribe(),
    /** The last summary, when the observable has ended. */
    async summary(): Promise<Summary> {
      await until(() => state.done);
      if (state.error) throw state.error;
      return events.findLast((event) => event.event === "summary")!;
    },
    /** "kind stage" of all that was said, without progress and summaries. */
    told: () =>
      events.flatMap((event) =>
        "stage" in event && event.event !== "progress" ? [`${event.event} ${event.stage}`] : [],
      ),
  };
}

/** How long a condition may take, in ms: on one busy core as well. Less than a test may take, so that it is named. */
const PATIENCE = 300_000;

/** Lets other work go on until the condition holds. */
export async function until(condition: () => boolean): Promise<void> {
  const limit = Date.now() + PATIENCE;
  while (!condition()) {
    if (Date.now() > limit) throw new Error(`waited in vain for ${condition}`);
    await setImmediate();
  }
}

/**
 * Lets an engine whose store is in memory do all it can do: what has not happened then waits for the test.
 * Such an engine waits for promises, immediates and timers of 1 ms, and for nothing outside the process. Node lets
 * timers of one length go off in the order in which they were set. So a turn ends after all that waited when it
 * began, however slow the machine is, and turns are counted, not time. From one stage to the next an engine needs
 * fewer than five turns.
 */
export async function idle(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) {
    await setTimeout(1);
    await setImmediate();
  }
}

export const endsWith = ({ executed, hits, failed, blocked, aborted }: Summary) => ({
  executed,
  hits,
  failed,
  blocked,
  aborted,
});

/** The endings of a run in which nothing happened. */
export const nothing = { executed: [], hits: [], failed: [], blocked: [], aborted: [] };

/** a → b → d, a → c → d. */
export function diamond({ a = 1, b = 10, c = 100, mod = 1_000 } = {}) {
  const nodeA = adding("a", { n: a, mod });
  const nodeB = adding("b", { n: b }, { a: nodeA });
  const nodeC = adding("c", { n: c }, { a: nodeA });
  return adding("d", { n: 0 }, { b: nodeB, c: nodeC });
}

export const all = ["add/a", "add/b", "add/c", "add/d"];
