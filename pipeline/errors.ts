/** All errors that the framework throws or that it tells from defects of a stage. `failure.ts` makes values of them. */

/**
 * What the user gave cannot be used. The message is one sentence for that user: what is wrong, where (the file
 * by the name it was given under, the variable, the place), and what to do. Stages and sources throw it.
 */
export class BadInput extends Error {
  override readonly name = "BadInput";

  /** The sentence gets a full stop where it has none. */
  constructor(sentence: string) {
    super(/[.!?]$/.test(sentence) ? sentence : `${sentence}.`);
  }
}

/** One error for several faults, a line each. */
export const badInputOf = (sentences: readonly string[]): BadInput =>
  new BadInput(sentences.map((sentence) => new BadInput(sentence).message).join("\n"));

/** What a failure is about, for programs that tell their users what to do: the framework knows none of their options. */
export type Fault =
  /** The folder of a store. */
  | {
      readonly what: "cache" | "content";
      readonly folder: string;
      /** `unusable`: the system refuses it; `newer`: a newer version wrote it. */
      readonly reason: "unusable" | "full" | "newer" | "damaged";
    }
  /** An entry of a store that cannot be read. */
  | { readonly what: "entry" }
  /** An artifact that a store should have; `stage` made it. */
  | { readonly what: "artifact"; readonly content: string; readonly stage?: string }
  /** What machines exchange by way of Redis; `forgotten`: its room is too small for what is needed at a time. */
  | { readonly what: "exchange"; readonly reason: "refused" | "too-large" | "forgotten" }
  /** The Redis that jobs go through; `unused`: no worker takes any, `shares-elsewhere`: by another content store. */
  | {
      readonly what: "executor";
      readonly reason:
        | "unreachable"
        | "unauthorised"
        | "full"
        | "untrusted"
        | "no-tls"
        | "unusable"
        | "unused"
        | "shares-elsewhere";
    };

/** The fault that an error tells of, also of another copy of the package. */
export const faultOf = (error: Error): Fault | undefined =>
  "fault" in error ? (error.fault as Fault | undefined) : undefined;

/** The store could not be read or written: disk full, no permission, damaged bytes. */
export class StoreError extends Error {
  override readonly name = "StoreError";
  readonly fault: Fault | undefined;

  /** The fault is for programs; the message says it to people. */
  constructor(
    message: string,
    { fault, ...options }: ErrorOptions & { readonly fault?: Fault | undefined } = {},
  ) {
    super(message, options);
    this.fault = fault;
  }
}

/** The Redis that jobs go through cannot be used. */
export class BadExecutor extends BadInput {
  readonly fault: Fault;

  /** The fault is for programs; the sentence says it to people. */
  constructor(sentence: string, reason: Extract<Fault, { what: "executor" }>["reason"]) {
    super(sentence);
    this.fault = { what: "executor", reason };
  }
}

/** A stage throws it where the failure may pass, as when a service does not answer: it is tried again. */
export class Transient extends Error {
  override readonly name = "Transient";
}

/** A stage ran longer than its policy allows. */
export class TimeLimitExceeded extends Error {
  override readonly name = "TimeLimitExceeded";

  /** The limit, in seconds, is told in the message. */
  constructor(seconds: number) {
    super(`it ran for longer than its time limit of ${seconds} s`);
  }
}

/** The thread or process that ran a stage is gone. */
export class WorkerLost extends Error {
  override readonly name = "WorkerLost";
}

/** A thread has loaded other code than a job was planned with: files have changed between the two. */
export class CodeMismatch extends Error {
  override readonly name = "CodeMismatch";

  /**
   * Says so of one stage.
   *
   * @param stage the name of its place in the graph
   */
  constructor(stage: string) {
    super(`the code of ${stage} has changed since it was planned; run again`);
  }
}

/** The module that threads are to load cannot be loaded, or is no worker. */
export class WorkerModuleError extends Error {
  override readonly name = "WorkerModuleError";
}

/** A depot does not have what was asked of it. */
export class Missing extends Error {
  override readonly name = "Missing";
  /** The hash that was asked for: that of a text, or an artifact's content. */
  readonly hash: string;

  /** Of the hash that was asked for. */
  constructor(hash: string) {
    super(`the content store does not have ${hash}`);
    this.hash = hash;
  }
}

/** A worker cannot go on: what it computes has nowhere to go. */
export class Unfit extends Error {
  override readonly name = "Unfit";
  readonly fault: Fault | undefined;

  /** Because of this error of its store. */
  constructor(cause: StoreError) {
    super(cause.message, { cause });
    this.fault = faultOf(cause);
  }
}

/** By the names under which they cross threads, processes and Redis. */
const classes = {
  BadInput,
  StoreError,
  Transient,
  TimeLimitExceeded,
  WorkerLost,
  CodeMismatch,
  WorkerModuleError,
  Missing,
  Unfit,
} as const;

/** One of the classes of this module. */
export type ErrorClass = (typeof classes)[keyof typeof classes];

/** The class of this name, where there is one. */
export const classNamed = (name: string): ErrorClass | undefined =>
  Object.hasOwn(classes, name) ? classes[name as keyof typeof classes] : undefined;

/**
 * The name of an error's class in this module, else the error's own. A stage's package may bring another copy of
 * mesoflow, whose classes are not those of this copy; its errors are recognised by that name, which all copies share.
 */
export const nameOf = (error: Error): string =>
  Object.entries(classes).find(([, known]) => error instanceof known)?.[0] ?? error.name;

/** The class of this module that something thrown is an error of, if it is one; also of another copy of the package. */
export const classOf = (thrown: unknown): ErrorClass | undefined =>
  thrown instanceof Error ? classNamed(nameOf(thrown)) : undefined;

/** Whether something thrown is an error of a class of this module; also of another copy of the package. */
export const isError = <C extends ErrorClass>(thrown: unknown, kind: C): thrown is InstanceType<C> =>
  classOf(thrown) === kind;
