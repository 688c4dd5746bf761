import { workerSharesText } from "../../pipeline/executors.ts";
import type { Failure, PipelineEvent, Summary } from "../../pipeline/index.ts";
import { counted, duration } from "../output/format.ts";

/** An event in one line that can stay; nothing for those that only matter for a moment. */
export function lineOf(event: PipelineEvent): string | undefined {
  switch (event.event) {
    case "finished": {
      const by = event.by ? `  ${workerSharesText(event.by)}` : "";
      return `ran ${event.stage}  ${duration(event.seconds)}${by}`;
    }
    case "failed":
      return failureText(event.stage, event.failure);
    case "blocked":
      // The file has told already why there is no recording.
      if (event.by.join() === `file ${event.stage.replace(/^recording\//, "")}`) return undefined;
      return `blocked ${event.stage} by ${event.by.join(", ")}`;
    case "summary":
      return summaryText(event);
    case "waiting":
      return `waiting for process ${event.owner.pid} on ${event.owner.host}, which computes ${event.stage}`;
    case "damaged":
      return `damaged ${event.stage}: ${event.what}; it is computed again`;
    case "retry":
      return `failed ${event.stage}: ${event.failure.message}; it is tried again in ${duration(event.wait)}`;
    case "warning":
      return event.message;
    case "revision":
      return event.number === 1 ? undefined : `\n${event.changes.join("\n")}`;
    case "planned":
    case "started":
    case "part":
    case "progress":
    case "hit":
    case "aborted":
      return undefined;
  }
}

/** A failure in a sentence. Only a stage's own defect shows where in its code it happened. */
function failureText(stage: string, failure: Failure): string {
  switch (failure.kind) {
    case "bad-input":
    case "store":
    case "time-limit":
      return `failed ${stage}: ${failure.message}`;
    case "transient":
    case "worker":
      return `failed ${stage}, and did so at every try: ${failure.message}`;
    case "stage":
      return [`failed ${stage}: ${failure.message}`, failure.stack].filter(Boolean).join("\n");
  }
}

function summaryText({ executed, hits, failed, blocked, aborted, seconds }: Summary): string {
  const parts = [
    `${counted(executed.length, "stage")} ran`,
    `${hits.length} up to date`,
    failed.length > 0 ? `${failed.length} failed` : "",
    blocked.length > 0 ? `${blocked.length} blocked` : "",
    aborted.length > 0 ? `${aborted.length} not run` : "",
  ];
  return `${parts.filter(Boolean).join(", ")}, in ${duration(seconds)}`;
}
