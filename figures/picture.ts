import type { Look } from "./theme.ts";

/**
 * A kind of figure. What it says stands beside how it is drawn, since a caption tells what the drawing leaves out. Both
 * are pure: equal input, equal text, on every machine.
 */
export interface Picture<I> {
  readonly title: string;
  /** What one sees, with the parameters and numbers behind it. */
  caption(input: I): string;
  /** The figure as SVG. */
  draw(input: I, look: Look): string;
}
