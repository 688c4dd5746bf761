// @module-tag process
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it, test } from "vitest";
import { openStore } from "../../cache/index.ts";
import { jsonLine } from "../../cli/output/print.ts";
import { linesPresenter } from "../../cli/present/lines-presenter.ts";
import { grid, type Node, type PipelineEvent, place, type Stage, Transient } from "../../pipeline/index.ts";
import { ancestors } from "../../pipeline/inspect.ts";
import {
  fast,
  isBuilt,
  jsonLines,
  mesoflow,
  printed,
  processTitle,
  workingFolders,
} from "../support/command-line.ts";
import {
  add,
  adding,
  asIs,
  engineOf,
  heldStage,
  type Num,
  num,
  record,
  sourceOf,
  until,
} from "../support/harness.ts";
import { documented, faultIn, kindsIn, unionsOf } from "./events.ts";
import { breachesOf } from "./order.ts";

describe("docs/events.md", () => {
  it("names every event with exactly its fields, every reason and every failure", () => {
    const { PipelineEvent } = unionsOf("pipeline/events.ts", { PipelineEvent: "event" });
    const fields = Object.entries(documented).map(([name, known]) => [name, known.fields]);
    expect(Object.fromEntries(fields)).toEqual(PipelineEvent);
    const { Reason } = unionsOf("pipeline/key/staleness.ts", { Reason: "kind" });
    expect(kindsIn("Reasons")).toEqual(Reason);
    const { Failure } = unionsOf("pipeline/failure.ts", { Failure: "kind" });
    const own = Object.entries(Failure!).map(([kind, { message: _, ...others }]) => [kind, others]);
    expect(kindsIn("Failures")).toEqual(Object.fromEntries(own));
  });

  it.each(Object.entries(documented))("has an example of %s that is one", (name, { example }) => {
    expect(JSON.parse(example).event).toBe(name);
    expect(faultIn(example)).toBeUndefined();
    expect(JSON.stringify(JSON.parse(example))).toBe(example);
  });

  it("is no sieve", () => {
    expect(faultIn('{"event":"gone","stage":"a"}')).toBe("no event is called gone");
    expect(faultIn('{"event":"aborted","stage":"a","why":1}')).toBe("aborted has no why");
    expect(faultIn('{"event":"failed","stage":"a"}')).toBe("failed lacks failure");
    const [planned, hit] = [
      { event: "planned", stages: ["a", "b"], toRun: [] },
      { event: "hit", stage: "b", key: "k", content: "c" },
    ] as const satisfies PipelineEvent[];
    expect(breachesOf([planned, hit, hit], { b: ["a"] })).toEqual([
      ...["ends with hit", "hit b before the end of a", "a has no end"],
    ]);
  });
});

const inputsIn = (nodes: readonly Node[]): Record<string, string[]> =>
  Object.fromEntries(
    ancestors(nodes).flatMap((node) =>
      node.kind === "stage"
        ? [
            [
              node.name,
              Object.values(node.inputs).flatMap((input) => (input.kind === "stage" ? input.name : [])),
            ],
          ]
        : [],
    ),
  );

test("whatever a run says is as docs/events.md tells: retries, grids, failures, another process, damage", async () => {
  const seen = new Set<string>();
  const check = async (events: readonly PipelineEvent[], nodes: readonly Node[]) => {
    expect(breachesOf(events, inputsIn(nodes))).toEqual([]);
    const lines: string[] = [];
    const presenter = linesPresenter(async (line) => void lines.push(line), jsonLine);
    for (const event of events) presenter.show(event);
    await presenter.end();
    expect(lines.map(faultIn).filter(Boolean)).toEqual([]);
    for (const { event } of events) seen.add(event);
  };

  let tries = 0;
  const flaky: Stage<Record<never, never>, Record<string, Num>, Num> = {
    ...{ id: "flaky", params: asIs(), policy: { backoff: 0 } },
    async run({ progress }) {
      await progress(0.5);
      tries += 1;
      if (tries === 1) throw new Transient("the server does not answer");
      return num(1);
    },
  };
  const scan: Stage<{ readonly v: number }, { readonly x: Num }, Num> = {
    ...{ id: "scan", params: asIs() },
    run: async ({ params: { v }, inputs }) => num(v + inputs.x.values.n),
  };
  const x = place(flaky, "flaky", {}, {});
  const over = (...v: number[]) => grid(scan, "scan", { axes: { v }, params: {}, inputs: { x }, chunk: 2 });
  const held = heldStage();
  const stages = [add, flaky, scan, held.stage] as unknown as Stage[];
  const { engine, store } = engineOf(stages);
  for (const nodes of [[over(1, 2, 3)], [over(1, 2, 3, 4)]]) {
    const run = record(engine.run(nodes));
    await run.summary();
    await check(run.events, nodes);
  }

  const broken = sourceOf("file", () => {
    throw new Error("no such file");
  });
  const failing = held.at("failing");
  const blocked = [adding("a", { n: 1 }, { failing }), adding("b", { n: 1 }, { file: broken })];
  const stopped = [held.at("stopping"), held.at("other")];
  for (const [nodes, label, keepGoing] of [
    [blocked, "failing", true],
    [stopped, "stopping", false],
  ] as const) {
    const run = record(engine.run(nodes, { keepGoing }));
    (await held.call(label)).fail(new Error("oh"));
    await run.summary();
    await check(run.events, nodes);
  }

  const both = [held.at("shared")];
  const [one, other] = [record(engine.run(both)), record(engineOf(stages, { store }).engine.run(both))];
  await until(() => [one, other].some((run) => run.told().includes("waiting held/shared")));
  (await held.call("shared")).finish(1);
  for (const run of [one, other]) {
    await run.summary();
    await check(run.events, both);
  }

  const last = [adding("last", { n: 1 }, { x })];
  await store.load(store.lookup(store.lastKeys("flaky")!.key)!);
  const { content } = store.result(store.lastKeys("flaky")!.key)!;
  const { tables } = store as ReturnType<typeof openStore>;
  tables.transaction(() => tables.artifacts.put(content, "{}"));
  const mended = record(engine.run(last));
  await mended.summary();
  await check(mended.events, last);
  expect([...seen, "revision", "warning"].sort()).toEqual(Object.keys(documented).sort());
});

const folders = workingFolders();
afterAll(folders.clear);

describe.skipIf(!isBuilt)(processTitle("every line of run --json"), () => {
  const cwd = folders.make();
  const lines = (...args: string[]) => {
    const { stdout } = mesoflow(cwd, "run", "--json", ...args, ...fast);
    expect(stdout.split("\n").filter(Boolean).map(faultIn).filter(Boolean)).toEqual([]);
    return jsonLines(stdout) as PipelineEvent[];
  };
  const inputs = (...args: string[]): Record<string, string[]> => {
    const nodes = jsonLines(printed(cwd, "graph", "--json", ...args, ...fast)).filter(({ kind }) => kind);
    const stages = new Set(nodes.flatMap(({ name, kind }) => (kind === "stage" ? [name] : [])));
    return Object.fromEntries(
      nodes.map((node) => [node.name, node.inputs.filter((name: string) => stages.has(name))]),
    );
  };

  it("is one of the events, in the order that is promised", () => {
    expect(breachesOf(lines(), inputs())).toEqual([]);
    expect(breachesOf(lines("--jobs", "3", "--set", "ring.v_c=50"), inputs())).toEqual([]);
    writeFileSync(join(cwd, "bad.mat"), "no recording");
    const bad = ["--set", "recordings=bad.mat", "--set", "waveform.amplitude=3"];
    for (const args of [bad, [...bad, "--keep-going"]]) {
      const events = lines(...args);
      expect(events.some(({ event }) => event === "blocked")).toBe(true);
      expect(breachesOf(events, inputs(...bad))).toEqual([]);
    }
  });

  it("tells what is damaged", async () => {
    const store = openStore(join(cwd, ".mesoflow"));
    const { content } = store.result(store.lastKeys("fixed-point")!.key)!;
    store.tables.transaction(() => store.tables.artifacts.put(content, "{}"));
    await store.close();
    const events = lines("--set", "ring.v_c=60");
    expect(events.some(({ event }) => event === "damaged")).toBe(true);
    expect(breachesOf(events, inputs("--set", "ring.v_c=60"))).toEqual([]);
  });
});
