import { z } from "zod";
import type { Artifact, GridArtifact, Stage } from "../pipeline/index.ts";
import type { FixedPoint } from "./fixed-point.ts";
import { type Doubles, single, vector } from "./labelled-arrays.ts";
import { comparisonSchema } from "./model/comparison/comparison.ts";
import { fieldSchema, meanFieldOf } from "./model/mean-field/field.ts";
import { eachParameter } from "./model/parameters/parameters.ts";
import { count } from "./model/parameters/units.ts";
import { positions } from "./model/ring/ring.ts";
import type { Coefficients } from "./model/transfer-function/transfer-function.ts";
import { Coordinates, type Parameters } from "./refinement/coordinates.ts";
import { objectiveOf, velocitiesLike } from "./refinement/objective.ts";
import { search } from "./refinement/search.ts";
import { fixed, rangesSchema, units } from "./scan.ts";
import type { Sets, Starts } from "./starts.ts";

/** How far the search goes. */
export const refinementSchema = z.strictObject({
  evaluations: count(20, 100_000, "simulations of the ring for each recording").default(1000),
  starts: count(1, 100, "best points of the scan to begin at").default(3),
  seed: count(0, 4_294_967_295, "seed of the search").default(1),
});

const params = z.strictObject({
  ...fieldSchema,
  ring: z.strictObject(fixed),
  ranges: rangesSchema,
  comparison: comparisonSchema,
  refinement: refinementSchema.omit({ starts: true }),
});
type Params = z.infer<typeof params>;

type Inputs = {
  readonly exc: Coefficients;
  readonly inh: Coefficients;
  readonly fixedPoint: FixedPoint;
  readonly recording: Starts;
};

/** The parameters at which the ring comes closest to a recording. */
export type Refined = Artifact<
  Sets & {
    /** Velocities between these have the same delays in whole steps, mm/s; v_c is their middle. */
    v_c_low: Doubles;
    v_c_high: Doubles;
    residual: Doubles;
    /** That of the scan's best point. */
    scan_residual: Doubles;
    /** Smallest residual after each simulation; filled up with the last one if the search ended early. */
    trace: Doubles;
  },
  {
    evaluations: number;
    /** Whether the search found nothing lower, rather than running out of evaluations. */
    converged: boolean;
  }
>;

/**
 * The smallest residual of a recording over the six parameters of the ring within the scan's ranges. It is never larger
 * than the scan's.
 */
const refinement: Stage<Params, Inputs, Refined> = {
  id: "refinement",
  params,
  async run({ params, inputs, progress }) {
    const { ranges, comparison, refinement: settings } = params;
    const { arrays } = inputs.recording;
    const field = {
      cells: params.cells,
      network: params.network,
      reading: params.reading,
      mean_field: params.mean_field,
    };
    const solved = { field: meanFieldOf(field, inputs), fixedPoint: inputs.fixedPoint };
    const { ring } = params;
    const space = positions(ring.pixels, ring.extent, field.reading);
    const coordinates = new Coordinates(ranges, space[1]! - space[0]!);
    const objective = objectiveOf(inputs.recording, {
      ...{ field, ring, ranges, coordinates, comparison, solved },
    });
    const starts = Array.from(arrays.residual.data, (_, start) =>
      coordinates.pointOf(startOf(inputs.recording, start)),
    );
    const found = await search(objective, {
      ...settings,
      starts: starts.slice(0, settings.evaluations),
      progress: (evaluations) => progress(evaluations / settings.evaluations),
    });

    const scanned = arrays.residual.data[0]!;
    // Rounding of the logarithms must not make a start worse.
    const isBetter = found.value < scanned;
    const best = isBetter ? coordinates.parametersAt(found.x) : startOf(inputs.recording, 0);
    const like = velocitiesLike({ ...params.ring, ...best }, params.reading);
    const [low, high] = [Math.max(ranges.v_c[0], like[0]), Math.min(ranges.v_c[1], like[1])];
    const { trace } = found;
    const padded = Float64Array.from({ length: settings.evaluations }, (_, k) =>
      Math.min(scanned, trace[Math.min(k, trace.length - 1)]!),
    );
    // Rounding may give the middle other delays; then the velocity stays as it is.
    const middle = velocitiesLike({ ...params.ring, ...best, v_c: (low + high) / 2 }, params.reading);
    const isLike = middle[0] === like[0] && middle[1] === like[1];
    const sets = { ...best, v_c: isLike ? (low + high) / 2 : best.v_c };
    return {
      arrays: {
        ...eachParameter((name) => single(sets[name], units[name])),
        v_c_low: single(low, units.v_c),
        v_c_high: single(high, units.v_c),
        residual: single(Math.min(found.value, scanned), "1"),
        scan_residual: single(scanned, "1"),
        trace: vector("evaluation", padded, "1"),
      },
      values: {
        evaluations: trace.length,
        converged: isBetter && found.converged,
      },
    };
  },
};
export default refinement;

/** Of all recordings: arrays along [recording]. */
export type Refinement = GridArtifact<Refined, Record<never, never>>;

const startOf = ({ arrays }: Starts, start: number): Parameters =>
  eachParameter((name) => arrays[name].data[start]!);
