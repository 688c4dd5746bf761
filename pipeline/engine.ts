import {
  concat,
  defer,
  filter,
  finalize,
  from,
  lastValueFrom,
  map,
  type Observable,
  of,
  switchMap,
  tap,
} from "rxjs";
import type { Artifact } from "./artifact/artifact.ts";
import { isTerminal, type PipelineEvent } from "./events.ts";
import { inProcess } from "./execute/in-process.ts";
import type { Node, Stage, StageNode } from "./graph/stage.ts";
import type { Executor } from "./jobs/job.ts";
import { type Fingerprint, fingerprintOfText } from "./key/key.ts";
import { type Plan, planOf } from "./plan/plan.ts";
import { Execution } from "./schedule/execution.ts";
import { RetentionLease } from "./schedule/retention.ts";
import { createScheduler, type Scheduler } from "./schedule/scheduler.ts";
import type { Store } from "./store/store.ts";

/** What an engine works with. */
export interface EngineOptions {
  /** Where results are found and put. */
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

/** One state of the graph. */
export interface Revision {
  /** The nodes whose results are wanted. */
  readonly targets: readonly Node[];
  /** Nodes that run even if their result is known. */
  readonly forced?: ReadonlySet<Node>;
  /** What has changed since the revision before, for whoever reads the events. */
  readonly changes?: readonly string[];
}

/** How an engine follows revisions. */
export interface FollowOptions {
  /** After a failure, goes on with what does not depend on it. */
  readonly keepGoing?: boolean;
  /**
   * Where somebody looks on: stages that took no more than so many seconds begin at once, whatever runs, and of all
   * others the shortest are first. Unless given, what the run as a whole waits for longest is first.
   */
  readonly interactiveBelow?: number;
}

/** How one run goes. */
export interface RunOptions extends FollowOptions, Pick<Revision, "forced"> {}

/**
 * Runs graphs of stages against a store, which any number of engines, in any number of processes, may share:
 * what several of them need is executed once.
 *
 * Sources are read once a revision, when it is planned. Stages compute from these snapshots, stored under the
 * content hash that is part of their keys, so a source that changes while a stage runs changes none of its
 * inputs: the result is true of what its key says, and is remembered as that; the next revision reads the
 * source anew, gets another key and runs the stage again.
 */
export class Engine {
  readonly store: Store;
  readonly #executor: Executor;
  readonly #fingerprint: (stage: Stage) => Fingerprint;
  readonly #scheduler: Scheduler;

  /** An engine of its own executions; what others do on the store it sees by the store. */
  constructor({ store, stages = [], executor, fingerprint, jobs = 1 }: EngineOptions) {
    this.store = store;
    this.#executor = executor ?? inProcess(store, stages);
    this.#fingerprint = fingerprint ?? fingerprintOfText;
    this.#scheduler = createScheduler(store, this.#executor, jobs);
  }

  /**
   * What a run of these targets would do. Sources are read, nothing else happens.
   *
   * @throws TypeError where two different nodes share a name
   */
  plan(targets: readonly Node[], forced?: ReadonlySet<Node>): Promise<Plan> {
    return planOf(targets, this.store, this.#fingerprint, forced);
  }

  /**
   * Runs the targets and all they need, once subscribed to. Unsubscribing aborts what runs. Ends with a summary;
   * failures of stages and sources are events, not errors of the observable.
   */
  run(
    targets: readonly Node[],
    { forced, keepGoing = false, interactiveBelow }: RunOptions = {},
  ): Observable<PipelineEvent> {
    return this.#retaining((retention) =>
      from(retention.retainPlan(() => this.plan(targets, forced))).pipe(
        switchMap((plan) =>
          new Execution(plan, this.store, this.#scheduler, interactiveBelow).events(keepGoing),
        ),
      ),
    );
  }

  /**
   * Follows revisions of the graph: each is planned as a whole before any of it runs; then what only the
   * revision before needed is aborted and what both need goes on. A revision that is overtaken while it is
   * being planned never starts. Says which revision what follows belongs to; each ends with a summary.
   */
  follow(
    revisions: Observable<Revision>,
    { keepGoing = false, interactiveBelow }: FollowOptions = {},
  ): Observable<PipelineEvent> {
    return this.#retaining((retention) => {
      let before: Execution | undefined;
      let number = 0;
      let unsaid: string[] = [];
      return revisions.pipe(
        switchMap(({ targets, forced, changes = [] }) => {
          unsaid.push(...changes); // those of revisions that were overtaken are said with the next
          return from(retention.retainPlan(() => this.plan(targets, forced)));
        }),
        switchMap((plan) => {
          number += 1;
          const revision: PipelineEvent = { event: "revision", number, changes: unsaid };
          unsaid = [];
          const execution = new Execution(plan, this.store, this.#scheduler, interactiveBelow, before);
          before = execution;
          return concat(of(revision), execution.events(keepGoing));
        }),
      );
    });
  }

  #retaining(events: (retention: RetentionLease) => Observable<PipelineEvent>): Observable<PipelineEvent> {
    return defer(() => {
      const stay = new RetentionLease(this.store);
      return events(stay).pipe(finalize(() => stay.release()));
    });
  }

  /**
   * Runs one node, with what it needs, and gives its artifact.
   *
   * @throws Error where any of them fails; its `cause` is the `Failure`
   */
  async compute<A extends Artifact>(node: StageNode<A>): Promise<A> {
    const content = await this.#contentOf(node);
    try {
      return (await this.store.load(content)) as A;
    } catch (thrown) {
      if (this.store.has(content)) throw thrown;
      return (await this.store.load(await this.#contentOf(node))) as A; // it was damaged, and is made again
    }
  }

  async #contentOf(node: StageNode): Promise<string> {
    const contents = this.run([node]).pipe(
      tap((event) => {
        if (event.event === "failed")
          throw new Error(`${event.stage}: ${event.failure.message}`, { cause: event.failure });
      }),
      filter(isTerminal),
      filter((ending) => "content" in ending),
      filter(({ stage }) => stage === node.name),
      map(({ content }) => content),
    );
    return lastValueFrom(contents);
  }

  /** Ends the executor; the store stays open. */
  close(): Promise<void> {
    return this.#executor.close();
  }
}
