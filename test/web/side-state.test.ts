import { expect, test } from "vitest";
import type { PipelineEvent } from "../../pipeline/index.ts";
import type { SideState } from "../../web/protocol.ts";
import { begun, noted } from "../../web/side-state.ts";

const after = (events: readonly PipelineEvent[], from: SideState = begun({}, 1), revision = 1): SideState =>
  events.reduce((side, event) => noted(side, { kind: "event", side: "a", revision, event }), from);

const planned: PipelineEvent = { event: "planned", stages: ["x", "y"], toRun: ["x", "y"] };
const started = (stage: string): PipelineEvent => ({
  ...{ event: "started", stage, key: "k" },
  reasons: [{ kind: "never-run" }],
});
const points = { done: 5, total: 10 };

test("a stage from waiting to its end", () => {
  expect(after([planned]).stages).toEqual({ x: { state: "waiting" }, y: { state: "waiting" } });
  const running = after([
    planned,
    started("x"),
    { event: "progress", stage: "x", fraction: 0.5, remaining: 2, ...points },
  ]);
  const reasons = [{ kind: "never-run" }];
  expect(running.stages.x).toEqual({
    ...{ state: "running", key: "k", reasons, fraction: 0.5, remaining: 2 },
    ...points,
  });
  const finished = after([{ event: "finished", stage: "x", key: "k", content: "c", seconds: 3 }], running);
  expect(finished.stages.x).toEqual({ state: "finished", key: "k", content: "c", seconds: 3, reasons });
  expect(finished.isRunning).toBe(true);
  const summary: PipelineEvent = {
    ...{ event: "summary", executed: [], hits: [], failed: [], blocked: [], aborted: [], seconds: 1 },
  };
  expect(after([summary], finished).isRunning).toBe(false);
});

test("other ends", () => {
  const failure = { kind: "bad-input", message: "No." } as const;
  const { stages } = after([
    planned,
    { event: "failed", stage: "x", failure },
    { event: "blocked", stage: "y", by: ["x"] },
  ]);
  expect(stages).toEqual({
    x: { state: "failed", failure: "No." },
    y: { state: "blocked", blockedBy: ["x"] },
  });
  expect(after([planned, { event: "hit", stage: "x", key: "k", content: "c" }]).stages.x).toEqual({
    ...{ state: "known", key: "k", content: "c" },
  });
});

test("what a revision overtakes is aborted until it is begun again; the rest waits", () => {
  const before = after([planned, started("x")]);
  const overtaken = noted(before, {
    ...{ kind: "event", side: "a", revision: 2, setting: { "ring.v_c": 50 } },
    event: { event: "revision", number: 2, changes: [] },
  });
  expect(overtaken).toMatchObject({ revision: 2, setting: { "ring.v_c": 50 } });
  const again = after([planned], overtaken, 2);
  expect(again.stages).toEqual({ x: { state: "aborted" }, y: { state: "waiting" } });
  expect(after([started("x")], again, 2).stages.x).toMatchObject({ state: "running" });
});

test("warnings stay, each once", () => {
  const warning: PipelineEvent = { event: "warning", stages: [], message: "Twice the same." };
  expect(after([warning, planned, warning]).warnings).toEqual(["Twice the same."]);
});

test("what holds the work up is told until it goes on", () => {
  const passing: PipelineEvent = { event: "warning", stages: [], message: "No worker.", passing: true };
  const lasting: PipelineEvent = { event: "warning", stages: [], message: "Twice the same." };
  const held = after([planned, lasting, started("x"), passing]);
  expect(held).toMatchObject({ holdup: "No worker.", warnings: ["Twice the same."] });
  expect(after([started("y"), lasting], held).holdup).toBe("No worker.");
  const gone = after([{ event: "progress", stage: "x", fraction: 0.1, remaining: 1 }], held);
  expect(gone).not.toHaveProperty("holdup");
  expect(gone.warnings).toEqual(["Twice the same."]);
});

test("a stage that others ran says by whom", () => {
  const by = [{ host: "node3", pid: 12 }];
  const { stages } = after([
    planned,
    { event: "finished", stage: "x", key: "k", content: "c", seconds: 3, by },
  ]);
  expect(stages.x).toMatchObject({ by });
});
