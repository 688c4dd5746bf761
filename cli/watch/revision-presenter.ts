import type { Node, PipelineEvent, TerminalEvent } from "../../pipeline/index.ts";
import { isTerminal, summaryOf } from "../../pipeline/inspect.ts";
import type { Options } from "../options.ts";
import { printJson, tell } from "../output/print.ts";
import type { Presenter } from "../present/lines-presenter.ts";
import { presenterFor } from "../present/presenter.ts";
import { Recorder } from "../session/recorder.ts";
import type { Session } from "../session/session.ts";

/** A revision as it is run. */
interface Chapter {
  readonly session: Session;
  readonly recorder: Recorder;
  readonly begin: number;
  readonly endings: Map<string, TerminalEvent>;
  planned: readonly string[];
}

/** What is done when a revision has come to its end; endings are in the order of the plan. */
export type Finish = (session: Session, endings: readonly TerminalEvent[]) => Promise<void>;

/** Tells of one revision after the other, and has each remembered as a run. */
export class RevisionPresenter {
  readonly #options: Options;
  readonly #finish: Finish;
  #chapter: Chapter | undefined;
  #presenter: Presenter | undefined;

  constructor(options: Options, finish: Finish) {
    this.#options = options;
    this.#finish = finish;
  }

  /** A revision begins; the one before is over, as far as it went. */
  async begin(session: Session, targets: readonly Node[]): Promise<void> {
    await this.#close();
    this.#presenter = await presenterFor(this.#options);
    const recorder = new Recorder(session, targets);
    this.#chapter = { session, recorder, begin: performance.now(), endings: new Map(), planned: [] };
  }

  async note(event: PipelineEvent): Promise<void> {
    const chapter = this.#chapter!;
    if (event.event === "planned") chapter.planned = event.stages;
    if (isTerminal(event)) chapter.endings.set(event.stage, event);
    chapter.recorder.note(event);
    this.#presenter!.show(event);
    if (event.event !== "summary") return;
    await this.#close();
    const { session, planned, endings } = chapter;
    await this.#finish(
      session,
      planned.flatMap((stage) => endings.get(stage) ?? []),
    );
  }

  /** Tells something beside the events. */
  async say(text: string): Promise<void> {
    const { planned, endings } = this.#chapter ?? { planned: [], endings: new Map() };
    const isOpen = this.#presenter !== undefined && !this.#options.json;
    // On a terminal, what is under way stands where this is to be written.
    if (isOpen) await this.#presenter!.end();
    tell(text);
    if (!isOpen) return;
    this.#presenter = await presenterFor(this.#options);
    const stages = planned.filter((stage) => !endings.has(stage));
    this.#presenter.show({ event: "planned", stages, toRun: stages });
  }

  /**
   * There will be no more.
   *
   * @returns whether a revision was under way
   */
  async interrupt(): Promise<boolean> {
    const chapter = this.#chapter;
    await this.#close();
    if (!chapter) return false;
    const { planned, endings, begin } = chapter;
    const seconds = (performance.now() - begin) / 1000;
    if (this.#options.json) printJson(summaryOf(planned, endings.values(), seconds));
    return true;
  }

  async #close(): Promise<void> {
    const [chapter, presenter] = [this.#chapter, this.#presenter];
    this.#chapter = undefined;
    this.#presenter = undefined;
    // First of all: however slow the reader of the output is, the run is in the history.
    await chapter?.recorder.end();
    await presenter?.end();
  }
}
