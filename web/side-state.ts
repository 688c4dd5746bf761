/** What is known of a side, made of what is told of it: by the server for snapshots, and by every page. */
import type { PipelineEvent } from "../pipeline/index.ts";
import type { Setting, SideEvent, SideState, StageState } from "./protocol.ts";

/** A side of which nothing is known yet. */
export const begun = (setting: Setting, revision: number): SideState => ({
  setting,
  revision,
  warnings: [],
  stages: {},
  isRunning: true,
});

/** A side after an event. */
export function noted(
  before: SideState,
  { event, revision, setting = before.setting }: SideEvent,
): SideState {
  const side = goesOn(event) ? withoutHoldup(before) : before;
  switch (event.event) {
    case "revision":
      return { ...side, setting, revision, isRunning: true };
    case "planned": {
      const stages = event.stages.map((stage) => [stage, overtaken(side.stages[stage])] as const);
      return { ...side, stages: Object.fromEntries(stages) };
    }
    case "warning":
      if (event.passing) return { ...side, holdup: event.message };
      return { ...side, warnings: [...new Set([...side.warnings, event.message])] };
    case "summary":
      return { ...side, isRunning: false };
    case "part":
      return side;
    default: {
      const before = side.stages[event.stage] ?? { state: "waiting" };
      return { ...side, stages: { ...side.stages, [event.stage]: after(before, event) } };
    }
  }
}

/** Whether work goes on, or another one begins. */
const goesOn = ({ event }: PipelineEvent): boolean =>
  ["revision", "progress", "part", "finished", "failed", "summary"].includes(event);

function withoutHoldup({ holdup, ...side }: SideState): SideState {
  return side;
}

type StageEvent = Exclude<
  SideEvent["event"],
  { event: "revision" | "planned" | "warning" | "summary" | "part" }
>;

/** A stage as a revision finds it: what is still under way for it is told at once. */
const overtaken = (before: StageState | undefined): StageState => ({
  state: before?.state === "running" ? "aborted" : "waiting",
});

function after(before: StageState, event: StageEvent): StageState {
  switch (event.event) {
    case "started":
      return { state: "running", key: event.key, reasons: event.reasons };
    case "waiting":
    case "damaged":
      return { state: "waiting" };
    case "retry":
      return { ...before, failure: event.failure.message };
    case "progress": {
      const { fraction, remaining, done, total } = event;
      const points = done === undefined || total === undefined ? {} : { done, total };
      return { ...before, fraction, remaining, ...points };
    }
    case "hit":
      return { state: "known", key: event.key, content: event.content };
    case "finished": {
      const { key, content, seconds, by } = event;
      const { reasons } = before;
      return { state: "finished", key, content, seconds, ...(by && { by }), ...(reasons && { reasons }) };
    }
    case "failed":
      return { state: "failed", failure: event.failure.message };
    case "blocked":
      return { state: "blocked", blockedBy: event.by };
    case "aborted":
      return { state: "aborted" };
  }
}
