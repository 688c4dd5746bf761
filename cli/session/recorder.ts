import { History, newRunId, type Run, runOf } from "../../cache/index.ts";
import type { RunStart } from "../../cache/inspect.ts";
import { type Json, type Node, type PipelineEvent, StoreError } from "../../pipeline/index.ts";
import { ancestors, isError } from "../../pipeline/inspect.ts";
import { tell } from "../output/print.ts";
import { sentenceOf } from "../output/remedies.ts";
import { version } from "../version.ts";
import type { Session } from "./session.ts";

/** Takes down what a run says, for the history. */
export class Recorder {
  readonly #session: Session;
  readonly #targets: readonly Node[];
  readonly #start: RunStart;
  readonly #events: PipelineEvent[] = [];

  constructor(session: Session, targets: readonly Node[]) {
    const begin = new Date();
    this.#session = session;
    this.#targets = targets;
    this.#start = {
      id: newRunId(begin),
      begin: begin.toISOString(),
      revision: {
        targets: targets.map(({ name }) => name),
        configuration: session.configuration as unknown as Json,
      },
      versions: { mesoflow: version(), node: process.version },
    };
  }

  note(event: PipelineEvent): void {
    if (event.event !== "progress" && event.event !== "part") this.#events.push(event);
  }

  /** Remembers the run as far as it went. One that cannot be is told of: its results are safe all the same. */
  async end(): Promise<void> {
    const run: Run = runOf(this.#start, this.#events, new Date().toISOString());
    const codes = new Map<string, Readonly<Record<string, string>>>();
    for (const node of ancestors(this.#targets)) {
      const { code, files } = node.kind === "stage" ? this.#session.fingerprint(node.stage) : {};
      if (code !== undefined && files !== undefined) codes.set(code, files);
    }
    try {
      await new History(this.#session.store.tables).append(run, codes);
    } catch (thrown) {
      if (!isError(thrown, StoreError)) throw thrown;
      tell(`The run is not in the history: ${sentenceOf(thrown)}`);
    }
  }
}
