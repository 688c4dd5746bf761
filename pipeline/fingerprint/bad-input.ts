/** An error named BadInput, with one sentence a line. */
export const badInput = (sentences: readonly string[]): Error =>
  Object.assign(new Error(sentences.map((text) => (/[.!?]$/.test(text) ? text : `${text}.`)).join("\n")), {
    name: "BadInput",
  });
