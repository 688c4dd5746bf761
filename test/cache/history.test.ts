import { describe, expect, test } from "vitest";
import { diffRuns, History, memoryStore, newRunId, type Run, runOf } from "../../cache/index.ts";
import { secondsByStage } from "../../cache/inspect.ts";
import type { PipelineEvent } from "../../pipeline/index.ts";
import { newLeaseHolder } from "../../pipeline/testing.ts";
import { adding, engineOf, record } from "../support/harness.ts";
import { madeBy } from "./samples.ts";

const start = (id: string) => ({
  id,
  begin: "2025-01-31T12:05:12.847Z",
  revision: { targets: ["d"], configuration: { ring: { v_c: 300 } } },
  versions: { mesoflow: "0.1.0", node: "v20" },
});
const end = "2025-01-31T12:06:00.000Z";
const summary = { executed: [], hits: [], failed: [], blocked: [], aborted: [], seconds: 1 };
const owner = newLeaseHolder();

describe("the run that events tell of", () => {
  const events: PipelineEvent[] = [
    { event: "planned", stages: ["a", "b", "c", "d", "e"], toRun: ["b", "c", "d", "e"] },
    { event: "hit", stage: "a", key: "ka", content: "ca" },
    { event: "started", stage: "b", key: "kb", reasons: [{ kind: "never-run" }] },
    { event: "waiting", stage: "c", owner },
    { event: "progress", stage: "b", fraction: 0.5, remaining: 1 },
    { event: "hit", stage: "c", key: "kc", content: "cc" },
    { event: "finished", stage: "b", key: "kb", content: "cb", seconds: 2 },
    { event: "started", stage: "d", key: "kd", reasons: [{ kind: "code" }] },
  ];
  const ended = [
    { stage: "a", ending: "hit", key: "ka", content: "ca" },
    {
      stage: "b",
      ending: "finished",
      key: "kb",
      content: "cb",
      seconds: 2,
      reasons: [{ kind: "never-run" }],
    },
    { stage: "c", ending: "hit", key: "kc", content: "cc" },
  ];

  test("is interrupted where they break off", () => {
    expect(runOf(start("1"), events, end)).toEqual({
      ...start("1"),
      end,
      outcome: "interrupted",
      stages: [...ended, { stage: "d", ending: "aborted" }, { stage: "e", ending: "aborted" }],
    });
  });

  test("is that of its last revision, however much was said of grids and retries", () => {
    const failure = { kind: "transient", message: "no answer" } as const;
    const revised: PipelineEvent[] = [
      { event: "revision", number: 1, changes: [] },
      ...events,
      { event: "summary", ...summary },
      { event: "revision", number: 2, changes: ["v_c: 1 → 2"] },
      { event: "planned", stages: ["a", "d"], toRun: ["d"] },
      { event: "hit", stage: "a", key: "ka", content: "ca" },
      { event: "started", stage: "d", key: "ke", reasons: [{ kind: "forced" }] },
      { event: "part", stage: "d", key: "kp", content: "cp", points: 3 },
      { event: "retry", stage: "d", failure, wait: 1 },
    ];
    expect(runOf(start("1"), revised, end)).toMatchObject({ outcome: "interrupted" });
    const last: PipelineEvent[] = [
      ...revised,
      { event: "finished", stage: "d", key: "ke", content: "ce", seconds: 1 },
      { event: "summary", ...summary },
    ];
    expect(runOf(start("1"), last, end)).toEqual({
      ...start("1"),
      ...{ end, outcome: "done" },
      stages: [
        { stage: "a", ending: "hit", key: "ka", content: "ca" },
        {
          stage: "d",
          ending: "finished",
          key: "ke",
          content: "ce",
          seconds: 1,
          reasons: [{ kind: "forced" }],
        },
      ],
    });
  });

  test("has failed where a stage did; why and from what it ran is kept", () => {
    const failure = { kind: "bad-input", message: "no" } as const;
    const run = runOf(
      start("1"),
      [
        ...events,
        { event: "failed", stage: "d", failure },
        { event: "blocked", stage: "e", by: ["d"] },
        { event: "summary", ...summary },
      ],
      end,
    );
    expect(run.outcome).toBe("failed");
    expect(run.stages.slice(3)).toEqual([
      { stage: "d", ending: "failed", key: "kd", reasons: [{ kind: "code" }], failure },
      { stage: "e", ending: "blocked" },
    ]);
  });
});

describe("the history", () => {
  const run = (id: string): Run => runOf(start(id), [{ event: "summary", ...summary }], end);

  test("is in the order of the ids, which is the order of time", async () => {
    const ids = [5, 1, 3, 2, 4].map((ms) => newRunId(new Date(ms * 1_000 + ms)));
    const history = new History(memoryStore().tables);
    for (const id of ids) await history.append(run(id));
    expect(history.runs().map(({ id }) => id)).toEqual(ids.toSorted());
    expect(history.last(2).map(({ id }) => id)).toEqual([ids[0], ids[4]]);
    expect(ids[1]).toMatch(/^19700101-000001\.001-[0-9a-f]{6}$/);
    expect(history.find("19700101-000003").map(({ id }) => id)).toEqual([ids[2]]);
    expect(history.find("1970")).toHaveLength(5);
    expect(history.find("2")).toEqual([]);
  });

  test("keeps the last runs, by number and by length", async () => {
    const few = new History(memoryStore().tables, { runs: 3, size: 1e6 });
    const short = new History(memoryStore().tables, { runs: 100, size: 10 });
    for (const id of ["1", "2", "3", "4", "5"]) {
      await few.append(run(id));
      await short.append(run(id));
    }
    expect(few.runs().map(({ id }) => id)).toEqual(["3", "4", "5"]);
    expect(short.runs().map(({ id }) => id)).toEqual(["5"]);
  });

  test("knows the files of codes", async () => {
    const store = memoryStore();
    await new History(store.tables).append(run("1"), new Map([["code", { "a.ts": "1" }]]));
    expect(store.filesOf("code")).toEqual({ "a.ts": "1" });
    expect(store.filesOf("other")).toBeUndefined();
  });
});

test("two runs of an engine are compared: what changed, and by how much the outputs did", async () => {
  const store = memoryStore();
  const graph = (n: number) => adding("b", { n: 1 }, { a: adding("a", { n }), c: adding("c", { n: 5 }) });
  const runWith = async (id: string, n: number): Promise<Run> => {
    const { engine } = engineOf([adding("a", { n }).stage], { store });
    const recorded = record(engine.run([graph(n)]));
    await recorded.summary();
    return runOf(
      { ...start(id), revision: { targets: ["add/b"], configuration: { n } } },
      recorded.events,
      end,
    );
  };
  const [first, second] = [await runWith("1", 1), await runWith("2", 2)];
  const { configuration, versions, stages, same } = await diffRuns(first, second, store);
  expect(configuration).toEqual([{ path: "n", from: 1, to: 2 }]);
  expect(versions).toEqual([]);
  expect(same).toEqual(["add/c"]);
  expect(stages.map(({ stage, reasons, output }) => ({ stage, reasons, output }))).toMatchObject([
    {
      stage: "add/a",
      reasons: [{ kind: "parameter", path: "n", from: 1, to: 2 }],
      output: { arrays: {}, values: [{ path: "n", from: 1, to: 2 }] },
    },
    { stage: "add/b", reasons: [{ kind: "input", input: "a" }], output: { values: [{ from: 7, to: 8 }] } },
  ]);
});

test("a stage costs the median of its last results", async () => {
  const results = [9, 1, 2, 3, 100, 4].map((seconds, index) => ({
    ...madeBy("a", seconds),
    at: `2025-01-0${index + 1}`,
  }));
  expect(secondsByStage(results)).toEqual(new Map([["a", 3]]));
  expect(secondsByStage([madeBy("b", 7)])).toEqual(new Map([["b", 7]]));
});
