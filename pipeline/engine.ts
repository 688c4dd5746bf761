import { performance } from "node:perf_hooks";
import {
  concat,
  defer,
  endWith,
  filter,
  forkJoin,
  from,
  lastValueFrom,
  merge,
  mergeMap,
  type Observable,
  of,
  ReplaySubject,
  shareReplay,
  switchMap,
  takeUntil,
  takeWhile,
  tap,
} from "rxjs";
import type { Artifact } from "./artifact.ts";
import type { PipelineEvent, Summary } from "./events.ts";
import { type Executor, inProcess, type Job } from "./executor.ts";
import { eventsOf, type Flight, flights } from "./flights.ts";
import { type Fingerprint, fingerprintOfText } from "./key.ts";
import { lookUp, type Plan, planOf, preImageOf, stagesOf } from "./plan.ts";
import { inputsOf, type Node, type Stage, type StageNode } from "./stage.ts";
import type { Store } from "./store.ts";

export interface EngineOptions {
  readonly store: Store;
  /** Where stages run; `inProcess(store, stages)` unless given. */
  readonly executor?: Executor;
  /** The stages that the default executor knows. */
  readonly stages?: Iterable<Stage>;
  /** The version of a stage's code; the text of its `run` unless given. */
  readonly fingerprint?: (stage: Stage) => Fingerprint;
  /** How many stages may run at once; 1 unless given. */
  readonly jobs?: number;
}

export interface RunOptions {
  /** Nodes that run even if their result is known. */
  readonly forced?: ReadonlySet<Node>;
  /** After a failure, goes on with what does not depend on it. */
  readonly keepGoing?: boolean;
}

type Ending = Extract<PipelineEvent, { event: "hit" | "finished" | "failed" | "blocked" | "aborted" }>;

const isEnding = (event: PipelineEvent): event is Ending =>
  ["hit", "finished", "failed", "blocked", "aborted"].includes(event.event);

/**
 * Runs graphs of stages against a store. Each node becomes an observable that waits for its inputs' endings,
 * looks its key up and, if need be, has the stage executed.
 */
export class Engine {
  readonly store: Store;
  readonly #executor: Executor;
  readonly #fingerprint: (stage: Stage) => Fingerprint;
  readonly #flight: (job: Job, snapshots: readonly Artifact[]) => Observable<Flight>;

  constructor({ store, stages = [], executor, fingerprint, jobs = 1 }: EngineOptions) {
    this.store = store;
    this.#executor = executor ?? inProcess(store, stages);
    this.#fingerprint = fingerprint ?? fingerprintOfText;
    this.#flight = flights(store, this.#executor, jobs);
  }

  /** What a run of these targets would do. */
  plan(targets: readonly Node[], forced?: ReadonlySet<Node>): Promise<Plan> {
    return planOf(targets, this.store, this.#fingerprint, forced);
  }

  /** Runs the targets and all they need. Unsubscribing aborts what runs. Ends with a summary. */
  run(targets: readonly Node[], options: RunOptions = {}): Observable<PipelineEvent> {
    return this.follow(of(targets), options);
  }

  /**
   * Follows revisions of the graph: each is planned as a whole before any of it runs; then what only the
   * revision before needed is aborted and what both need goes on. A revision that is overtaken while it is
   * being planned never starts.
   */
  follow(revisions: Observable<readonly Node[]>, options: RunOptions = {}): Observable<PipelineEvent> {
    return revisions.pipe(
      switchMap((targets) => from(this.plan(targets, options.forced))),
      switchMap((plan) => this.#execute(plan, options.keepGoing ?? false)),
    );
  }

  /** Runs one node, with what it needs, and gives its artifact; throws where any of them fails. */
  async compute<A extends Artifact>(node: StageNode<A>): Promise<A> {
    const endings = this.run([node]).pipe(
      tap((event) => {
        if (event.event === "failed")
          throw new Error(`${event.stage}: ${event.failure.message}`, { cause: event.failure });
      }),
      filter((event) => "content" in event && event.stage === node.name),
    );
    const ending = (await lastValueFrom(endings)) as Extract<Ending, { content: string }>;
    return (await this.store.load(ending.content)) as A;
  }

  close(): Promise<void> {
    return this.#executor.close();
  }

  #execute(plan: Plan, keepGoing: boolean): Observable<PipelineEvent> {
    return defer(() => {
      const begin = performance.now();
      const stop = new ReplaySubject<void>(1);
      const endings = new Map<Node, Observable<Ending>>();
      const told: Ending[] = [];
      const notes: Promise<void>[] = [];
      const streams: Observable<PipelineEvent>[] = [];
      let failed = false;

      for (const node of plan.nodes) {
        const inputs = inputsOf(node).map((input) => endings.get(input)!);
        const events = (inputs.length > 0 ? forkJoin(inputs) : of([])).pipe(
          mergeMap((settled) => this.#resolve(node, settled, plan, stop)),
          tap({
            next: (event) => {
              if (node.kind === "source" && event.event !== "failed") return; // known, not remembered
              if (isEnding(event)) told.push(event);
              if (event.event === "failed") failed = true;
              if ("content" in event) notes.push(this.#note(node, event.key));
            },
            // After the failure itself has been told: what it aborts comes next.
            complete: () => {
              if (failed && !keepGoing) stop.next();
            },
          }),
          shareReplay({ bufferSize: Number.POSITIVE_INFINITY, refCount: true }),
        );
        streams.push(
          node.kind === "source" ? events.pipe(filter(({ event }) => event === "failed")) : events,
        );
        endings.set(node, events.pipe(filter(isEnding)));
      }

      const stages = stagesOf(plan);
      const names = stages.map(({ name }) => name);
      const toRun = stages.filter((node) => ["stale", "waiting"].includes(plan.prospects.get(node)!.state));
      return concat(
        of<PipelineEvent>({ event: "planned", stages: names, toRun: toRun.map(({ name }) => name) }),
        merge(...streams),
        defer(async () => {
          await Promise.all(notes);
          return summary(names, told, (performance.now() - begin) / 1000);
        }),
      );
    });
  }

  /** A note that cannot be written fails the run, but at its end: until then nothing waits for it. */
  #note(node: Node, key: string): Promise<void> {
    const note = this.store.follow(node.name, key);
    note.catch(() => {});
    return note;
  }

  /** What becomes of a node once all its inputs have ended. */
  #resolve(
    node: Node,
    settled: readonly Ending[],
    plan: Plan,
    stop: Observable<void>,
  ): Observable<PipelineEvent> {
    const stage = node.name;
    const planned = plan.prospects.get(node)!;
    if (node.kind === "source") {
      if (planned.state === "broken") return of({ event: "failed", stage, failure: planned.failure });
      if (planned.state === "fresh")
        return of({ event: "hit", stage, key: planned.key, content: planned.content });
      throw new TypeError(`source ${stage} cannot be ${planned.state}`);
    }
    const lost = settled.flatMap((ending) =>
      ending.event === "failed" ? [ending.stage] : ending.event === "blocked" ? ending.by : [],
    );
    if (lost.length > 0) return of({ event: "blocked", stage, by: [...new Set(lost)] });
    if (settled.some(({ event }) => event === "aborted")) return of({ event: "aborted", stage });

    const contents = settled.map((ending) => ("content" in ending ? ending.content : ""));
    const inputs = Object.fromEntries(
      Object.keys(node.inputs).map((name, index) => [name, contents[index]!]),
    );
    const preImage = preImageOf(node, inputs, plan.fingerprints.get(node.stage)!);
    const prospect = lookUp(preImage, this.store, plan.forced.has(node));
    const { key } = prospect;
    if (prospect.state === "fresh") return of({ event: "hit", stage, key, content: prospect.content });

    const snapshots = Object.values(node.inputs).flatMap((input) =>
      input.kind === "source" ? [plan.sources.get(input)!] : [],
    );
    const aborted: PipelineEvent = { event: "aborted", stage };
    return this.#flight({ stage: node.stage.id, key, preImage }, snapshots).pipe(
      eventsOf({ event: "started", stage, key, reasons: prospect.reasons }),
      takeUntil(stop),
      endWith(aborted), // dropped unless the flight was stopped before its own ending
      takeWhile((event) => !isEnding(event), true),
    );
  }
}

function summary(order: readonly string[], endings: readonly Ending[], seconds: number): Summary {
  const rank = new Map(order.map((name, index) => [name, index]));
  const rankOf = (name: string) => rank.get(name) ?? -1; // sources that failed come first
  const named = (ending: Ending["event"]) => {
    const names = endings.filter(({ event }) => event === ending).map(({ stage }) => stage);
    return names.sort((a, b) => rankOf(a) - rankOf(b));
  };
  return {
    event: "summary",
    executed: named("finished"),
    hits: named("hit"),
    failed: named("failed"),
    blocked: named("blocked"),
    aborted: named("aborted"),
    seconds,
  };
}
