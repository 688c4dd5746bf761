import type { LabelledArray } from "../pipeline/index.ts";
import type { Numbers } from "../pipeline/inspect.ts";

/** A labelled array along one dimension. */
export const vector = <D extends Numbers>(dim: string, data: D, units: string): LabelledArray<D> => ({
  data,
  shape: [data.length],
  dims: [dim],
  units,
});

/** A single number as a labelled array, which has a unit. */
export const single = (value: number, units: string): LabelledArray<Float64Array> => ({
  data: Float64Array.of(value),
  shape: [],
  dims: [],
  units,
});

/** A labelled array along two dimensions, row-major. */
export const matrix = <D extends Numbers>(
  dims: readonly [string, string],
  shape: readonly [number, number],
  data: D,
  units: string,
): LabelledArray<D> => ({ data, shape, dims, units });

/** A labelled array of doubles, which most stages make. */
export type Doubles = LabelledArray<Float64Array>;
