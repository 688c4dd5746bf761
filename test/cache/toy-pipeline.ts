import { appendFileSync, existsSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import { openStore } from "../../cache/index.ts";
import {
  type Artifact,
  Engine,
  place,
  type Schema,
  type Stage,
  type StageNode,
} from "../../pipeline/index.ts";

/** What a process of its own is to do. */
export interface Order {
  /** The cache folder. */
  readonly folder: string;
  /** Gets a line of JSON for each execution that begins and each event of the run. */
  readonly log: string;
  readonly layers: number;
  readonly width: number;
  /** How long the stages take, ms: from, to. */
  readonly pauses: readonly [number, number];
  /** Numbers in the array of an artifact. */
  readonly size: number;
  /** A file: until it is there, stages go on with their pauses. */
  readonly until?: string;
}

/** A line of the log. */
export interface Line {
  readonly pid: number;
  readonly event: string;
  readonly stage?: string;
  readonly content?: string;
}

interface Params {
  readonly at: number;
  readonly pause: number;
  readonly size: number;
}

/** The toy graph: each node of a layer takes the array of two nodes of the layer before and mixes them. */
export function toyGraph({ layers, width, pauses, size, until }: Order, log: (line: object) => void) {
  const mix: Stage<Params, Record<string, Artifact>> = {
    id: "toy",
    params: { parse: (value) => value as Params } satisfies Schema<Params>,
    async run({ params: { at, pause, size }, inputs, progress }) {
      log({ event: "begin", stage: `toy/${at}` });
      let state = at + 1;
      const data = Uint32Array.from({ length: size }, (_, index) => {
        state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
        return Object.values(inputs).reduce((sum, { arrays }) => sum + arrays.x!.data[index]!, state) >>> 0;
      });
      await progress(0.5);
      await setTimeout(pause);
      while (until !== undefined && !existsSync(until)) await setTimeout(5);
      return { arrays: { x: { data, shape: [size], dims: ["i"], units: "1" } }, values: { at } };
    },
  };
  const nodes: StageNode[] = [];
  for (let at = 0; at < layers * width; at += 1) {
    const layer = Math.floor(at / width);
    const before = [at, at + 1].map((other) => nodes[(layer - 1) * width + (other % width)]!);
    const [from, to] = pauses;
    const pause = from + ((at * 37) % (to - from + 1));
    nodes.push(
      place(mix, `toy/${at}`, { at, pause, size }, layer === 0 ? {} : { a: before[0]!, b: before[1]! }),
    );
  }
  return { stage: mix as unknown as Stage, nodes };
}

/** Run as a process: says that it is ready, waits for an order on its input, then runs the toy graph on the order's store. */
async function obey(): Promise<void> {
  process.stdout.write("ready\n");
  const [text] = await process.stdin.setEncoding("utf8").take(1).toArray();
  const order = JSON.parse(text as string) as Order;
  const log = (line: object) =>
    appendFileSync(order.log, `${JSON.stringify({ pid: process.pid, ...line })}\n`);
  const { stage, nodes } = toyGraph(order, log);
  const store = openStore(order.folder);
  const engine = new Engine({ store, stages: [stage], jobs: 2 });
  await engine.run(nodes).forEach(log);
  await store.close();
  process.exit(0);
}

if (process.argv[2] === "obey") await obey();
