import { z } from "zod";
import { fitLine } from "../numerics/line-fit.ts";
import { crossingSchema } from "./crossing.ts";
import { apexOf, type Line } from "./flanks.ts";
import { interval, positive, quantity } from "./units.ts";

const piecesSchema = z
  .union([z.literal("flanks"), z.array(interval("mm", "a piece")).min(1).max(100)])
  .default("flanks")
  .meta({
    unit: "mm",
    description: "where a speed is fitted: on both sides of the earliest point, or between",
  });

/** What is below 1 % was probably meant as a fraction. */
const percent = (description: string) => quantity("%", description).min(1).max(99);

/** How early-response lines are found in recordings and in trials, and speeds in both. */
export const propagationSchema = z.strictObject({
  crossing: crossingSchema.default("interpolated"),
  confidence: quantity("%", "how often a speed's interval is to cover it").min(50).max(99.9).default(95),
  recording: z
    .strictObject({
      level: percent("the rise of a row is timed at so much of its peak").default(60),
      least: quantity("‰", "smallest peak of a row that counts as a response").min(0).default(0.4),
      before: z
        .union([z.literal("peak"), z.number()])
        .default("peak")
        .meta({ unit: "ms", description: "later rises are not fitted; peak is that of the mean over space" }),
      pieces: piecesSchema,
    })
    .prefault({}),
  trial: z
    .strictObject({
      level: percent("the rise of a pixel is timed at so much of its largest δV").default(20),
      least: percent("smallest δV of a pixel that counts, of the largest of all").default(5),
      after: positive("ms", "what is earlier is not looked at").max(10_000).default(20),
      pieces: piecesSchema,
    })
    .prefault({}),
});
export type Propagation = z.infer<typeof propagationSchema>;

/** A straight line through a piece of an early-response line. */
export interface Piece {
  /** mm */
  readonly from: number;
  readonly to: number;
  readonly points: number;
  /** How many independent points tell as much. */
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

/** A straight line through fewer points says nothing of its own error. */
export const fewestPoints = 3;

/** Fits each piece of a line, with intervals of a confidence in %; also where the flanks begin, mm, if there are any. */
export function fitPieces(
  line: Line,
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
  const apex = apexOf(line);
  if (apex === undefined) return { pieces: [], apex };
  // The earliest point belongs to neither: in trials it is the stimulated one, which waits for nobody.
  const flanks = [between(line, (x) => x < apex), between(line, (x) => x > apex)];
  const fits = flanks
    .filter(({ x }) => x.length > 0)
    .map((flank) => fitted(flank, [flank.x[0]!, flank.x.at(-1)!], confidence));
  return { pieces: fits, apex };
}

function between({ x, t }: Line, isInside: (x: number) => boolean): Line {
  return { x: x.filter(isInside), t: t.filter((_, k) => isInside(x[k]!)) };
}

function fitted({ x, t }: Line, [from, to]: readonly [number, number], confidence: number): Piece {
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
