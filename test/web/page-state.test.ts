import { describe, expect, it } from "vitest";
import type { PipelineEvent } from "../../pipeline/index.ts";
import { hasEnded, isDone, type PageState, reduced } from "../../web/client/page-state.ts";
import type { Side, SideState, StageState } from "../../web/protocol.ts";
import { documented } from "../docs/events.ts";

const side = (stages: Record<string, StageState> = {}): SideState => ({
  ...{ setting: {}, revision: 1, warnings: [], isRunning: true },
  stages,
});
const snapshot = (a = side(), b?: SideState) =>
  ({ kind: "snapshot", snapshot: { sides: { a, ...(b && { b }) } } }) as const;
const told = (event: PipelineEvent, revision = 1, of: Side = "a") =>
  ({ kind: "event", side: of, revision, event }) as const;
const after = (state: PageState | undefined, ...events: PipelineEvent[]): PageState =>
  events.reduce<PageState | undefined>((before, event) => reduced(before, told(event), 0), state)!;

describe("what the page knows", () => {
  it.each(Object.entries(documented))("takes in the event %s of docs/events.md", (name, { example }) => {
    const event = JSON.parse(example) as PipelineEvent;
    expect(event.event).toBe(name);
    const before = reduced(undefined, snapshot(), 0);
    const now = after(before, event);
    expect(now.sides.a.stages).toBeDefined();
    for (const { text } of now.log) expect(text).not.toMatch(/undefined|NaN|object/);
  });

  it("follows a stage from its start to its end, and logs both", () => {
    let state = reduced(undefined, snapshot(side({ scan: { state: "waiting" } })), 0);
    state = after(state, { event: "started", stage: "scan", key: "k", reasons: [] });
    expect(hasEnded(state.sides.a.stages.scan!)).toBe(false);
    state = after(state, { event: "progress", stage: "scan", fraction: 0.5, remaining: 2 });
    expect(state.sides.a.stages.scan).toMatchObject({ state: "running", fraction: 0.5 });
    state = after(state, { event: "finished", stage: "scan", key: "k", content: "c", seconds: 4.2 });
    expect(isDone(state.sides.a.stages.scan!)).toBe(true);
    expect(state.log.map(({ kind, stage, text }) => [kind, stage, text])).toEqual([
      ["running", "scan", "started"],
      ["finished", "scan", "took 4.2 s"],
    ]);
  });

  it("says that what ran when the setting was overtaken is aborted", () => {
    const running = side({ scan: { state: "running", key: "k" }, network: { state: "known" } });
    let state = reduced(undefined, snapshot(running), 0);
    state = after(state, { event: "revision", number: 2, changes: ["ring.v_c: 300 → 50 mm/s"] });
    state = after(state, { event: "planned", stages: ["scan", "network"], toRun: ["scan"] });
    expect(state.sides.a.stages.scan!.state).toBe("aborted");
    expect(state.log.map(({ kind, stage }) => [kind, stage])).toEqual([
      ["revision", ""],
      ["aborted", "scan"],
    ]);
  });

  it("keeps the sides apart, and takes a snapshot for all there is", () => {
    const both = reduced(undefined, snapshot(side(), side()), 0);
    const hit = { event: "hit", stage: "scan", key: "k", content: "c" } as const;
    const state = reduced(both, told(hit, 1, "b"), 0);
    expect(state.sides.a.stages).toEqual({});
    expect(state.sides.b!.stages.scan!.content).toBe("c");
    expect(reduced(state, snapshot(), 0).sides).toEqual({ a: side() });
  });

  it("waits for the snapshot, and for a side that has not begun", () => {
    const hit = { event: "hit", stage: "scan", key: "k", content: "c" } as const;
    expect(reduced(undefined, told(hit), 0).log).toEqual([]);
    const alone = reduced(undefined, snapshot(), 0);
    expect(reduced(alone, told(hit, 1, "b"), 0)).toBe(alone);
  });

  it("keeps a log of bounded length", () => {
    const start = { event: "started", stage: "scan", key: "k", reasons: [] } as const;
    const state = after(reduced(undefined, snapshot(), 0), ...Array.from({ length: 500 }, () => start));
    expect(state.log.length).toBe(200);
  });
});
