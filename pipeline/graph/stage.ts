import { type Artifact, checkArtifact, type Json } from "../artifact/artifact.ts";
import { canonical } from "../artifact/canonical.ts";

/** What checks a stage's parameters and fills in defaults; a zod or valibot-like schema is one. */
export interface Schema<P> {
  /** The parameters as they count; throws, in a sentence for the user, where the value is none. */
  parse(value: unknown): P;
}

/** What a stage's `run` is given, and all that it may look at. */
export interface StageContext<P, I> {
  readonly params: P;
  readonly inputs: I;
  /** Aborted when nobody needs the result any more. */
  readonly signal: AbortSignal;
  /**
   * Says that a fraction (0 to 1) of the work is done, lets other work have the thread, and throws when the
   * stage was aborted: long loops await it between pieces of a few milliseconds.
   */
  progress(fraction: number): Promise<void>;
}

/** What a stage's `batch` is given. */
export interface BatchContext<P, I> extends Pick<StageContext<P, I>, "signal" | "progress"> {
  readonly points: readonly Pick<StageContext<P, I>, "params" | "inputs">[];
}

/** How an engine deals with a stage's executions; no part of its key, since it changes no result. */
export interface Policy {
  /**
   * How often an execution is tried again after a failure that may pass: one that the stage throws as
   * `Transient`, or the end of the thread or process that was at it. 3 unless given.
   */
  readonly retries?: number;
  /** Seconds before the first of these tries; each further pause is twice as long. 1 unless given. */
  readonly backoff?: number;
  /** Seconds after which an execution has failed; none unless given. Of a grid, for each of its chunks. */
  readonly timeLimit?: number;
}

/**
 * A stage: what is computed, as a value. `run` is pure: the same parameters and inputs give the same artifact
 * on every machine, so it reads no clock, no file and no unseeded randomness.
 */
export interface Stage<
  P = unknown,
  I extends Readonly<Record<string, Artifact>> = Readonly<Record<string, Artifact>>,
  A extends Artifact = Artifact,
> {
  /** Names the computation ("ring-trial"); executors find the stage by it. */
  readonly id: string;
  readonly params: Schema<P>;
  readonly policy?: Policy;
  /**
   * Computes the artifact. What it throws becomes a `Failure`: `BadInput` and `Transient` have kinds of
   * their own, all others are defects.
   */
  // A method, not a property: its parameter is compared bivariantly, so that stages of all types share lists.
  run(context: StageContext<P, I>): Promise<A>;
  /** What `run` gives for each of many points of a grid, in their order, where that is faster at once. */
  batch?(context: BatchContext<P, I>): Promise<readonly A[]>;
  /** Of a stage made by `lazyStage`: loads its module, and says whether that had not been done. Executors call it. */
  load?(): Promise<boolean>;
}

/** A place in the graph: a stage with parameters and inputs, under a name of its own ("ring-trial/baseline"). */
export interface StageNode<A extends Artifact = Artifact> {
  readonly kind: "stage";
  readonly name: string;
  readonly stage: Stage<unknown, Readonly<Record<string, Artifact>>, A>;
  readonly params: Json;
  readonly inputs: Readonly<Record<string, Node>>;
}

/** Where outside data enters the graph: a file's bytes, for example. Read anew at every revision. */
export interface SourceNode<A extends Artifact = Artifact> {
  readonly kind: "source";
  readonly name: string;
  /** What is outside now. */
  read(): Promise<A>;
}

/** A node of a graph: it makes an artifact of type A. */
export type Node<A extends Artifact = Artifact> = StageNode<A> | SourceNode<A>;

/**
 * Places a stage in a graph. The compiler refuses inputs whose artifacts are not what the stage takes.
 *
 * @param name the stage's id, or the id, a slash and what tells this place from others
 * @throws whatever the stage's schema throws on wrong parameters; TypeError where they are not JSON
 */
export function place<P, I extends Readonly<Record<string, Artifact>>, A extends Artifact>(
  stage: Stage<P, I, A>,
  name: string,
  params: NoInfer<P>,
  inputs: { readonly [K in keyof I]: Node<I[K]> },
): StageNode<A> {
  checkName(stage, name);
  const parsed = stage.params.parse(params) as Json;
  canonical(parsed); // throws here, where the stage is placed, rather than when it is planned
  return { kind: "stage", name, stage, params: parsed, inputs };
}

/** Throws TypeError where a place of a stage is not named as one. */
export function checkName({ id }: Stage, name: string): void {
  if (name === id || name.startsWith(`${id}/`)) return;
  throw new TypeError(`a place of stage ${id} is named ${id} or ${id}/…, not ${name}`);
}

/**
 * A source of the graph.
 *
 * @param read gives what is outside as an artifact; where it throws, all nodes that need it are blocked
 */
export function source<A extends Artifact>(name: string, read: () => Promise<A>): SourceNode<A> {
  return {
    kind: "source",
    name,
    async read() {
      const artifact = await read();
      checkArtifact(artifact);
      return artifact;
    },
  };
}

/**
 * The nodes that the targets need, themselves included, each after its inputs.
 *
 * @throws TypeError where two different nodes share a name
 */
export function ancestors(targets: readonly Node[]): Node[] {
  const ordered: Node[] = [];
  const byName = new Map<string, Node>();
  /** Whether the node is seen for the first time. */
  const enters = (node: Node): boolean => {
    const known = byName.get(node.name);
    if (known && known !== node) throw new TypeError(`two nodes of the graph are named ${node.name}`);
    byName.set(node.name, node);
    return known === undefined;
  };
  // A path of its own instead of recursion: a row of nodes may be longer than the stack is deep.
  const path: { readonly node: Node; readonly ahead: Iterator<Node> }[] = [];
  const enter = (node: Node): void => {
    if (enters(node)) path.push({ node, ahead: inputsOf(node).values() });
  };
  for (const target of targets) {
    enter(target);
    for (let step = path.at(-1); step; step = path.at(-1)) {
      const next = step.ahead.next();
      if (!next.done) enter(next.value);
      else ordered.push(path.pop()!.node);
    }
  }
  return ordered;
}

/** The nodes whose artifacts a node takes; none for a source. */
export const inputsOf = (node: Node): Node[] => (node.kind === "stage" ? Object.values(node.inputs) : []);
