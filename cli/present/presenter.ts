import { lastValueFrom, Subject } from "rxjs";
import { type Failure, type PipelineEvent, paced, runnersText, type Summary } from "../../pipeline/index.ts";
import { counted, duration } from "./format.ts";
import { jsonLine, writeLine } from "./print.ts";

/** Shows the events of a run while they come; whoever reads slowly keeps nobody waiting. */
export interface Presenter {
  show(event: PipelineEvent): void;
  /** Called once, after the last event or when there will be no more; resolves when all has been read. */
  end(): Promise<void>;
}

/** The presenter for where the output goes. */
export async function presenterFor({ json }: { readonly json: boolean }): Promise<Presenter> {
  const told = (line: string) => writeLine(process.stderr, line);
  if (json) {
    const said = linesPresenter((line) => writeLine(process.stdout, line), jsonLine);
    return both(said, linesPresenter(told, failureLine));
  }
  // A terminal that does not tell its size, as some recorders of sessions do, gets lines too.
  const terminal = [process.stderr, process.stdout].find(({ isTTY, columns }) => isTTY && columns > 0);
  if (!terminal || process.env.TERM === "dumb") return linesPresenter(told);
  // Loaded only on a terminal: it takes a while to import.
  const { livePresenter } = await import("./live.ts");
  const live = livePresenter(terminal);
  return terminal === process.stderr ? live : both(live, linesPresenter(told, failureLine));
}

/** A line for every event that has one, written when the one before has been. */
export function linesPresenter(
  write: (line: string) => Promise<void>,
  textOf: (event: PipelineEvent) => string | undefined = lineOf,
): Presenter {
  const events = new Subject<PipelineEvent>();
  const consume = async (event: PipelineEvent): Promise<void> => {
    const line = textOf(event);
    if (line !== undefined) await write(line);
  };
  const read = lastValueFrom(events.pipe(paced(consume)), { defaultValue: undefined });
  return {
    show: (event) => events.next(event),
    end() {
      events.complete();
      return read;
    },
  };
}

const both = (one: Presenter, other: Presenter): Presenter => ({
  show(event) {
    one.show(event);
    other.show(event);
  },
  async end() {
    await Promise.all([one.end(), other.end()]);
  },
});

/** Failures and warnings are told on stderr wherever the rest goes. */
const failureLine = (event: PipelineEvent): string | undefined =>
  event.event === "failed" || event.event === "warning" ? lineOf(event) : undefined;

/** An event in one line that can stay; nothing for those that only matter for a moment. */
export function lineOf(event: PipelineEvent): string | undefined {
  switch (event.event) {
    case "finished": {
      const by = event.by ? `  ${runnersText(event.by)}` : "";
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
