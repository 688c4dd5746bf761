import type { Artifact } from "../../../pipeline/index.ts";
import { type Doubles, vector } from "../../labelled-arrays.ts";
import { fewestEffective } from "../../numerics/statistics/line-fit.ts";
import { fewestPoints, type Piece } from "./propagation.ts";

/**
 * An early-response line and the speeds along it. `crossing` is NaN where a row has none; arrays along `piece` are as
 * in `Piece`.
 */
export type PropagationArtifact = Artifact<
  {
    space: Doubles;
    crossing: Doubles;
    from: Doubles;
    to: Doubles;
    points: Doubles;
    effective: Doubles;
    slope: Doubles;
    slope_low: Doubles;
    slope_high: Doubles;
    intercept: Doubles;
    speed: Doubles;
    speed_low: Doubles;
    speed_high: Doubles;
  },
  { line: string; speeds: readonly string[]; apex: number | null }
>;

/** @param line a sentence about the line as a whole */
export function propagationArtifact(
  space: Float64Array,
  crossing: Float64Array,
  line: string,
  { pieces, apex }: { pieces: readonly Piece[]; apex: number | undefined },
): PropagationArtifact {
  const column = (units: string, of: (piece: Piece) => number): Doubles => ({
    ...vector("piece", Float64Array.from(pieces, of), units),
  });
  return {
    arrays: {
      space: vector("space", space, "mm"),
      crossing: vector("space", crossing, "ms"),
      from: column("mm", ({ from }) => from),
      to: column("mm", ({ to }) => to),
      points: column("1", ({ points }) => points),
      effective: column("1", ({ effective }) => effective),
      slope: column("ms/mm", ({ slope }) => slope),
      slope_low: column("ms/mm", ({ slopeLow }) => slopeLow),
      slope_high: column("ms/mm", ({ slopeHigh }) => slopeHigh),
      intercept: column("ms", ({ intercept }) => intercept),
      speed: column("mm/s", ({ speed }) => speed),
      speed_low: column("mm/s", ({ low }) => low),
      speed_high: column("mm/s", ({ high }) => high),
    },
    values: { line, speeds: pieces.map(sentence), apex: apex ?? null },
  };
}

/** "0 to 6.34 mm, 112 points: 311 mm/s towards smaller x (266 to 374)" */
function sentence(piece: Piece): string {
  const { from, to, points, speed, low, high, slopeLow, slopeHigh } = piece;
  const where = `${rounded(from)} to ${rounded(to)} mm, ${points} points`;
  if (points < fewestPoints) return `${where}: no speed, which takes ${fewestPoints} points at least`;
  if (!Number.isNaN(speed)) {
    const [slow, fast] = speed > 0 ? [low, high] : [-high, -low];
    const direction = speed > 0 ? "larger" : "smaller";
    return `${where}: ${rounded(Math.abs(speed))} mm/s towards ${direction} x (${rounded(slow)} to ${rounded(fast)})`;
  }
  const steepest = Math.max(-slopeLow, slopeHigh);
  return steepest < Number.POSITIVE_INFINITY
    ? `${where}: not determined; either way, faster than ${rounded(1e3 / steepest)} mm/s`
    : `${where}: not determined; independent points: ${rounded(piece.effective)} at most, where ${fewestEffective} are needed`;
}

/** Three significant digits, or all before the point. */
export function rounded(value: number): string {
  return String(Math.abs(value) >= 100 ? Math.round(value) : Number(value.toPrecision(3)));
}
