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
  Subject,
  shareReplay,
  takeUntil,
  takeWhile,
  tap,
  timer,
} from "rxjs";
import { isTerminal, type PipelineEvent, summaryOf, type TerminalEvent } from "../events.ts";
import { failureOf } from "../failure.ts";
import { isGrid } from "../graph/grid.ts";
import { inputsOf, type Node, type SourceNode, type StageNode } from "../graph/stage.ts";
import type { SourceSnapshot } from "../jobs/job-update.ts";
import { keyOf, type PreImage } from "../key/key.ts";
import { type Plan, preImageOf, stagesOf, stagesToRun, stateForKey } from "../plan/plan.ts";
import { criticalPath, interactive } from "../plan/priority.ts";
import type { Store } from "../store/store.ts";
import { toEvents } from "./job-events.ts";
import type { Scheduler } from "./scheduler.ts";

/**
 * One run of one plan. Each node becomes an observable that waits for its inputs' endings, looks its key up and,
 * if need be, has the stage executed. An input that turns out to be damaged is made again, once a run.
 */
export class Execution {
  readonly #plan: Plan;
  readonly #store: Store;
  readonly #scheduler: Scheduler;
  readonly #priorities: ReadonlyMap<Node, number>;
  #before: Execution | undefined;
  /** What has begun to run and is not known to have ended, by node name. */
  readonly #running = new Map<string, PreImage>();
  readonly #stop = new ReplaySubject<void>(1);
  /** By node name; of a node that was made again, the last one. */
  readonly #endings = new Map<string, TerminalEvent>();
  /** What makes a damaged artifact again, by the name of its node: nodes in a row may have equal contents. */
  readonly #mendings = new Map<string, Observable<PipelineEvent>>();

  /**
   * @param interactiveBelow seconds: stages that took no longer begin at once
   * @param before the execution that this one takes the place of
   */
  constructor(plan: Plan, store: Store, scheduler: Scheduler, interactiveBelow?: number, before?: Execution) {
    this.#plan = plan;
    this.#store = store;
    this.#scheduler = scheduler;
    this.#before = before;
    const toRun = new Set(stagesToRun(plan));
    const runs = (node: StageNode): boolean => toRun.has(node);
    this.#priorities =
      interactiveBelow === undefined
        ? criticalPath(plan.nodes, store, runs)
        : interactive(plan.nodes, store, runs, interactiveBelow);
  }

  /** All that the run says; subscribed to once. */
  events(keepGoing: boolean): Observable<PipelineEvent> {
    const begin = performance.now();
    const ended = new Map<Node, Observable<unknown>>();
    const streams: Observable<PipelineEvent>[] = [];
    let failed = false;
    for (const node of this.#plan.nodes) {
      const inputs = inputsOf(node).map((input) => ended.get(input)!);
      const isResolved = new Subject<void>();
      const resolved = (inputs.length > 0 ? forkJoin(inputs) : of([])).pipe(
        observeOn(queueScheduler), // a long row of hits goes step by step, not ever deeper into the stack
        mergeMap(() => {
          queueMicrotask(() => isResolved.next());
          return this.#resolve(node);
        }),
      );
      const events = merge(this.#kept(node).pipe(takeUntil(isResolved)), resolved).pipe(
        tap({
          next: (event) => {
            if (isTerminal(event)) this.#endings.set(event.stage, event);
            if (event.event === "failed") failed = true;
          },
          // After the failure itself has been told: what it aborts comes next.
          complete: () => {
            if (failed && !keepGoing) this.#stop.next();
          },
        }),
        // Nodes downstream come later and need the ending alone, which is last: a grid says very much before.
        shareReplay({ bufferSize: 1, refCount: true }),
      );
      // Sources are known, not remembered: nothing is told of them unless they fail.
      streams.push(node.kind === "source" ? events.pipe(filter(({ event }) => event === "failed")) : events);
      ended.set(node, events);
    }
    // What the execution before had under way may finish until it is aborted: trails are to be those of this one.
    const succession = this.#before ? timer(0).pipe(ignoreElements()) : EMPTY;
    this.#before = undefined; // or all executions since the first would stay in memory

    const names = stagesOf(this.#plan).map(({ name }) => name);
    const toRun = stagesToRun(this.#plan);
    return concat(
      of<PipelineEvent>({ event: "planned", stages: names, toRun: toRun.map(({ name }) => name) }),
      merge(...streams),
      succession,
      defer(async () => {
        const told = this.#plan.nodes.flatMap((node): TerminalEvent[] => {
          const ending = this.#endings.get(node.name)!;
          return node.kind === "stage" || ending.event === "failed" ? [ending] : [];
        });
        // Also of what was executed, whose commit another one of the execution before may have followed.
        const made = told.flatMap((ending) => ("key" in ending ? [[ending.stage, ending.key] as const] : []));
        await this.#store.recordLastKeys(new Map(made));
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
    this.#running.delete(stage); // what was kept is joined below, if it is what the node needs
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
    const nodeState = stateForKey(preImage, this.#store, again, fingerprint.files, this.#plannedKey(node));
    const { key } = nodeState;
    if (nodeState.state === "fresh") return of({ event: "hit", stage, key, content: nodeState.content });

    const aborted: PipelineEvent = { event: "aborted", stage };
    const job = { stage: node.stage.id, key, preImage, recompute: again };
    const terms = {
      priority: this.#priorities.get(node)!,
      policy: node.stage.policy,
      snapshots: this.#snapshots(node),
      chunk: isGrid(node) ? node.grid.chunk : undefined,
    };
    return this.#scheduler.submit(job, terms).pipe(
      tap((state) => {
        if ("begun" in state || "part" in state) this.#running.set(stage, preImage);
        if ("result" in state) this.#running.delete(stage);
      }),
      toEvents({ event: "started", stage, key, reasons: nodeState.reasons }),
      catchError((thrown) => this.#recover(node, thrown, mended)),
      takeUntil(this.#stop),
      endWith(aborted), // dropped unless the job was stopped before its own ending
      takeWhile((event) => !(isTerminal(event) && event.stage === stage), true),
    );
  }

  /**
   * While it is not known whether a node will have the key under which the execution before runs it, that goes on:
   * what is upstream of it may well come out as it was.
   */
  #kept(node: Node): Observable<never> {
    const before = this.#before;
    if (!before || node.kind === "source" || this.#plan.states.get(node)!.state !== "waiting") return EMPTY;
    const running = before.#running.get(node.name);
    if (!running) return EMPTY;
    const inputs = Object.entries(node.inputs).map(([name, input]) => {
      const nodeState = this.#plan.states.get(input)!;
      return [name, "content" in nodeState ? nodeState.content : (running.inputs[name] ?? "")];
    });
    const fingerprint = this.#plan.fingerprints.get(node.stage)!;
    if (keyOf(preImageOf(node, Object.fromEntries(inputs), fingerprint)) !== keyOf(running)) return EMPTY;
    const updates = this.#scheduler.inFlight(keyOf(running));
    if (!updates) return EMPTY;
    this.#running.set(node.name, running); // the revision after this one may have to keep it too
    return updates.pipe(
      ignoreElements(),
      catchError(() => EMPTY), // whoever needs it will hear of it
    );
  }

  /** The key that was planned, if all inputs have come out as they were then. */
  #plannedKey(node: StageNode): string | undefined {
    const { states } = this.#plan;
    const isAsPlanned = inputsOf(node).every((input) => {
      const nodeState = states.get(input)!;
      return nodeState.state === "fresh" && nodeState.content === this.#contentOf(input);
    });
    const planned = states.get(node)!;
    return isAsPlanned && "key" in planned ? planned.key : undefined;
  }

  #reading(node: SourceNode): TerminalEvent {
    const planned = this.#plan.states.get(node)!;
    const stage = node.name;
    if (planned.state === "broken") return { event: "failed", stage, failure: planned.failure };
    if (planned.state === "fresh") return { event: "hit", stage, key: planned.key, content: planned.content };
    throw new TypeError(`source ${stage} cannot be ${planned.state}`);
  }

  #snapshots(node: StageNode): SourceSnapshot[] {
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
    const known = this.#mendings.get(node.name);
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
    this.#mendings.set(node.name, mending);
    return mending;
  }
}

/** Nodes have used what was lost: if another artifact takes its place, others would compute from a mix. */
function sameOrFailed(event: PipelineEvent, { name }: Node, content: string): PipelineEvent {
  if (!isTerminal(event) || event.stage !== name || !("content" in event) || event.content === content)
    return event;
  const message =
    `The artifact ${content} of ${name} was lost, and computing it again gave another one, ${event.content}: ` +
    "the stage is not deterministic. What needs it runs at the next run.";
  return { event: "failed", stage: name, failure: { kind: "store", message } };
}
