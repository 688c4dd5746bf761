import type { Json } from "../artifact/artifact.ts";
import { canonical } from "../artifact/canonical.ts";
import { merged, withValueAt } from "../artifact/parameter-paths.ts";

/** One axis of a grid: what varies along it, and the values that it takes. */
export interface Axis {
  /** Path of a parameter, name of an input, or "point" for a list of points. */
  readonly name: string;
  readonly of: "parameter" | "points" | "input";
  /** Values of the parameter; of points the parameters that each sets; of inputs the nodes' labels. */
  readonly values: readonly Json[];
  /** Unit of the values, "1" for none. */
  readonly units: string;
}

/** Points of a grid. */
export interface Points {
  readonly axes: readonly Pick<Axis, "name" | "of">[];
  readonly rows: readonly (readonly Json[])[];
}

/** How many points a grid has. */
export const sizeOf = (axes: readonly Pick<Axis, "values">[]): number =>
  axes.reduce((product, { values }) => product * values.length, 1);

/** The values of a grid's point, one an axis. */
export function rowOf(axes: readonly Axis[], point: number): Json[] {
  const row: Json[] = new Array(axes.length);
  let rest = point;
  for (let at = axes.length - 1; at >= 0; at -= 1) {
    const { values } = axes[at]!;
    row[at] = values[rest % values.length]!;
    rest = Math.floor(rest / values.length);
  }
  return row;
}

/** The parameters of one point. */
export function pointOf(base: Json, axes: readonly Pick<Axis, "name" | "of">[], row: readonly Json[]): Json {
  let params = base;
  axes.forEach(({ name, of }, at) => {
    if (of === "parameter") params = withValueAt(params, name, row[at]!);
    else if (of === "points") params = merged(params, row[at]!);
  });
  return params;
}

/** The name under which a grid has the input that a node gives along an axis. */
export const inputAt = (axis: string, label: string): string => `${axis}/${label}`;

const texts = new WeakMap<readonly Json[], readonly string[]>();

/** The canonical texts of an axis' values. The list is not to be written to afterwards. */
export function textsOf(values: readonly Json[]): readonly string[] {
  const known = texts.get(values) ?? values.map(canonical);
  texts.set(values, known);
  return known;
}
