import { describe, expect, test } from "vitest";
import { type LocalStore, memoryStore } from "../../../cache/index.ts";
import { costOf } from "../../../cache/inspect.ts";
import { orderOf } from "../../../cli/commands/run-steps.ts";
import { byState, stageStatusesOf } from "../../../cli/inspect/stage-status.ts";
import { whyText } from "../../../cli/present/why.ts";
import { Engine, type PipelineEvent, type StageNode } from "../../../pipeline/index.ts";
import { fingerprintOfText, isTerminal, reusableResult, stagesOf } from "../../../pipeline/inspect.ts";
import { newLeaseHolder } from "../../../pipeline/testing.ts";
import { add, adding, num, until } from "../../support/harness.ts";

/** What is asked of one graph: a → b → c, where b gives its sum modulo 2: 1, 0 and 10. */
interface Situation {
  /** What a is given; it was 1. */
  readonly n?: number;
  readonly force?: boolean;
  readonly forceDependents?: boolean;
  /** What is asked for with these; all unless given. */
  readonly names?: readonly string[];
  readonly code?: string;
  /** What happens to the store before. */
  readonly meanwhile?: (store: LocalStore, contentOf: (name: string) => string) => unknown;
  /** Another process has the lease of this stage, and commits when the run waits for it. */
  readonly leased?: string;
}

type States = Readonly<Record<string, "fresh" | "stale" | "waiting">>;
/** Names by what becomes of them. */
interface Outcome {
  readonly executed: readonly string[];
  readonly hits: readonly string[];
}

const spoil = (store: LocalStore, content: string) => store.tables.artifacts.put(content, '{"version":1}');
const quarantine = (store: LocalStore, content: string) => {
  spoil(store, content);
  return store.load(content).catch(() => {});
};
const evict = (store: LocalStore, content: string) => store.tables.artifacts.delete(content);

const a = "add/a";
const b = "add/b";
const c = "add/c";
const all = { executed: [a, b, c], hits: [] };
const none = { executed: [], hits: [a, b, c] };

const graphOf = (n: number): StageNode[] => {
  const first = adding("a", { n });
  const second = adding("b", { n: 1, mod: 2 }, { first });
  return [first, second, adding("c", { n: 10 }, { second })];
};

describe("status, why, dry runs and runs decide alike, and so do workers and leases", () => {
  test.each<[string, Situation, States, Outcome]>([
    ["nothing has changed", {}, { a: "fresh", b: "fresh", c: "fresh" }, none],
    ["forced", { force: true, names: [b] }, { a: "fresh", b: "stale" }, { executed: [b], hits: [a] }],
    [
      "forced with its dependents",
      { forceDependents: true, names: [b] },
      { a: "fresh", b: "stale", c: "waiting" },
      { executed: [b, c], hits: [a] },
    ],
    [
      "damaged bytes that nobody reads",
      { meanwhile: (store, contentOf) => spoil(store, contentOf(b)) },
      { a: "fresh", b: "fresh", c: "fresh" },
      none,
    ],
    [
      "quarantined",
      { meanwhile: (store, contentOf) => quarantine(store, contentOf(b)) },
      { a: "fresh", b: "stale", c: "waiting" },
      { executed: [b], hits: [a, c] },
    ],
    [
      "an artifact that was evicted, whose result is known",
      { meanwhile: (store, contentOf) => evict(store, contentOf(c)) },
      { a: "fresh", b: "fresh", c: "stale" },
      { executed: [c], hits: [a, b] },
    ],
    [
      "leased elsewhere",
      { meanwhile: (store, contentOf) => evict(store, contentOf(c)), leased: c },
      { a: "fresh", b: "fresh", c: "stale" },
      none,
    ],
    ["changed code", { code: "new" }, { a: "stale", b: "waiting", c: "waiting" }, all],
    ["a changed input with other content", { n: 2 }, { a: "stale", b: "waiting", c: "waiting" }, all],
    [
      "a changed input with equal content further on",
      { n: 3 },
      { a: "stale", b: "waiting", c: "waiting" },
      { executed: [a, b], hits: [c] },
    ],
  ])("%s", async (_, situation, states, outcome) => {
    const store = memoryStore();
    await lastOf(new Engine({ store, stages: [add] }).run(graphOf(1)));
    const contentOf = (name: string) => store.result(store.lastKeys(name)!.key)!.content;
    const lost = contentOf(c);
    const artifact = await store.load(lost);
    await situation.meanwhile?.(store, contentOf);

    const engine = engineOf(store, situation.code);
    const graph = graphOf(situation.n ?? 1);
    const { targets, forced } = orderOf(
      { targets: (names) => graph.filter(({ name }) => names.length === 0 || names.includes(name)) },
      {
        names: [...(situation.names ?? [])],
        force: situation.force ?? false,
        forceDependents: situation.forceDependents ?? false,
      },
    );
    // What dry runs, `status` and `why` tell.
    const plan = await engine.plan(targets, forced);
    const standings = stageStatusesOf(plan, store);
    const told = Object.fromEntries(standings.map(({ stage, state }) => [stage.slice(4), state]));
    expect(told).toEqual(states);
    const { fresh, stale, waiting } = byState(standings);
    const toRun = [...stale, ...waiting];
    const cost = costOf(plan, store, new Map());
    expect(cost.unknown).toEqual(toRun);
    for (const node of stagesOf(plan)) {
      expect(whyText(node, plan, store, cost).startsWith(`${node.name} is up to date`)).toBe(
        fresh.includes(node.name),
      );
    }
    // What a worker that is asked for the same finds, and the store when it is asked for the lease.
    for (const [node, nodeState] of plan.states) {
      if (!("key" in nodeState)) continue;
      const job = { key: nodeState.key, recompute: plan.forced.has(node) };
      const owner = newLeaseHolder();
      const claim = await store.claim(job.key, owner, job.recompute);
      await store.releaseLease(job.key, owner);
      expect(reusableResult(store, job) !== undefined).toBe(fresh.includes(node.name));
      expect(claim.state).toBe(fresh.includes(node.name) ? "known" : "owned");
    }
    // What a run does: nothing that was not told, and of that all whose key has no result in the end.
    const other = newLeaseHolder();
    const key = situation.leased && store.lastKeys(situation.leased)!.key;
    if (key) await store.claim(key, other);
    const said: PipelineEvent[] = [];
    const ran = engine.run(targets, { forced }).forEach((event) => {
      said.push(event);
    });
    if (key) {
      await until(() => said.some(({ event }) => event === "waiting"));
      await store.commit(store.result(key)!, artifact, { owner: other });
    }
    await ran;
    expect(said[0]).toMatchObject({ event: "planned", toRun: expect.arrayContaining(toRun) });
    const named = (kind: "finished" | "hit") =>
      said.flatMap((event) => (isTerminal(event) && event.event === kind ? event.stage : [])).toSorted();
    expect({ executed: named("finished"), hits: named("hit") }).toEqual(outcome);
    expect(named("finished").filter((name) => !toRun.includes(name))).toEqual([]);
  });

  test("damaged bytes that a stage reads are found then, and their stage runs though it was thought fresh", async () => {
    const store = memoryStore();
    const engine = engineOf(store);
    const [first, second] = graphOf(1) as [StageNode, StageNode];
    await lastOf(engine.run([second]));
    spoil(store, store.result(store.lastKeys(b)!.key)!.content);
    const reader = adding("d", { n: 5 }, { second: second as ReturnType<typeof adding> });
    const plan = await engine.plan([reader]);
    expect(plan.states.get(second)!.state).toBe("fresh");
    expect(await lastOf(engine.run([reader]))).toMatchObject({
      executed: [b, "add/d"],
      hits: [first.name],
    });
    expect(await engine.compute(second)).toEqual(num(0));
  });
});

const engineOf = (store: LocalStore, code?: string) =>
  new Engine({
    store,
    stages: [add],
    fingerprint: (stage) => (code === undefined ? fingerprintOfText(stage) : { code }),
  });

/** The last event of a run. */
async function lastOf(events: ReturnType<Engine["run"]>): Promise<PipelineEvent | undefined> {
  let last: PipelineEvent | undefined;
  await events.forEach((event) => {
    last = event;
  });
  return last;
}
