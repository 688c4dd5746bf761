/** What draws. It is loaded after the page has appeared: Plot is the largest part of it. */
export { figuresOf } from "../../figures/index.ts";
export { type Draws, drawingOf } from "./plain-figure.ts";
