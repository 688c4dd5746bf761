import { lastValueFrom, Subject } from "rxjs";
import { consumeSerially, type PipelineEvent } from "../../pipeline/index.ts";
import { lineOf } from "./event-line.ts";

/** Shows the events of a run while they come; whoever reads slowly keeps nobody waiting. */
export interface Presenter {
  show(event: PipelineEvent): void;
  /** Called once, after the last event or when there will be no more; resolves when all has been read. */
  end(): Promise<void>;
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
  const read = lastValueFrom(events.pipe(consumeSerially(consume)), { defaultValue: undefined });
  return {
    show: (event) => events.next(event),
    end() {
      events.complete();
      return read;
    },
  };
}
