import { fitLine } from "../../numerics/statistics/line-fit.ts";
import { type BentLine, bendOf } from "./bent-line.ts";
import type { Propagation } from "./propagation-settings.ts";

/** A straight line through a piece of an early-response line. */
export interface Piece {
  /** mm */
  readonly from: number;
  readonly to: number;
  readonly points: number;
  /** The number of independent points that carry the same information. */
  readonly effective: number;
  /** ms per mm, with its confidence interval; ms. NaN without enough points. */
  readonly slope: number;
  readonly slopeLow: number;
  readonly slopeHigh: number;
  readonly intercept: number;
  /** mm/s, negative towards smaller x, with its confidence interval; NaN where the slope may have either sign. */
  readonly speed: number;
  readonly low: number;
  readonly high: number;
}

/** A straight line through fewer points has no error estimate. */
export const fewestPoints = 3;

/**
 * Fits each piece of a line, with intervals of a confidence in %; also where the flanks begin, mm, if there are any.
 */
export function fitPieces(
  line: BentLine,
  pieces: Propagation["trial"]["pieces"],
  confidence: number,
): { pieces: Piece[]; apex: number | undefined } {
  if (pieces !== "flanks") {
    const fits = pieces.map(([from, to]) =>
      fitted(
        between(line, (x) => x > from && x < to),
        [from, to],
        confidence,
      ),
    );
    return { pieces: fits, apex: undefined };
  }
  const apex = bendOf(line);
  if (apex === undefined) return { pieces: [], apex };
  // The apex belongs to neither: in trials it is the stimulated pixel, which responds without conduction.
  const flanks = [between(line, (x) => x < apex), between(line, (x) => x > apex)];
  const fits = flanks
    .filter(({ x }) => x.length > 0)
    .map((flank) => fitted(flank, [flank.x[0]!, flank.x.at(-1)!], confidence));
  return { pieces: fits, apex };
}

function between({ x, t }: BentLine, isInside: (x: number) => boolean): BentLine {
  return { x: x.filter(isInside), t: t.filter((_, k) => isInside(x[k]!)) };
}

function fitted({ x, t }: BentLine, [from, to]: readonly [number, number], confidence: number): Piece {
  const points = x.length;
  const none = Number.NaN;
  if (points < fewestPoints) {
    const unknown = { slope: none, slopeLow: none, slopeHigh: none, intercept: none };
    return { from, to, points, effective: points, ...unknown, speed: none, low: none, high: none };
  }
  const { slope, intercept, effective, low, high } = fitLine(x, t, confidence / 100);
  const isKnown = low * high > 0 && high - low < Number.POSITIVE_INFINITY;
  const [speed, slowest, fastest] = isKnown ? [1e3 / slope, 1e3 / high, 1e3 / low] : [none, none, none];
  return {
    ...{ from, to, points, effective },
    ...{ slope, slopeLow: low, slopeHigh: high, intercept },
    ...{ speed, low: slowest, high: fastest },
  };
}
