import { BadInput } from "../../../pipeline/errors.ts";
import type { LabelledArray } from "../../../pipeline/index.ts";

/** The set of smallest residual of each recording. */
export interface BestFits {
  readonly residual: Float64Array;
  /** Where the set is along each axis, by axis: [recording]. */
  readonly at: readonly Int32Array[];
  /** How many sets share the smallest residual; the first of them, the last axis fastest, is the best. */
  readonly shared: Int32Array;
}

/**
 * Finds the best set of each recording. Residuals that are not numbers are ignored.
 *
 * @param residuals [axes…, recording]
 * @throws BadInput if a recording has no residual that is a number
 */
export function bestFits(
  { data, shape }: Pick<LabelledArray, "data" | "shape">,
  recordings: readonly string[],
): BestFits {
  const count = recordings.length;
  const lengths = shape.slice(0, -1);
  const residual = new Float64Array(count).fill(Number.POSITIVE_INFINITY);
  const best = new Float64Array(count);
  const shared = new Int32Array(count);
  data.forEach((value, k) => {
    const recording = k % count;
    if (value === residual[recording] && shared[recording]! > 0) shared[recording]! += 1;
    if (!(value < residual[recording]!)) return;
    residual[recording] = value;
    best[recording] = (k - recording) / count;
    shared[recording] = 1;
  });
  const without = shared.indexOf(0);
  if (without >= 0) throw new NoResidual(recordings[without]!);
  let faster = 1;
  const at = lengths.map(() => new Int32Array(count));
  for (let axis = lengths.length - 1; axis >= 0; axis -= 1) {
    const length = lengths[axis]!;
    at[axis]!.forEach((_, recording, places) => {
      places[recording] = Math.floor(best[recording]! / faster) % length;
    });
    faster *= length;
  }
  return { residual, at, shared };
}

class NoResidual extends BadInput {
  constructor(recording: string) {
    super(
      `No set of the scan has a finite residual against ${recording}: look at it with mesoflow recording FILE, ` +
        "leave it out of recordings, or narrow the ranges of the scan.",
    );
  }
}
