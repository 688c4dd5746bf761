import type { Row } from "./panels.ts";
import type { Look } from "./theme.ts";

/**
 * A kind of figure. Caption and drawing stand side by side here, because the caption says what the drawing leaves out.
 * All functions are pure: equal input gives equal text on every machine.
 */
export interface FigureKind<I> {
  readonly title: string;
  /** The caption, with the parameters and numbers behind the drawing. */
  caption(input: I): string;
  /** The rows of the drawing, from top to bottom. */
  rows(input: I, look: Look): readonly Row[];
}
