import type { PipelineEvent } from "../../pipeline/events.ts";
import { workerSharesText } from "../../pipeline/jobs/worker-shares.ts";
import type { Message, Side, SideState, Snapshot, StageState } from "../protocol.ts";
import { noted } from "../side-state.ts";
import { secondsText } from "./wording.ts";

/** What the page knows of its server, as of the last message. */
export interface PageState {
  readonly sides: Snapshot["sides"];
  /** The latest last. */
  readonly log: readonly LogLine[];
}

/** Something that happened, for people to read. */
export interface LogLine {
  readonly side: Side;
  readonly revision: number;
  /** ms since 1970 */
  readonly time: number;
  readonly kind: StageState["state"] | "revision" | "warning";
  /** What it is about; empty where it is about none. */
  readonly stage: string;
  readonly text: string;
}

/** Lines of the log that are kept. */
const most = 200;

/** What is known after a message that came at a time (ms since 1970). */
export function reduced(state: PageState | undefined, message: Message, time: number): PageState {
  if (message.kind === "snapshot") return { sides: message.snapshot.sides, log: state?.log ?? [] };
  const before = state?.sides[message.side];
  if (!state || !before) return state ?? { sides: { a: unknown }, log: [] }; // the snapshot has yet to come
  const now = noted(before, message);
  const { side, revision } = message;
  const lines = told(message.event, before, now).map((line) => ({ side, revision, time, ...line }));
  return {
    sides: { ...state.sides, [side]: now },
    log: lines.length === 0 ? state.log : [...state.log, ...lines].slice(-most),
  };
}

const unknown: SideState = { setting: {}, revision: 0, warnings: [], stages: {}, isRunning: false };

/** Whether a stage has a result. */
export const isDone = ({ state }: StageState): boolean => state === "known" || state === "finished";

/** Whether the last word of a stage has been said. */
export const hasEnded = ({ state }: StageState): boolean => state !== "waiting" && state !== "running";

const tookText = ({ seconds, by }: Extract<PipelineEvent, { event: "finished" }>): string =>
  [`took ${secondsText(seconds)}`, ...(by ? [workerSharesText(by)] : [])].join(", ");

function told(
  event: PipelineEvent,
  before: SideState,
  now: SideState,
): Pick<LogLine, "kind" | "stage" | "text">[] {
  switch (event.event) {
    case "revision":
      return event.changes.length === 0
        ? []
        : [{ kind: "revision", stage: "", text: event.changes.join("; ") }];
    case "planned":
      return Object.entries(now.stages)
        .filter(([name, { state }]) => state === "aborted" && before.stages[name]?.state === "running")
        .map(([stage]) => ({ kind: "aborted", stage, text: "aborted: its setting was overtaken" }));
    case "started":
      return [{ kind: "running", stage: event.stage, text: "started" }];
    case "finished":
      return [{ kind: "finished", stage: event.stage, text: tookText(event) }];
    case "failed":
      return [{ kind: "failed", stage: event.stage, text: event.failure.message }];
    case "blocked":
      return [{ kind: "blocked", stage: event.stage, text: `blocked by ${event.by.join(", ")}` }];
    case "aborted":
      return [{ kind: "aborted", stage: event.stage, text: "aborted" }];
    case "retry": {
      const again = `tried again in ${secondsText(event.wait)}`;
      return [{ kind: "warning", stage: event.stage, text: `${event.failure.message} (${again})` }];
    }
    case "damaged":
      return [{ kind: "warning", stage: event.stage, text: `${event.what}: computed again` }];
    case "warning":
      return [{ kind: "warning", stage: event.stages.join(", "), text: event.message }];
    case "waiting":
    case "progress":
    case "part":
    case "hit":
    case "summary":
      return [];
  }
}
