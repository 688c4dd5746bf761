/**
 * What the user gave cannot be used. The message is one sentence for that user: what is wrong, where (the file
 * by the name it was given under, the variable, the place), and what to do. Readers of this room throw nothing
 * else, whatever the bytes.
 */
export class BadInput extends Error {
  override readonly name = "BadInput";

  constructor(sentence: string) {
    super(/[.!?]$/.test(sentence) ? sentence : `${sentence}.`);
  }
}
