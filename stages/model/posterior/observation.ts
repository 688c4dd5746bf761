import { BadInput } from "../../../pipeline/errors.ts";
import type { Recording } from "../../recording.ts";

/** The data of the posterior: means of a recording over blocks of rows as wide as a unit of the ring. */
export interface Observation {
  /** For each block the positions of its rows, mm. */
  readonly rows: readonly Float64Array[];
  /** Frames before the response, ‰ [block, frame]. */
  readonly baseline: Float64Array;
  /** When the frames of the response were taken, ms. */
  readonly time: Float64Array;
  /** Frames of the response, ‰ [block, frame]. */
  readonly response: Float64Array;
}

/** Fewer frames do not show how noise is correlated in time. */
const leastFrames = 8;

/**
 * Averages a recording over blocks of rows, and splits its frames into those before the response and those of the
 * response. Rows that are 0 in every frame were not measured and are left out.
 *
 * @param width of a block, mm
 * @param quiet how long from its first frame on the recording shows no response, ms
 * @param until the last time that counts, ms
 * @throws BadInput if there are too few frames or rows
 */
export function observationOf(
  { arrays }: Recording,
  width: number,
  quiet: number,
  until: number,
): Observation {
  const [time, space, vsd] = [arrays.time.data, arrays.space.data, arrays.vsd.data];
  const frames = time.length;
  const before = [...time.keys()].filter((j) => time[j]! < time[0]! + quiet);
  const during = [...time.keys()].filter((j) => time[j]! >= time[0]! + quiet && time[j]! < until);
  if (before.length < leastFrames || during.length < leastFrames) {
    throw new TooShort(before.length, during.length, quiet, until);
  }
  const measured = [...space.keys()].filter((i) =>
    vsd.subarray(i * frames, (i + 1) * frames).some((value) => value !== 0),
  );
  const extent = measured.length > 0 ? space[measured.at(-1)!]! - space[measured[0]!]! : 0;
  const count = Math.floor(extent / width);
  if (count < 2) throw new TooNarrow(extent, width);
  const first = space[measured[0]!]! + (extent - count * width) / 2;
  const blocks = Array.from({ length: count }, (_, block) =>
    measured.filter((i) => Math.floor((space[i]! - first) / width) === block),
  ).filter((rows) => rows.length > 0);
  const means = (of: readonly number[]) =>
    Float64Array.from(blocks.flatMap((rows) => of.map((j) => meanOver(rows, vsd, frames, j))));
  return {
    rows: blocks.map((rows) => Float64Array.from(rows, (i) => space[i]!)),
    baseline: means(before),
    time: Float64Array.from(during, (j) => time[j]!),
    response: means(during),
  };
}

function meanOver(rows: readonly number[], values: Float64Array, frames: number, frame: number): number {
  let sum = 0;
  for (const row of rows) sum += values[row * frames + frame]!;
  return sum / rows.length;
}

class TooShort extends BadInput {
  constructor(before: number, during: number, quiet: number, until: number) {
    super(
      `The recording has ${before} frames within posterior.baseline (${quiet} ms) of its first and ${during} from there to ` +
        `${until} ms, where at least ${leastFrames} of both are needed: change posterior.baseline or scan.t_range, ` +
        "or leave the recording out.",
    );
  }
}

class TooNarrow extends BadInput {
  constructor(extent: number, width: number) {
    super(
      `The recording covers ${extent.toFixed(2)} mm of cortex, less than two units of the ring of ${width.toFixed(2)} mm: ` +
        "raise ring.pixels, or leave the recording out.",
    );
  }
}
