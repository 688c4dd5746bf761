import type { PipelineEvent, Summary } from "../../../../pipeline/index.ts";
import { type Graph, inputsAt, nameOf, nodesAt } from "./graphs.ts";
import { type Given, identityOf, neededOf, type Outcome, recomputed } from "./oracle.ts";
import type { VirtualTime } from "./virtual-time.ts";

/** One revision that was pushed. */
export interface Push {
  readonly graph: Graph;
  /** What its plan read from the sources. */
  readonly held: Map<string, number | undefined>;
  /** How many results had been written when it was pushed. */
  readonly written: number;
}

/** One call of the stage. */
export interface Call {
  readonly given: Given;
  readonly identity: string;
  /** Of its job. */
  readonly key: string;
  readonly isForced: boolean;
  readonly signal: AbortSignal;
  /** The grids that it may be a point of: one with other values may cut its points otherwise. */
  readonly grids: readonly string[];
  /** Whether it was launched by the revision before and had not begun when that was replaced. */
  readonly isLate: boolean;
  hasEnded: boolean;
}

/** Sees all that an engine does while it follows revisions, and says what it should not have done. */
export class Witness {
  readonly offences: string[] = [];
  readonly calls: Call[] = [];
  readonly pushes: Push[] = [];
  /** Outcomes of the revision that runs. */
  outcomes: ReadonlyMap<string, Outcome> = new Map();
  /** The push that the last revision came from. */
  current: Push | undefined;
  readonly #time: VirtualTime;
  readonly #jobs: number;
  readonly #keepGoing: boolean;
  /** Calls whose results are written, by their identities; each with when it was. */
  readonly #written = new Map<string, number>();
  readonly #keys = new Set<string>();
  #count = 0;
  /** Identities of all revisions that ran. */
  readonly #lawful = new Set<string>();
  #number = 0;
  #said = 0;
  #hasFailed = false;
  #isLeft = false;
  /** Endings and what has begun in this revision. */
  readonly #endings = new Map<string, string>();
  #lastEvent = 0;
  /** Of the revision before: its grids, and how many results had been written at its end. */
  #gridsBefore: ReadonlyMap<string, string> = new Map();
  #writtenBefore = 0;

  constructor(time: VirtualTime, jobs: number, keepGoing: boolean) {
    this.#time = time;
    this.#jobs = jobs;
    this.#keepGoing = keepGoing;
  }

  get written(): number {
    return this.#count;
  }

  pushed(graph: Graph): Push {
    const push = { graph, held: new Map(), written: this.#count };
    this.pushes.push(push);
    return push;
  }

  left(): void {
    this.#isLeft = true;
    this.#lastEvent = this.#time.now;
  }

  begun(given: Given, job: Pick<Call, "key" | "isForced">, signal: AbortSignal): Call {
    const call: Call = {
      given,
      identity: identityOf(given),
      ...job,
      signal,
      grids: this.#gridsOf(given.name),
      isLate: !this.#isResolved(given.name),
      hasEnded: false,
    };
    const { identity, key } = call;
    if (!this.#lawful.has(identity)) this.#offend(`began on what no revision has: ${identity}`);
    if (signal.aborted) this.#offend(`began although aborted: ${identity}`);
    const when = this.#written.get(identity);
    const isRecut = call.grids.length > 1 && when !== undefined && when > this.#writtenBefore;
    if (!call.isForced && when !== undefined && !isRecut) this.#offend(`began again: ${identity}`);
    const twin = this.#live().find((other) => other.identity === identity && other.key === key);
    if (twin) this.#offend(`began twice: ${identity}`);
    this.calls.push(call);
    if (this.#live().length > this.#jobs) this.#offend(`more than ${this.#jobs} calls at once`);
    signal.addEventListener("abort", () => this.#aborted(call));
    return call;
  }

  /** @param signal of the job; none of what is only put together */
  committed(key: string, name: string, isForced: boolean, signal: AbortSignal | undefined): void {
    if (!isForced && this.#keys.has(key)) this.#offend(`wrote again: ${name}`);
    this.#keys.add(key);
    this.#count += 1;
    if (this.#isLeft && this.#isSettled()) this.#offend(`wrote after all had left: ${name}`);
    if (!signal) return;
    if (signal.aborted) this.#offend(`wrote although aborted: ${name}`);
    for (const call of this.calls) {
      if (call.signal !== signal) continue;
      if (this.#isSettled() && !this.#mayBeNeeded(call))
        this.#offend(`wrote what nobody needs: ${call.identity}`);
      this.#written.set(call.identity, this.#count);
    }
  }

  told(event: PipelineEvent): void {
    if (event.event === "revision") this.#revised(event);
    else if (event.event === "summary") this.#summed(event);
    else if (["hit", "finished", "failed", "blocked", "aborted"].includes(event.event)) {
      const { stage } = event as { stage: string };
      this.#lastEvent = this.#time.now;
      if (this.#endings.has(stage)) this.#offend(`ended twice: ${stage}`);
      this.#endings.set(stage, event.event);
      if (event.event === "failed") this.#hasFailed = true;
      if (event.event === "blocked") {
        const outcome = this.outcomes.get(stage);
        const by = outcome?.state === "blocked" ? outcome.by : [];
        const isLawful = this.#keepGoing
          ? event.by.toSorted().join() === by.join()
          : event.by.every((name) => by.includes(name)) && event.by.length > 0;
        if (!isLawful) this.#offend(`${stage} is blocked by ${event.by}, not by ${by}`);
      }
      if (event.event === "hit" || event.event === "finished") this.#made(event);
    }
  }

  /** To be called when all that happened has had its consequences: only what may be needed goes on. */
  look(): void {
    if (!this.#isSettled()) return;
    for (const call of this.#live()) {
      if (!this.#mayBeNeeded(call)) this.#offend(`goes on though nobody needs it: ${call.identity}`);
    }
  }

  /** Whether what a later revision or leaving ended must have been aborted: one turn later, a grid's chunks after two. */
  #isSettled(): boolean {
    return this.#time.now > this.#lastEvent + 2;
  }

  #live(): Call[] {
    return this.calls.filter(({ hasEnded, signal }) => !hasEnded && !signal.aborted);
  }

  #revised({ number, changes }: Extract<PipelineEvent, { event: "revision" }>): void {
    this.#number += 1;
    if (number !== this.#number) this.#offend(`revision ${this.#number} is called ${number}`);
    const expected = this.pushes.map((_, index) => String(index)).slice(this.#said);
    if (changes.join() !== expected.join())
      this.#offend(`told of the changes ${changes}, not of ${expected}`);
    this.#said = this.pushes.length;
    this.#gridsBefore = new Map([...this.outcomes.keys()].map((name) => [name, this.#gridOf(name)]));
    this.#writtenBefore = this.#count;
    this.current = this.pushes.at(-1)!;
    this.outcomes = recomputed(this.current.graph, this.current.held);
    for (const outcome of this.outcomes.values()) {
      if (outcome.state !== "blocked") for (const point of outcome.points) this.#lawful.add(point);
    }
    this.#endings.clear();
    this.#hasFailed = false;
    this.#lastEvent = this.#time.now;
  }

  #made({ event, stage }: Extract<PipelineEvent, { event: "hit" | "finished" }>): void {
    const outcome = this.outcomes.get(stage);
    if (outcome?.state !== "made") {
      this.#offend(`${event} ${stage}, which is to be ${outcome?.state}`);
      return;
    }
    const { graph, written } = this.current!;
    const isForced = graph.forced.some((at) => nameOf(graph, at) === stage);
    for (const point of outcome.points) {
      const when = this.#written.get(point);
      if (when === undefined) this.#offend(`${event} ${stage} without ${point}`);
    }
    const wasThere = outcome.points.every((point) => this.#written.get(point)! <= written);
    if (event === "finished" && wasThere && !isForced && !this.#isGrid(stage))
      this.#offend(`ran though known: ${stage}`);
    if (event === "hit" && isForced) this.#offend(`did not run though forced: ${stage}`);
  }

  /** A grid whose points are all there may yet have to be put together. */
  #isGrid(stage: string): boolean {
    return this.current!.graph.specs[Number(stage.slice(-2))]!.kind === "grid";
  }

  /** Whether the revision knows all that goes into a node. */
  #isResolved(name: string): boolean {
    if (!this.outcomes.has(name)) return false;
    const { graph } = this.current!;
    const at = Number(name.slice(-2));
    return [...inputsAt(graph.specs, at), ...nodesAt(graph.specs, at)].every(
      (input) => graph.specs[input]!.kind === "source" || this.#endings.has(nameOf(graph, input)),
    );
  }

  /** The grids that a point which begins now may be of. */
  #gridsOf(name: string): string[] {
    return [...new Set([this.#gridOf(name), this.#gridsBefore.get(name) ?? ""])].filter(
      (grid) => grid !== "",
    );
  }

  #gridOf(name: string): string {
    const outcome = this.outcomes.get(name);
    if (!outcome || outcome.state === "blocked" || !this.#isGrid(name)) return "";
    const { specs } = this.current!.graph;
    const at = Number(name.slice(-2));
    return JSON.stringify([outcome.points, nodesAt(specs, at), specs[at]!.chunk]);
  }

  #summed(summary: Summary): void {
    const expected = { made: [] as string[], failed: [] as string[], blocked: [] as string[] };
    for (const [name, { state }] of this.outcomes) {
      if (state !== "made" || !name.startsWith("source")) expected[state].push(name);
    }
    const told = {
      made: [...summary.executed, ...summary.hits],
      failed: [...summary.failed],
      blocked: [...summary.blocked],
    };
    for (const kind of ["made", "failed", "blocked"] as const) {
      const isAll = this.#keepGoing || expected.failed.length === 0;
      const isLawful = isAll
        ? told[kind].toSorted().join() === expected[kind].toSorted().join()
        : told[kind].every((name) => expected[kind].includes(name));
      if (!isLawful) this.#offend(`${kind}: ${told[kind]}, not ${expected[kind]}`);
      if (isAll && summary.aborted.length > 0) this.#offend(`aborted: ${summary.aborted}`);
    }
    if (expected.failed.length > 0 && told.failed.length === 0) this.#offend("nothing failed");
    const names = [...told.made, ...told.failed, ...told.blocked, ...summary.aborted];
    const stages = [...neededOf(this.current!.graph)].map((at) => nameOf(this.current!.graph, at));
    const missing = stages.filter((name) => !names.includes(name) && !name.startsWith("source"));
    if (missing.length > 0 || new Set(names).size < names.length)
      this.#offend(`the summary has ${names}, not ${stages}`);
  }

  /** What was stopped must not be needed any more. */
  #aborted({ hasEnded, identity, grids, isLate, given: { name } }: Call): void {
    if (hasEnded || isLate || this.#isLeft || (this.#hasFailed && !this.#keepGoing)) return;
    const outcome = this.outcomes.get(name);
    if (!outcome || outcome.state === "blocked" || !outcome.points.includes(identity)) return;
    if (this.#written.has(identity)) return;
    // One point that fails fails the grid.
    if (
      this.#isGrid(name) &&
      (outcome.state === "failed" || grids.some((grid) => grid !== this.#gridOf(name)))
    )
      return;
    this.#offend(`aborted though needed: ${identity}`);
  }

  /** Whether the revision that runs needs a call, or cannot tell before more of its inputs are known. */
  #mayBeNeeded({ given, identity }: Call): boolean {
    if (this.#isLeft || (this.#hasFailed && !this.#keepGoing)) return false;
    const outcome = this.outcomes.get(given.name);
    if (!outcome) return false;
    if (outcome.state !== "blocked" && outcome.points.includes(identity)) return true;
    const { graph } = this.current!;
    const at = Number(given.name.slice(-2));
    const { n, mod, failsAt } = graph.specs[at]!;
    const { params } = given;
    if (given.code !== graph.code || params.n !== n || params.mod !== mod || params.failsAt !== failsAt)
      return false;
    return Object.entries(given.inputs).some(([input, text]) => {
      const inner = input === "x" ? undefined : nameOf(graph, Number(input.slice(2)));
      if (inner === undefined) return true;
      const known = this.outcomes.get(inner);
      return !this.#endings.has(inner) || (known?.state === "made" && known.text === text);
    });
  }

  #offend(what: string): void {
    this.offences.push(`${this.#time.now} ms, revision ${this.#number}: ${what}`);
  }
}
