import { z } from "zod";
import { exp, log } from "../kernels/index.ts";
import type { Artifact, Gathered, Stage } from "../pipeline/index.ts";
import { along, type Doubles, single } from "./arrays.ts";
import type { FixedPoint } from "./fixed-point.ts";
import { comparisonSchema } from "./model/comparison.ts";
import { fieldSchema, meanFieldOf } from "./model/field.ts";
import { differencesFrom } from "./model/fit.ts";
import { eachParameter, type Parameter, parameters } from "./model/parameters.ts";
import { connectivity, sameDelays } from "./model/ring.ts";
import type { Coefficients } from "./model/transfer-function.ts";
import type { Ring } from "./model/trial.ts";
import { count } from "./model/units.ts";
import { search } from "./numerics/search.ts";
import { fixed, rangesSchema, units } from "./scan.ts";
import type { Sets, Starts } from "./starts.ts";

/** How much is searched around and beyond the best points of the scan. */
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
type Parameters = Record<Parameter, number>;

type Inputs = {
  readonly exc: Coefficients;
  readonly inh: Coefficients;
  readonly fixedPoint: FixedPoint;
  readonly recording: Starts;
};

/** The parameters at which the ring comes closest to a recording. */
export type Refined = Artifact<
  Sets & {
    /** v_c is the middle of the velocities at which all delays are these whole steps, mm/s. */
    v_c_low: Doubles;
    v_c_high: Doubles;
    residual: Doubles;
    /** That of the scan's best point. */
    scan_residual: Doubles;
    /** Smallest residual after each simulation; to the end the last one where the search ended before. */
    trace: Doubles;
  },
  {
    evaluations: number;
    /** Whether nothing lower is near, rather than the search having run out of evaluations. */
    converged: boolean;
  }
>;

/**
 * The smallest residual of a recording over the six parameters of the ring within the scan's ranges; never larger
 * than the scan's own.
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
    const differencesAt = differencesFrom(inputs.recording, field, params.ring, comparison, solved);

    const starts = Array.from(arrays.residual.data, (_, start) =>
      pointOf(startOf(inputs.recording, start), ranges),
    );
    let evaluations = 0;
    const found = await search(
      async (x) => {
        await progress(evaluations / settings.evaluations);
        evaluations += 1;
        return differencesAt({ ...params.ring, ...parametersAt(x, ranges) });
      },
      {
        ...settings,
        starts: starts.slice(0, settings.evaluations),
        beyondWalls: (x) => neighbours(parametersAt(x, ranges), params).map((set) => pointOf(set, ranges)),
      },
    );

    const scanned = arrays.residual.data[0]!;
    // Rounding of the logarithms must not make a start worse than it was.
    const isBetter = found.value < scanned;
    const best = isBetter ? parametersAt(found.x, ranges) : startOf(inputs.recording, 0);
    const [low, high] = velocitiesLike({ ...params.ring, ...best }, params);
    const { trace } = found;
    const padded = Float64Array.from({ length: settings.evaluations }, (_, k) =>
      Math.min(scanned, trace[Math.min(k, trace.length - 1)]!),
    );
    const sets = { ...best, v_c: (low + high) / 2 };
    return {
      arrays: {
        ...eachParameter((name) => single(sets[name], units[name])),
        v_c_low: single(low, units.v_c),
        v_c_high: single(high, units.v_c),
        residual: single(Math.min(found.value, scanned), "1"),
        scan_residual: single(scanned, "1"),
        trace: along("evaluation", padded, "1"),
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
export type Refinement = Gathered<Refined, Record<never, never>>;

type Ranges = Params["ranges"];

/**
 * Parameters whose logarithm is a coordinate of the search: 1 ms more is much for a rise of 5 ms and little for one of
 * 50. Lengths are coordinates as they are: each next unit that connections reach is as much more, and a stimulus that
 * is much narrower than a unit is as good as one that is a little.
 */
const scales: ReadonlySet<Parameter> = new Set(["v_c", "tau2", "tau1"]);

/** Parameters at a point of the unit box, whose sides are the ranges' ends. */
function parametersAt(x: Float64Array, ranges: Ranges): Parameters {
  return eachParameter((name, k) => {
    const [low, high] = ranges[name];
    const value = scales.has(name) ? low * exp(x[k]! * log(high / low)) : low + x[k]! * (high - low);
    return Math.min(Math.max(value, low), high);
  });
}

/** The point of the box where the parameters are these. */
function pointOf(values: Parameters, ranges: Ranges): Float64Array {
  return Float64Array.from(parameters, (name) => {
    const [low, high] = ranges[name];
    const value = values[name];
    const part = scales.has(name) ? log(value / low) / log(high / low) : (value - low) / (high - low);
    return Math.min(Math.max(part, 0), 1);
  });
}

const startOf = ({ arrays }: Starts, start: number): Parameters =>
  eachParameter((name) => arrays[name].data[start]!);

/** The same set with the next velocities at which delays are others. */
function neighbours(set: Parameters, params: Params): Parameters[] {
  const [low, high] = velocitiesLike({ ...params.ring, ...set }, params);
  const [lowest, highest] = params.ranges.v_c;
  return [low * (1 - beyond), high * (1 + beyond)]
    .filter((v_c) => v_c > lowest && v_c < highest)
    .map((v_c) => ({ ...set, v_c }));
}

/** How far beyond the ends of such velocities is certainly beyond them, as a share. */
const beyond = 1e-6;

/** The velocities that give the same delays, within the range. */
function velocitiesLike(ring: Ring, { ranges, reading }: Params): [number, number] {
  const [pixel, dt] = [ring.extent / ring.pixels, ring.dt / 1e3];
  const plateaus = [ring.l_exc, ring.l_inh].map((length) =>
    sameDelays(connectivity(length, pixel, ring.v_c, dt, reading), pixel, dt),
  );
  const lows = plateaus.map(([low]) => low);
  const highs = plateaus.map(([, high]) => high);
  return [Math.max(ranges.v_c[0], ...lows), Math.min(ranges.v_c[1], ...highs)];
}
