/** The worker of the tests of threads: stages that do all that a stage may do to its thread. */
import { appendFileSync, existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { threadId } from "node:worker_threads";
import { openStore } from "../../../../cache/index.ts";
import { serveThread } from "../../../../pipeline/executors.ts";
import { type Artifact, place, type Schema, type Stage, type StageNode } from "../../../../pipeline/index.ts";

/** What a toy stage does. */
export interface Deed {
  readonly what:
    | "add"
    | "wait"
    | "count"
    | "spin"
    | "deaf"
    | "exit"
    | "exit-once"
    | "stray"
    | "unhandled"
    | "fill"
    | "throw"
    | "write";
  readonly ms?: number;
  readonly n?: number;
  readonly error?: { readonly name: string; readonly message: string } | string;
  /** A file that tells "exit-once" that it has been there. */
  readonly mark?: string;
}

const forever = new Promise<never>(() => {});

async function done(
  { what, ms = 0, error, mark }: Deed,
  signal: AbortSignal,
  progress: (f: number) => Promise<void>,
) {
  const begin = performance.now();
  const since = () => performance.now() - begin;
  if (what === "wait") {
    await new Promise((resolve, reject) => {
      setTimeout(resolve, ms);
      signal.addEventListener("abort", () => reject(signal.reason));
    });
  } else if (what === "count") {
    while (since() < ms) await progress(since() / ms);
  } else if (what === "spin") {
    while (since() < ms);
  } else if (what === "deaf") {
    while (since() < ms) await new Promise(setImmediate);
  } else if (what === "exit") {
    process.exit(7);
  } else if (what === "exit-once") {
    if (existsSync(mark!)) return;
    writeFileSync(mark!, "");
    process.exit(7);
  } else if (what === "stray") {
    setTimeout(() => {
      throw new Error("a callback that nobody awaits");
    });
    await forever;
  } else if (what === "unhandled") {
    void Promise.reject(new Error("a promise that nobody awaits"));
    await forever;
  } else if (what === "fill") {
    const held: number[][] = [];
    for (;;) held.push(Array.from({ length: 100_000 }, (_, n) => n + held.length));
  } else if (what === "throw") {
    throw typeof error === "string" ? error : Object.assign(new Error(error!.message), { name: error!.name });
  }
}

const policies = [undefined, { retries: 0 }, { retries: 1, backoff: 0.01 }] as const;

const stagesOf = policies.map(
  (policy, index): Stage<Deed, Record<string, Artifact>> => ({
    id: `deed-${index}`,
    params: { parse: (value) => value as Deed } satisfies Schema<Deed>,
    ...(policy && { policy }),
    async run({ params, inputs, signal, progress }) {
      const { n = 0, what } = params;
      await done(params, signal, progress);
      const sum = Object.values(inputs).reduce((total, { values }) => total + Number(values.n), n);
      if (what === "write") for (const { arrays } of Object.values(inputs)) arrays.x!.data[0] = -1;
      const data = Float64Array.from({ length: 1000 }, (_, at) => sum + at);
      const first = Object.values(inputs)[0]?.arrays.x?.data[0] ?? 0;
      return {
        arrays: { x: { data, shape: [data.length], dims: ["i"], units: "1" } },
        values: { n: sum, first },
      };
    },
  }),
);

export const stages = stagesOf as unknown as Stage[];

export const deed = (
  name: string,
  params: Deed,
  inputs: Record<string, StageNode> = {},
  policy = 0,
): StageNode => {
  const stage = stagesOf[policy]!;
  return place(stage, `${stage.id}/${name}`, params, inputs) as StageNode;
};

/** Each thread leaves a line here when it opens its store. */
export const threadsIn = (folder: string): string => join(folder, "threads.log");

export default serveThread(stages, (folder: string) => {
  appendFileSync(threadsIn(folder), `${threadId}\n`);
  return openStore(folder);
});
