import { classNamed, type Fault, faultOf, nameOf } from "../errors.ts";

/** Something thrown, as it crosses threads and machines: structured clone drops the classes of errors that are not the language's. */
export type SerializedError = ThrownError | { readonly text: string };

/** An error as it crosses: of a class of errors.ts by the name of that class. */
export interface ThrownError {
  readonly name: string;
  readonly message: string;
  readonly stack: string | undefined;
  readonly fault?: Fault;
}

/** What was thrown, so that it can be sent. */
export const serializeError = (thrown: unknown): SerializedError =>
  thrown instanceof Error ? describedError(thrown) : { text: String(thrown) };

/** The same of an error. */
export function describedError(error: Error): ThrownError {
  const { message, stack } = error;
  const fault = faultOf(error);
  return { name: nameOf(error), message, stack, ...(fault && { fault }) };
}

/** What was thrown there, to be thrown here: an error of the same class, where that is one of errors.ts. */
export const deserializeError = (thrown: SerializedError): unknown =>
  "text" in thrown ? thrown.text : rebuiltError(thrown);

/** The same of an error. Its constructor does not run: the message is what that has made already. */
export function rebuiltError({ message, ...own }: ThrownError, options?: ErrorOptions): Error {
  const error = Object.assign(new Error(message, options), own);
  const known = classNamed(own.name);
  return known ? Object.setPrototypeOf(error, known.prototype) : error;
}
