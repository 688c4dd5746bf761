import { randomBytes } from "node:crypto";
import type { WorkerShare } from "../pipeline/executors.ts";
import type { Failure, Json, PipelineEvent, Reason } from "../pipeline/index.ts";
import { rowOf, rowsOf } from "./rows.ts";
import type { Tables } from "./tables.ts";

/** What became of one stage in a run. */
export interface StageRecord {
  readonly stage: string;
  /** "aborted" also where the run was interrupted before its turn. */
  readonly ending: "hit" | "finished" | "failed" | "blocked" | "aborted";
  readonly key?: string;
  readonly content?: string;
  /** How long it ran. */
  readonly seconds?: number;
  /** Who ran it, unless the run's own process did all of it. */
  readonly by?: readonly WorkerShare[];
  /** Why it ran. */
  readonly reasons?: readonly Reason[];
  readonly failure?: Failure;
}

/** What is known of a run when it begins. */
export interface RunStart {
  /** From `newRunId`: later runs have later ids. */
  readonly id: string;
  /** ISO 8601. */
  readonly begin: string;
  /** What was asked for: names of stages, and the configuration in force. */
  readonly revision: { readonly targets: readonly string[]; readonly configuration: Json };
  readonly versions: { readonly mesoflow: string; readonly node: string };
}

/** A run that has ended. */
export interface Run extends RunStart {
  readonly end: string;
  readonly outcome: "done" | "failed" | "interrupted";
  /** In the order of the plan; sources that could not be read come last. */
  readonly stages: readonly StageRecord[];
}

/** "20250131-120512.847-3fa9c1": UTC to the millisecond, and chance to tell runs of one millisecond apart. */
export function newRunId(begin: Date): string {
  const [day, time] = begin.toISOString().replaceAll(/[-:Z]/g, "").split("T");
  return `${day}-${time}-${randomBytes(3).toString("hex")}`;
}

/** The run that its events tell of, its last revision if it has several. Without a summary it was interrupted. */
export function runOf(start: RunStart, events: Iterable<PipelineEvent>, end: string): Run {
  const stages = new Map<string, StageRecord>();
  const begun = new Map<string, Pick<StageRecord, "key" | "reasons">>();
  let isWhole = false;
  for (const event of events) {
    switch (event.event) {
      case "revision":
        stages.clear();
        begun.clear();
        isWhole = false;
        break;
      case "planned":
        for (const stage of event.stages) stages.set(stage, { stage, ending: "aborted" });
        break;
      case "started":
        begun.set(event.stage, { key: event.key, reasons: event.reasons });
        break;
      case "hit": // of what another process computed meanwhile, too: it did not run here
      case "finished":
      case "failed":
      case "blocked":
      case "aborted":
        stages.set(event.stage, recordOf(event, begun.get(event.stage)));
        break;
      case "summary":
        isWhole = true;
        break;
      case "waiting":
      case "damaged":
      case "retry":
      case "part":
      case "progress":
      case "warning":
        break;
    }
  }
  const records = [...stages.values()];
  const isDone = records.every(({ ending }) => ending === "hit" || ending === "finished");
  const outcome = !isWhole ? "interrupted" : isDone ? "done" : "failed";
  return { ...start, end, outcome, stages: records };
}

type Ending = Extract<PipelineEvent, { event: StageRecord["ending"] }>;

function recordOf(event: Ending, start: Pick<StageRecord, "key" | "reasons"> | undefined): StageRecord {
  const { stage, event: ending } = event;
  switch (ending) {
    case "hit":
      return { stage, ending, key: event.key, content: event.content };
    case "finished": {
      const { key, content, seconds, by } = event;
      return { stage, ending, ...start, key, content, seconds, ...(by && { by }) };
    }
    case "failed":
      return { stage, ending, ...start, failure: event.failure };
    case "blocked":
      return { stage, ending };
    case "aborted":
      return { stage, ending, ...start };
  }
}

/** How much is kept: the oldest runs go first, the last one never. */
export interface HistoryLimits {
  readonly runs: number;
  /** Characters of JSON: runs of very many stages are long. */
  readonly size: number;
}

/** The runs that a store remembers. */
export class History {
  readonly #tables: Pick<Tables, "runs" | "codes" | "transaction">;
  readonly #limits: HistoryLimits;

  /** The runs in a store's tables, `store.tables`. */
  constructor(
    tables: Pick<Tables, "runs" | "codes" | "transaction">,
    limits: HistoryLimits = { runs: 1_000, size: 64 * 2 ** 20 },
  ) {
    this.#tables = tables;
    this.#limits = limits;
  }

  /**
   * Remembers a run and forgets the oldest beyond the limits.
   *
   * @param codes what the run's code was made of: code hash → file → hash
   */
  async append(
    run: Run,
    codes: ReadonlyMap<string, Readonly<Record<string, string>>> = new Map(),
  ): Promise<void> {
    const { runs, codes: known, transaction } = this.#tables;
    transaction(() => {
      runs.put(run.id, JSON.stringify(run));
      for (const [code, files] of codes) if (!known.has(code)) known.put(code, JSON.stringify(files));
      const all = runs.entries();
      let size = 0;
      all.reverse().forEach(([id, text], age) => {
        size += text.length;
        if (age > 0 && (age >= this.#limits.runs || size > this.#limits.size)) runs.delete(id);
      });
    });
  }

  /** All runs, the first one first. */
  runs(): Run[] {
    return rowsOf<Run>(this.#tables.runs);
  }

  /** The runs whose ids begin so: one where the beginning is unambiguous. */
  find(prefix: string): Run[] {
    return this.#tables.runs.keys(prefix).map((id) => rowOf<Run>(this.#tables.runs, id)!);
  }

  /** The last `count` runs, the last one first. */
  last(count: number): Run[] {
    const ids = this.#tables.runs.keys().reverse().slice(0, count);
    return ids.map((id) => rowOf<Run>(this.#tables.runs, id)!);
  }
}
