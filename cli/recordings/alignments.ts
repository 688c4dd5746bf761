import { BadInput, isError } from "../../pipeline/errors.ts";
import type { Configuration } from "../../stages/configuration.ts";
import { targetOf } from "../../stages/model/comparison/comparison.ts";
import { positions } from "../../stages/model/ring/ring.ts";
import type { Recording } from "../../stages/recording.ts";

/** What a comparison with the ring makes of a recording: times in ms, places in mm. */
export type Alignment =
  | {
      readonly t_range: readonly [number, number];
      /** When and where the response peaks, which is 0 of both axes of the comparison. */
      readonly origin: { readonly time: number; readonly space: number };
      /** The frames that are compared, in the recording's time. */
      readonly kept: { readonly from: number; readonly to: number; readonly frames: number };
      /** Units of the ring that lie within the recording, of how many. */
      readonly units: number;
      readonly pixels: number;
    }
  /** There is nothing to compare. */
  | { readonly t_range: readonly [number, number]; readonly refused: string };

/** As `residual` and `scan` align a recording under a configuration. */
export function alignmentsOf(
  recording: Recording,
  { ring, reading, residual, scan }: Configuration,
): { readonly residual: Alignment; readonly scan: Alignment } {
  const { pixels, extent } = ring;
  const under = { space: positions(pixels, extent, reading), extent };
  const alignment = ({ t_range }: { readonly t_range: readonly [number, number] }): Alignment => {
    try {
      const { origin, units } = targetOf(recording, under, t_range);
      const kept = recording.arrays.time.data.filter((t) => t > t_range[0] && t < t_range[1]);
      const frames = { from: kept[0]!, to: kept.at(-1)!, frames: kept.length };
      return { t_range, origin, kept: frames, units: units.length, pixels };
    } catch (thrown) {
      if (!isError(thrown, BadInput)) throw thrown;
      return { t_range, refused: thrown.message };
    }
  };
  return { residual: alignment(residual), scan: alignment(scan) };
}
