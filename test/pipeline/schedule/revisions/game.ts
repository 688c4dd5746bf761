import { Subject } from "rxjs";
import { memoryStore } from "../../../../cache/index.ts";
import { inProcess } from "../../../../pipeline/executors.ts";
import {
  type Artifact,
  Engine,
  type Executor,
  grid,
  type LabelledArray,
  type Node,
  place,
  type Revision,
  type Stage,
  type Store,
  source,
  Transient,
} from "../../../../pipeline/index.ts";
import { asIs, num, withMethods } from "../../../support/harness.ts";
import { type Case, graphsOf, inputsAt, nameOf, nodesAt } from "./graphs.ts";
import { alongOf, type Given, inputName, mixed, neededOf, targetsOf } from "./oracle.ts";
import { VirtualTime } from "./virtual-time.ts";
import { type Push, Witness } from "./witness.ts";

interface Params {
  readonly name: string;
  readonly n: number;
  readonly m: number;
  readonly mod: number;
  readonly failsAt: number;
  readonly flaky: number;
  readonly steps: number;
  readonly obeys: boolean;
}
type Mix = Stage<Params, Record<string, Artifact>>;

/** All of an artifact, as the oracle has it. */
function textOf({ arrays, values }: Artifact): string {
  if (typeof values.n === "number") return String(values.n);
  const listOf = (array: LabelledArray) => Array.from(array.data);
  return JSON.stringify({ n: listOf(arrays.n!), m: listOf(arrays.m!), x: values.x ?? [] });
}

/** Plays a case to its end and gives all that was wrong; with the trace, where anything was. */
export async function offencesOf(game: Case): Promise<readonly string[]> {
  const time = new VirtualTime(game.seed);
  const witness = new Witness(time, game.jobs, game.keepGoing);
  try {
    await time.during(() => play(game, time, witness));
  } catch (thrown) {
    witness.offences.push(String(thrown instanceof Error ? thrown.stack : thrown));
  }
  return witness.offences.length > 0 ? [...witness.offences, `after ${time.trace.join(", ")}`] : [];
}

async function play(game: Case, time: VirtualTime, witness: Witness): Promise<void> {
  const memory = memoryStore(() => time.now);
  const signals = new Map<string, AbortSignal>();
  const slowly = async (what: string) => (game.slowStore ? time.step(what) : undefined);
  const store = withMethods(memory, {
    async commit(made, artifact, options = {}) {
      const { stage } = made.preImage;
      witness.committed(made.key, stage, options.replace ?? false, signals.get(options.owner?.id ?? ""));
      const result = await memory.commit(made, artifact, options);
      await slowly(`committed ${stage}`);
      return result;
    },
    async claim(...terms) {
      await slowly("claim");
      return memory.claim(...terms);
    },
    async load(content) {
      await slowly("load");
      return memory.load(content);
    },
    async retain(...terms) {
      await memory.retain(...terms);
      await slowly("settled");
    },
  } satisfies Partial<Store>);

  /** Jobs by the signals of their executions. */
  const jobs = new Map<AbortSignal, { key: string; code: number; isForced: boolean }>();
  const attempts = new Map<string, number>();
  const mix: Mix = {
    id: "mix",
    params: asIs(),
    policy: { retries: 9, backoff: 0.01 }, // enough for a chunk of three points that each fail three times
    async run({ params, inputs, signal, progress }) {
      const texts = Object.fromEntries(Object.entries(inputs).map(([name, input]) => [name, textOf(input)]));
      const { code, ...job } = jobs.get(signal)!;
      const given: Given = { name: params.name, code, params: { ...params }, inputs: texts };
      const call = witness.begun(given, job, signal);
      try {
        for (let step = 0; step < params.steps; step += 1) {
          await time.step(params.name);
          if (params.obeys) await progress(step / params.steps);
        }
        const attempt = (attempts.get(call.identity) ?? 0) + 1;
        attempts.set(call.identity, attempt);
        if (attempt <= params.flaky) throw new Transient("not yet");
        const n = mixed(given);
        if (n === params.failsAt) throw new Error(`${n} is no good`);
        return num(n);
      } finally {
        call.hasEnded = true;
      }
    },
  };
  const inner = inProcess(store, [mix as unknown as Stage]);
  const executor: Executor = {
    ...inner,
    execute(job, signal, progress) {
      const { key, preImage, recompute } = job;
      signals.set(job.owner.id, signal);
      jobs.set(signal, { key, code: Number(preImage.code), isForced: recompute });
      return inner.execute(job, signal, progress);
    },
  };
  const codes = new Map<Stage, number>();
  const engine = new Engine({
    store,
    executor,
    jobs: game.jobs,
    fingerprint: (stage) => ({ code: String(codes.get(stage)) }),
  });

  const revisions = new Subject<Revision>();
  const state: { isDone: boolean; error?: unknown } = { isDone: false };
  const following = engine.follow(revisions, { keepGoing: game.keepGoing }).subscribe({
    next: (event) => witness.told(event),
    error: (error) => Object.assign(state, { isDone: true, error }),
    complete: () => Object.assign(state, { isDone: true }),
  });
  const moves = graphsOf(game).map((graph, index) => ({
    what: `push ${index}`,
    make() {
      const push = witness.pushed(graph);
      const stage = { ...mix };
      codes.set(stage as unknown as Stage, graph.code);
      const nodes = nodesOf(push, stage, time);
      revisions.next({
        targets: targetsOf(graph).map((at) => nodes[at]!),
        forced: new Set(graph.forced.map((at) => nodes[at]!)),
        changes: [String(index)],
      });
    },
  }));
  const last = game.isLeft
    ? {
        what: "leave",
        make() {
          following.unsubscribe();
          witness.left();
        },
      }
    : { what: "complete", make: () => revisions.complete() };
  await time.play([...moves, last], () => witness.look());

  if (state.error) throw state.error;
  if (!game.isLeft) {
    if (!state.isDone) witness.offences.push("never ended");
    if (witness.current !== witness.pushes.at(-1)) witness.offences.push("the last revision never ran");
    await compare(witness, memory, game);
  }
  if (memory.leases.living().length > 0) witness.offences.push("leases are left");
  if (memory.tables.tenants.keys().length > 0) witness.offences.push("a run has not left");
  const unended = witness.calls.filter(({ hasEnded }) => !hasEnded);
  if (unended.length > 0) witness.offences.push(`${unended.length} calls never ended`);
}

/** What is remembered in the end is what a recomputation gives. */
async function compare({ outcomes, offences, current }: Witness, store: Store, game: Case): Promise<void> {
  const hasFailures = [...outcomes.values()].some(({ state }) => state === "failed");
  if (hasFailures && !game.keepGoing) return;
  for (const at of neededOf(current!.graph)) {
    const name = nameOf(current!.graph, at);
    const outcome = outcomes.get(name)!;
    if (outcome.state !== "made" || name.startsWith("source")) continue;
    const result = store.result(store.lastKeys(name)?.key ?? "");
    const text = result ? textOf(await store.load(result.content)) : "nothing";
    if (text !== outcome.text) offences.push(`${name} is ${text}, not ${outcome.text}`);
  }
}

/** The nodes of a revision. */
function nodesOf({ graph, held }: Push, stage: Mix, time: VirtualTime): Node[] {
  const { specs } = graph;
  const nodes: Node[] = [];
  for (const [at, { kind, n, mod, failsAt, flaky, steps, obeys, along, chunk }] of specs.entries()) {
    const name = nameOf(graph, at);
    if (kind === "source") {
      const read = async () => {
        for (let step = 0; step < steps; step += 1) await time.step(`read ${name}`);
        held.set(name, n === failsAt ? undefined : n);
        if (n === failsAt) throw new Error(`${name} cannot be read`);
        return num(n);
      };
      nodes.push(source(name, read));
      continue;
    }
    const params = { name, n, mod, failsAt, flaky, steps, obeys };
    const inputs = Object.fromEntries(inputsAt(specs, at).map((input) => [inputName(input), nodes[input]!]));
    const varied = nodesAt(specs, at).map((node) => nodes[node]!);
    const axes = { m: alongOf(along), ...(varied.length > 0 && { x: varied }) };
    nodes.push(
      kind === "stage"
        ? place(stage, name, { ...params, m: 0 }, inputs)
        : grid(stage as unknown as Stage<Params>, name, {
            axes: axes as { m: number[] },
            params,
            inputs,
            chunk,
          }),
    );
  }
  return nodes;
}
