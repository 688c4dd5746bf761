import { performance } from "node:perf_hooks";
import {
  catchError,
  concat,
  defer,
  EMPTY,
  endWith,
  filter,
  forkJoin,
  ignoreElements,
  map,
  merge,
  mergeMap,
  type Observable,
  observeOn,
  of,
  queueScheduler,
  ReplaySubject,
  shareReplay,
  takeUntil,
  takeWhile,
  tap,
} from "rxjs";
import { type Ending, isEnding, type PipelineEvent, summaryOf } from "./events.ts";
import type { Job } from "./executor.ts";
import { failureOf } from "./failure.ts";
import { eventsOf } from "./flight-events.ts";
import type { Snapshot } from "./flights.ts";
import { lookUp, type Plan, preImageOf, stagesOf, stagesToRun } from "./plan.ts";
import { inputsOf, type Node, type SourceNode, type StageNode } from "./stage.ts";
import type { Store } from "./store.ts";
import type { Flight } from "./tenure.ts";

/** Has a job executed. */
export type Launch = (job: Job, snapshots: readonly Snapshot[]) => Observable<Flight>;

/**
 * One run of one plan. Each node becomes an observable that waits for its inputs' endings, looks its key up and,
 * if need be, has the stage executed. An input that turns out to be damaged is made again, once a run.
 */
export class Execution {
  readonly #plan: Plan;
  readonly #store: Store;
  readonly #launch: Launch;
  readonly #stop = new ReplaySubject<void>(1);
  /** By node name; of a node that was made again, the last one. */
  readonly #endings = new Map<string, Ending>();
  /** What makes a damaged artifact again, by its content. */
  readonly #mendings = new Map<string, Observable<PipelineEvent>>();

  constructor(plan: Plan, store: Store, launch: Launch) {
    this.#plan = plan;
    this.#store = store;
    this.#launch = launch;
  }

  /** All that the run says; subscribed to once. */
  events(keepGoing: boolean): Observable<PipelineEvent> {
    const begin = performance.now();
    const ended = new Map<Node, Observable<unknown>>();
    const streams: Observable<PipelineEvent>[] = [];
    let failed = false;
    for (const node of this.#plan.nodes) {
      const inputs = inputsOf(node).map((input) => ended.get(input)!);
      const events = (inputs.length > 0 ? forkJoin(inputs) : of([])).pipe(
        observeOn(queueScheduler), // a long row of hits goes step by step, not ever deeper into the stack
        mergeMap(() => this.#resolve(node)),
        tap({
          next: (event) => {
            if (isEnding(event)) this.#endings.set(event.stage, event);
            if (event.event === "failed") failed = true;
          },
          // After the failure itself has been told: what it aborts comes next.
          complete: () => {
            if (failed && !keepGoing) this.#stop.next();
          },
        }),
        shareReplay({ bufferSize: Number.POSITIVE_INFINITY, refCount: true }),
      );
      // Sources are known, not remembered: nothing is told of them unless they fail.
      streams.push(node.kind === "source" ? events.pipe(filter(({ event }) => event === "failed")) : events);
      ended.set(node, events);
    }

    const names = stagesOf(this.#plan).map(({ name }) => name);
    const toRun = stagesToRun(this.#plan);
    return concat(
      of<PipelineEvent>({ event: "planned", stages: names, toRun: toRun.map(({ name }) => name) }),
      merge(...streams),
      defer(async () => {
        const told = this.#plan.nodes.flatMap((node): Ending[] => {
          const ending = this.#endings.get(node.name)!;
          return node.kind === "stage" || ending.event === "failed" ? [ending] : [];
        });
        // What was executed has left its trail with its result.
        const hits = told.flatMap((ending) =>
          ending.event === "hit" ? [[ending.stage, ending.key] as const] : [],
        );
        await this.#store.follow(new Map(hits));
        return summaryOf(names, told, (performance.now() - begin) / 1000);
      }),
    );
  }

  /**
   * What becomes of a node once all its inputs have ended.
   *
   * @param mended contents that were made again for it already
   */
  #resolve(node: Node, mended?: ReadonlySet<string>): Observable<PipelineEvent> {
    if (node.kind === "source") return of(this.#reading(node));
    const stage = node.name;
    const settled = inputsOf(node).map((input) => this.#endings.get(input.name)!);
    const lost = settled.flatMap((ending) =>
      ending.event === "failed" ? [ending.stage] : ending.event === "blocked" ? ending.by : [],
    );
    if (lost.length > 0) return of({ event: "blocked", stage, by: [...new Set(lost)] });
    if (settled.some(({ event }) => event === "aborted")) return of({ event: "aborted", stage });

    const inputs = Object.fromEntries(
      Object.entries(node.inputs).map(([name, input]) => [name, this.#contentOf(input)!]),
    );
    const fingerprint = this.#plan.fingerprints.get(node.stage)!;
    const preImage = preImageOf(node, inputs, fingerprint);
    // A node that is made again because its artifact was damaged was forced the first time, if at all.
    const again = this.#plan.forced.has(node) && !this.#endings.has(stage);
    const prospect = lookUp(preImage, this.#store, again, fingerprint.files);
    const { key } = prospect;
    if (prospect.state === "fresh") return of({ event: "hit", stage, key, content: prospect.content });

    const aborted: PipelineEvent = { event: "aborted", stage };
    return this.#launch({ stage: node.stage.id, key, preImage, again }, this.#snapshots(node)).pipe(
      eventsOf({ event: "started", stage, key, reasons: prospect.reasons }),
      catchError((thrown) => this.#recover(node, thrown, mended)),
      takeUntil(this.#stop),
      endWith(aborted), // dropped unless the flight was stopped before its own ending
      takeWhile((event) => !(isEnding(event) && event.stage === stage), true),
    );
  }

  #reading(node: SourceNode): Ending {
    const planned = this.#plan.prospects.get(node)!;
    const stage = node.name;
    if (planned.state === "broken") return { event: "failed", stage, failure: planned.failure };
    if (planned.state === "fresh") return { event: "hit", stage, key: planned.key, content: planned.content };
    throw new TypeError(`source ${stage} cannot be ${planned.state}`);
  }

  #snapshots(node: StageNode): Snapshot[] {
    return Object.values(node.inputs).flatMap((input) =>
      input.kind === "source"
        ? [{ name: input.name, artifact: this.#plan.sources.get(input)!, content: this.#contentOf(input)! }]
        : [],
    );
  }

  #contentOf(node: Node): string | undefined {
    const ending = this.#endings.get(node.name);
    return ending && "content" in ending ? ending.content : undefined;
  }

  /** A failure, unless inputs were lost: then they are made again and the node is tried once more. */
  #recover(
    node: StageNode,
    thrown: unknown,
    mended: ReadonlySet<string> = new Set(),
  ): Observable<PipelineEvent> {
    const lost = inputsOf(node).filter((input) => !this.#store.has(this.#contentOf(input)!));
    const contents = lost.map((input) => this.#contentOf(input)!);
    if (lost.length === 0 || contents.some((content) => mended.has(content))) {
      return of({ event: "failed", stage: node.name, failure: failureOf(thrown) });
    }
    return concat(
      ...lost.map((input) => this.#mend(input)),
      defer(() => this.#resolve(node, new Set([...mended, ...contents]))),
    );
  }

  /** Makes a lost artifact again; of several nodes that miss it, the first one tells about it. */
  #mend(node: Node): Observable<PipelineEvent> {
    const content = this.#contentOf(node)!;
    const known = this.#mendings.get(content);
    if (known) return known.pipe(ignoreElements());
    const damage = this.#store.damage(content);
    const mending = concat(
      damage ? of<PipelineEvent>({ event: "damaged", stage: node.name, content, what: damage.what }) : EMPTY,
      // What a source held is stored again before each execution that needs it.
      node.kind === "source" ? EMPTY : defer(() => this.#resolve(node)),
    ).pipe(
      map((event) => sameOrFailed(event, node, content)),
      shareReplay({ bufferSize: Number.POSITIVE_INFINITY, refCount: true }),
    );
    this.#mendings.set(content, mending);
    return mending;
  }
}

/** Nodes have used what was lost: if another artifact takes its place, others would compute from a mix. */
function sameOrFailed(event: PipelineEvent, { name }: Node, content: string): PipelineEvent {
  if (!isEnding(event) || event.stage !== name || !("content" in event) || event.content === content)
    return event;
  const message =
    `The artifact ${content} of ${name} was lost, and computing it again gave another one, ${event.content}: ` +
    "the stage is not deterministic. What needs it runs at the next run.";
  return { event: "failed", stage: name, failure: { kind: "store", message } };
}
