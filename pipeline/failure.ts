import {
  BadInput,
  type Fault,
  faultOf,
  isError,
  StoreError,
  TimeLimitExceeded,
  Transient,
  WorkerLost,
} from "./errors.ts";

/**
 * Why a stage has no result, as a value. Exceptions become one of these once, in `failureOf`; everything after
 * handles the union exhaustively.
 */
export type Failure =
  /** What the user gave (a file, a parameter) cannot be used; the message says what, where and what to do. */
  | { readonly kind: "bad-input"; readonly message: string; readonly fault?: Fault }
  /** The store could not be read or written. */
  | { readonly kind: "store"; readonly message: string; readonly fault?: Fault }
  /** What the stage said may pass had not passed after all tries. */
  | { readonly kind: "transient"; readonly message: string }
  /** The stage ran longer than its policy allows. */
  | { readonly kind: "time-limit"; readonly message: string }
  /** The thread or process that was at it came to its end, at every try. */
  | { readonly kind: "worker"; readonly message: string }
  /** The stage itself threw: a defect, told with its stack. */
  | { readonly kind: "stage"; readonly message: string; readonly stack: string };

const kinds = [
  [BadInput, "bad-input"],
  [StoreError, "store"],
  [Transient, "transient"],
  [TimeLimitExceeded, "time-limit"],
  [WorkerLost, "worker"],
] as const;

/** What was thrown, as a value; an error of any other class is a defect of the stage. */
export function failureOf(thrown: unknown): Failure {
  if (!(thrown instanceof Error)) return { kind: "stage", message: String(thrown), stack: "" };
  const { name, message, stack = "" } = thrown;
  const kind = kinds.find(([known]) => isError(thrown, known))?.[1];
  if (!kind) return { kind: "stage", message: message || name, stack };
  const fault = faultOf(thrown);
  return { kind, message, ...(fault && { fault }) };
}

/** Whether a failure may pass, so that it is worth another try. */
export const mayPass = ({ kind }: Failure): boolean => kind === "transient" || kind === "worker";
