/** Something thrown, as it crosses threads and machines: structured clone drops the names of errors that are not the language's. */
export type Thrown =
  | { readonly name: string; readonly message: string; readonly stack: string | undefined }
  | { readonly text: string };

/** What was thrown, so that it can be sent. */
export function described(thrown: unknown): Thrown {
  if (!(thrown instanceof Error)) return { text: String(thrown) };
  const { name, message, stack } = thrown;
  return { name, message, stack };
}

/** What was thrown there, to be thrown here. */
export function rebuilt(thrown: Thrown): unknown {
  if ("text" in thrown) return thrown.text;
  const { name, message, stack } = thrown;
  return Object.assign(new Error(message), { name, stack });
}
