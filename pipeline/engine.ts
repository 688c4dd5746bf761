import { defer, filter, finalize, from, lastValueFrom, map, type Observable, of, switchMap, tap } from "rxjs";
import type { Artifact } from "./artifact.ts";
import { isEnding, type PipelineEvent } from "./events.ts";
import { Execution, type Launch } from "./execution.ts";
import { type Executor, inProcess } from "./executor.ts";
import { flights } from "./flights.ts";
import { type Fingerprint, fingerprintOfText } from "./key.ts";
import { type Plan, planOf } from "./plan.ts";
import type { Node, Stage, StageNode } from "./stage.ts";
import { Stay } from "./stay.ts";
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
  readonly #launch: Launch;

  constructor({ store, stages = [], executor, fingerprint, jobs = 1 }: EngineOptions) {
    this.store = store;
    this.#executor = executor ?? inProcess(store, stages);
    this.#fingerprint = fingerprint ?? fingerprintOfText;
    this.#launch = flights(store, this.#executor, jobs);
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
    return defer(() => {
      const stay = new Stay(this.store);
      return revisions.pipe(
        switchMap((targets) => from(stay.planned(() => this.plan(targets, options.forced)))),
        switchMap((plan) => new Execution(plan, this.store, this.#launch).events(options.keepGoing ?? false)),
        finalize(() => stay.end()),
      );
    });
  }

  /** Runs one node, with what it needs, and gives its artifact; throws where any of them fails. */
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
      filter(isEnding),
      filter((ending) => "content" in ending),
      filter(({ stage }) => stage === node.name),
      map(({ content }) => content),
    );
    return lastValueFrom(contents);
  }

  close(): Promise<void> {
    return this.#executor.close();
  }
}
