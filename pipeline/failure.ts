/**
 * Why a stage has no result, as a value. Exceptions become one of these once, in `failureOf`; everything after
 * handles the union exhaustively.
 */
export type Failure =
  /** What the user gave (a file, a parameter) cannot be used; the message says what, where and what to do. */
  | { readonly kind: "bad-input"; readonly message: string }
  /** The store could not be read or written. */
  | { readonly kind: "store"; readonly message: string }
  /** The stage itself threw: a defect, told with its stack. */
  | { readonly kind: "stage"; readonly message: string; readonly stack: string };

/**
 * Errors cross rooms and threads by name, not by class: any room may throw an error named BadInput or
 * StoreError without importing this one.
 */
export function failureOf(thrown: unknown): Failure {
  if (!(thrown instanceof Error)) return { kind: "stage", message: String(thrown), stack: "" };
  const { name, message, stack = "" } = thrown;
  if (name === "BadInput") return { kind: "bad-input", message };
  if (name === "StoreError") return { kind: "store", message };
  return { kind: "stage", message: message || name, stack };
}

/** The store could not be read or written: disk full, no permission, damaged bytes. */
export class StoreError extends Error {
  override readonly name = "StoreError";
}
