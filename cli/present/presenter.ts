import type { Failure, PipelineEvent, Summary } from "../../pipeline/index.ts";
import { counted, duration } from "./format.ts";
import { printJson, tell } from "./print.ts";

/** Shows the events of a run while they come. */
export interface Presenter {
  show(event: PipelineEvent): void;
  /** Called once, after the last event or when there will be no more. */
  end(): void;
}

/** The presenter for where the output goes. */
export async function presenterFor({ json }: { readonly json: boolean }): Promise<Presenter> {
  if (json) return jsonPresenter();
  // A terminal that does not tell its size, as some recorders of sessions do, gets lines too.
  const terminal = [process.stderr, process.stdout].find(({ isTTY, columns }) => isTTY && columns > 0);
  if (!terminal || process.env.TERM === "dumb") return linesPresenter(tell);
  // Loaded only on a terminal: it takes a while to import.
  const { livePresenter } = await import("./live.ts");
  const live = livePresenter(terminal);
  return terminal === process.stderr ? live : { ...live, show: alsoTold(live.show) };
}

/** Failures are told on stderr wherever the rest goes. */
const alsoTold =
  (show: Presenter["show"]): Presenter["show"] =>
  (event) => {
    show(event);
    if (event.event === "failed") tell(failureText(event.stage, event.failure));
  };

/** Every event as one JSON object a line on stdout. */
const jsonPresenter = (): Presenter => ({ show: alsoTold(printJson), end() {} });

/** A line for every stage that ran or could not: for logs. */
export function linesPresenter(write: (line: string) => void): Presenter {
  return {
    show(event) {
      const line = lineOf(event);
      if (line !== undefined) write(line);
    },
    end() {},
  };
}

/** An event in one line that can stay; nothing for those that only matter for a moment. */
export function lineOf(event: PipelineEvent): string | undefined {
  switch (event.event) {
    case "finished":
      return `ran ${event.stage}  ${duration(event.seconds)}`;
    case "failed":
      return failureText(event.stage, event.failure);
    case "blocked":
      return `blocked ${event.stage} by ${event.by.join(", ")}`;
    case "summary":
      return summaryText(event);
    case "waiting":
      return `waiting for process ${event.owner.pid} on ${event.owner.host}, which computes ${event.stage}`;
    case "damaged":
      return `damaged ${event.stage}: ${event.what}; it is computed again`;
    case "planned":
    case "started":
    case "progress":
    case "hit":
    case "aborted":
      return undefined;
  }
}

/** A failure in a sentence. Only a stage's own defect shows where in its code it happened. */
function failureText(stage: string, failure: Failure): string {
  const sentence = `failed ${stage}: ${failure.message}`;
  return failure.kind === "stage" && failure.stack ? `${sentence}\n${failure.stack}` : sentence;
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
