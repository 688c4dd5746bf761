/**
 * Why a stage has no result, as a value. Exceptions become one of these once, in `failureOf`; everything after
 * handles the union exhaustively.
 */
export type Failure =
  /** What the user gave (a file, a parameter) cannot be used; the message says what, where and what to do. */
  | { readonly kind: "bad-input"; readonly message: string }
  /** The store could not be read or written. */
  | { readonly kind: "store"; readonly message: string }
  /** What the stage said may pass had not passed after all tries. */
  | { readonly kind: "transient"; readonly message: string }
  /** The stage ran longer than its policy allows. */
  | { readonly kind: "time-limit"; readonly message: string }
  /** The thread or process that was at it came to its end, at every try. */
  | { readonly kind: "worker"; readonly message: string }
  /** The stage itself threw: a defect, told with its stack. */
  | { readonly kind: "stage"; readonly message: string; readonly stack: string };

/**
 * Errors cross rooms and threads by name, not by class: any room may throw an error with one of these names
 * without importing this one.
 */
const kinds = {
  BadInput: "bad-input",
  StoreError: "store",
  Transient: "transient",
  TimeLimit: "time-limit",
  WorkerLost: "worker",
} as const satisfies Readonly<Record<string, Failure["kind"]>>;

/** What was thrown, as a value; what has no name of its own is a defect of the stage. */
export function failureOf(thrown: unknown): Failure {
  if (!(thrown instanceof Error)) return { kind: "stage", message: String(thrown), stack: "" };
  const { name, message, stack = "" } = thrown;
  if (Object.hasOwn(kinds, name)) return { kind: kinds[name as keyof typeof kinds], message };
  return { kind: "stage", message: message || name, stack };
}

/** Whether a failure may pass, so that it is worth another try. */
export const mayPass = ({ kind }: Failure): boolean => kind === "transient" || kind === "worker";

/** The store could not be read or written: disk full, no permission, damaged bytes. */
export class StoreError extends Error {
  override readonly name = "StoreError";
}

/** A stage throws it where the failure may pass, as when a service does not answer: it is tried again. */
export class Transient extends Error {
  override readonly name = "Transient";
}

/** A stage ran longer than its policy allows. */
export class TimeLimit extends Error {
  override readonly name = "TimeLimit";

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
export class OtherCode extends Error {
  override readonly name = "OtherCode";

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
export class NoThread extends Error {
  override readonly name = "NoThread";
}
