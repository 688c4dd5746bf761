import type { Row } from "./panels.ts";
import type { Look } from "./theme.ts";

/**
 * A kind of figure. What it says stands beside what it shows, since a caption tells what the drawing leaves out. All is
 * pure: equal input, equal text, on every machine.
 */
export interface Picture<I> {
  readonly title: string;
  /** What one sees, with the parameters and numbers behind it. */
  caption(input: I): string;
  /** What is drawn, from top to bottom. */
  rows(input: I, look: Look): readonly Row[];
}
