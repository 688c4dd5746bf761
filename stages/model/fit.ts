import type { FixedPoint } from "../fixed-point.ts";
import type { Recording } from "../recording.ts";
import { modelOf, type Normalisation, targetOf } from "./comparison.ts";
import type { FieldParameters } from "./field.ts";
import type { MeanField } from "./mean-field.ts";
import { positions } from "./ring.ts";
import { depolarisationOf, type Ring } from "./trial.ts";

/**
 * How trials of a ring differ from a recording: data − model at every position and time, whose squares the residual
 * sums in this order.
 *
 * @param ring any ring of the same geometry
 * @throws BadInput where recording and ring have nothing to compare
 */
export function differencesFrom(
  recording: Recording,
  params: FieldParameters,
  ring: Pick<Ring, "pixels" | "extent">,
  comparison: { readonly t_range: readonly [number, number]; readonly normalisation: Normalisation },
  { field, fixedPoint }: { readonly field: MeanField; readonly fixedPoint: FixedPoint },
): (ring: Ring) => Float64Array {
  const { pixels, extent } = ring;
  const space = positions(pixels, extent, params.reading);
  const target = targetOf(recording, { space, extent }, comparison.t_range);
  return (ring) => {
    const { time, deltaV } = depolarisationOf({ ...params, ring }, field, fixedPoint);
    const response = { time: time.map((t) => 1e3 * t), deltaV, pixels };
    const model = modelOf(target, response, comparison.normalisation);
    return target.data.map((value, k) => value - model[k]!);
  };
}
