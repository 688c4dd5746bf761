import { z } from "zod";
import { BadInput } from "../pipeline/errors.ts";
import type { Artifact, GridArtifact, Stage } from "../pipeline/index.ts";
import type { FixedPoint } from "./fixed-point.ts";
import { comparisonSchema, type Target, targetOf } from "./model/comparison/comparison.ts";
import { residualsOf } from "./model/comparison/residuals.ts";
import { fieldSchema, meanFieldOf } from "./model/mean-field/field.ts";
import { count } from "./model/parameters/units.ts";
import { depolarisationOf, type Ring, ringSchema } from "./model/ring/trial.ts";
import type { Coefficients } from "./model/transfer-function/transfer-function.ts";
import { linspace } from "./numerics/statistics/range.ts";
import type { Recording } from "./recording.ts";

const { v_c, l_stim, l_exc, l_inh, tau2, tau1, ...rest } = ringSchema.shape;
/** The ring's parameters that stay as they are. */
export const fixed = rest;

/** The six parameters that are inferred from a recording, in the order of the scan's axes. */
export const inferred = { v_c, l_stim, l_exc, l_inh, tau2, tau1 };

/** Two rising values of a parameter. */
function range(parameter: z.ZodDefault<z.ZodNumber>, ends: [number, number]) {
  const value = parameter.unwrap();
  return z
    .tuple([value, value])
    .refine(([low, high]) => low < high, { error: "must rise from low to high" })
    .default(ends)
    .meta({ ...value.meta(), description: `scanned: ${value.description}` });
}

/** The axes of the scan: `points` values of each parameter between the ends of its range. */
export const scanSchema = z.strictObject({
  points: count(1, 100, "values of each parameter; 1 is its lower end").default(2),
  v_c: range(v_c, [50, 600]),
  l_stim: range(l_stim, [0.2, 2]),
  l_exc: range(l_exc, [1, 7]),
  l_inh: range(l_inh, [1, 7]),
  tau2: range(tau2, [50, 200]),
  tau1: range(tau1, [5, 50]),
  t_range: comparisonSchema.shape.t_range.default([-100, 300]),
  normalisation: comparisonSchema.shape.normalisation.default("fixed"),
});

/** The range in which each parameter is sought, by scan and refinement. */
export const rangesSchema = scanSchema.omit({ points: true, t_range: true, normalisation: true });

/**
 * The values of the axes, in their order. With one point these are the lower ends.
 *
 * @throws BadInput if a range is too narrow for `points` different values
 */
export function axesOf({ points, ...ranges }: z.infer<typeof scanSchema>) {
  const values = (name: keyof typeof inferred): number[] => {
    const [low, high] = ranges[name];
    const all = [...linspace(low, high, points)];
    if (new Set(all).size < points) {
      throw new BadInput(
        `scan.${name} is [${low}, ${high}] ${units[name]}, too narrow for ${points} different values: widen it, or ` +
          "lower scan.points.",
      );
    }
    return all;
  };
  return {
    v_c: values("v_c"),
    l_stim: values("l_stim"),
    l_exc: values("l_exc"),
    l_inh: values("l_inh"),
    tau2: values("tau2"),
    tau1: values("tau1"),
  } satisfies Record<keyof z.infer<typeof rangesSchema>, number[]>;
}
export const units = { v_c: "mm/s", l_stim: "mm", l_exc: "mm", l_inh: "mm", tau2: "ms", tau1: "ms" } as const;

const params = z.strictObject({
  ...fieldSchema,
  ...inferred,
  ring: z.strictObject(fixed),
  comparison: comparisonSchema,
});
type Params = z.infer<typeof params>;

type Inputs = {
  readonly exc: Coefficients;
  readonly inh: Coefficients;
  readonly fixedPoint: FixedPoint;
  readonly recording: Recording;
};
interface Point {
  readonly params: Params;
  readonly inputs: Inputs;
}

/** One point of the scan: how far a trial of the ring is from a recording. */
export type ScanPoint = Artifact<Record<never, never>, { residual: number }>;

/** The whole scan: residual[v_c, l_stim, l_exc, l_inh, tau2, tau1, recording], its axes, and the recordings' names. */
export type Scan = GridArtifact<ScanPoint, ReturnType<typeof axesOf>>;

const scan: Stage<Params, Inputs, ScanPoint> = {
  id: "scan",
  params,
  run: async ({ params, inputs }) => pointsOf([{ params, inputs }]).next().value!,
  async batch({ points, progress }) {
    const made: ScanPoint[] = [];
    for (const point of pointsOf(points)) {
      made.push(point);
      await progress(made.length / points.length);
    }
    return made;
  },
};
export default scan;

/** Neighbours that differ only in their recordings share a trial. */
function* pointsOf(points: readonly Point[]): Generator<ScanPoint, undefined> {
  let before: Point | undefined;
  let against: ((recording: Recording) => number) | undefined;
  const targets = new Map<Recording, Target>();
  for (const point of points) {
    if (!against || !before || !sharesTrial(before, point)) {
      if (before && alignmentOf(before) !== alignmentOf(point)) targets.clear();
      against = simulate(point, targets);
    }
    before = point;
    yield { arrays: {}, values: { residual: against(point.inputs.recording) } };
  }
}

const sharesTrial = (one: Point, other: Point): boolean =>
  one.params === other.params &&
  (["exc", "inh", "fixedPoint"] as const).every((name) => one.inputs[name] === other.inputs[name]);

/** What the alignment of recordings with the ring depends on. */
const alignmentOf = ({ params: { reading, ring, comparison } }: Point): string =>
  JSON.stringify([reading, ring.pixels, ring.extent, comparison.t_range]);

/** Runs a point's trial; returns its residual against a recording. `targets` keeps aligned recordings. */
function simulate(
  { params, inputs }: Point,
  targets: Map<Recording, Target>,
): (recording: Recording) => number {
  const { v_c, l_stim, l_exc, l_inh, tau2, tau1, comparison, ...others } = params;
  const ring: Ring = { ...others.ring, v_c, l_stim, l_exc, l_inh, tau2, tau1 };
  const { time, space, deltaV } = depolarisationOf(
    { ...others, ring },
    meanFieldOf(params, inputs),
    inputs.fixedPoint,
  );
  const response = { time: time.map((t) => 1e3 * t), deltaV, pixels: ring.pixels };
  const residualAgainst = residualsOf(response, comparison.normalisation);
  return (recording) => {
    const target =
      targets.get(recording) ??
      targetOf(recording, { space, extent: ring.extent }, comparison.t_range, "scan.t_range");
    targets.set(recording, target);
    return residualAgainst(target);
  };
}
