import type { Artifact, Json, LabelledArray } from "../artifact/artifact.ts";
import { canonical } from "../artifact/canonical.ts";
import {
  type At,
  type Leaves,
  type Partly,
  type Path,
  valueAt,
  type Without,
  withValueAt,
} from "../artifact/parameter-paths.ts";
import { type Axis, inputAt, pointOf, sizeOf, textsOf } from "./axis.ts";

import { checkName, type Node, type Stage, type StageNode } from "./stage.ts";

/** A stage over all points of a product of axes, the last axis fastest. */
export interface GridNode<A extends Artifact = Artifact> extends StageNode<A> {
  /** What all points have in common; values along axes are left out. */
  readonly params: Json;
  /** Those that all points have in common by their names, those along an axis by axis, slash and label. */
  readonly inputs: Readonly<Record<string, Node>>;
  readonly grid: Grid;
}

/** What makes a node a grid. */
export interface Grid {
  readonly axes: readonly Axis[];
  /** How many points are computed and remembered together. */
  readonly chunk: number;
}

/** What varies in a grid: parameters by their paths, inputs by their names, where the stage names them. */
export type Axes<P, I extends Readonly<Record<string, Artifact>>> = {
  readonly [K in Path<P>]?: readonly At<P, K>[];
} & { readonly [K in keyof I as string extends K ? never : K]?: readonly Node<I[K]>[] };

/** What a grid is made of: axes, points or both, and what all points have in common. */
export interface GridOptions<P, I extends Readonly<Record<string, Artifact>>, X = unknown, Q = unknown> {
  /** A product of axes; the last one varies fastest. */
  readonly axes?: X;
  /** A list of points by the parameters that each of them sets: the first axis, named "point". */
  readonly points?: Q;
  /** Parameters that all points share: all that no axis and no point sets, as `place` takes all. */
  readonly params: Without<P, keyof X | (Q extends readonly (infer Point)[] ? Leaves<Point> : never)>;
  /** Inputs that all points share. */
  readonly inputs: { readonly [K in Exclude<keyof I, keyof X>]: Node<I[K]> };
  /** Units of the axes' values; "1" unless given. */
  readonly units?: { readonly [K in keyof X]?: string };
  /**
   * How many points are computed and remembered together: the most that a kill loses for each job. A 32nd of the grid
   * unless given, but at most 1,024, where what is spent on a chunk is a few microseconds a point.
   */
  readonly chunk?: number;
}

/** The artifact of a grid: as `grid` says. */
export type GridArtifact<A extends Artifact, X> = Artifact<
  A["arrays"] & { readonly [K in NumberKeys<A["values"]> | NumberAxes<X>]: LabelledArray<Float64Array> },
  Readonly<Record<string, Json>>
>;
type NumberKeys<V> = { [K in keyof V & string]: V[K] extends number ? K : never }[keyof V & string];
type NumberAxes<X> = { [K in keyof X & string]: X[K] extends readonly number[] ? K : never }[keyof X &
  string];

/**
 * Places a stage over many points: a product of axes, a list of points, or both. Each point is what `place` would
 * make of its parameters and inputs; finished points are remembered in chunks, so a value that is added to an
 * axis runs only its own points. The result is one artifact: every array of the points with the axes in front of
 * its own dimensions, numbers among the points' values as arrays along the axes, and the axes' coordinates.
 *
 * @param name the stage's id, or the id, a slash and what tells this place from others
 * @throws whatever the stage's schema throws on a value of an axis, found here with all other axes at their first
 *   values; values of `points` after the first are checked when they are computed; TypeError where an axis is
 *   empty, has a value twice, or is no parameter or input
 */
export function grid<
  P,
  I extends Readonly<Record<string, Artifact>>,
  A extends Artifact,
  const X extends Axes<P, I> = Record<never, never>,
  const Q extends readonly Partly<P>[] = readonly [],
>(stage: Stage<P, I, A>, name: string, options: GridOptions<P, I, X, Q>): GridNode<GridArtifact<A, X>> {
  const { params, points } = options;
  const units = (options.units ?? {}) as Readonly<Record<string, string>>;
  checkName(stage, name);
  const inputs: Record<string, Node> = { ...(options.inputs as Record<string, Node>) };
  const axes: Axis[] = [];
  const add = (name: string, of: Axis["of"], values: readonly Json[]) =>
    axes.push({ name, of, values: [...values], units: units[name] ?? "1" });
  if (points) add("point", "points", points as unknown as Json[]);
  for (const [axis, values] of Object.entries((options.axes ?? {}) as Record<string, readonly unknown[]>)) {
    if (values.length > 0 && values.every(isNode)) {
      const labels = labelsOf(values, axis);
      values.forEach((node, at) => {
        inputs[inputAt(axis, labels[at]!)] = node;
      });
      add(axis, "input", labels);
    } else add(axis, "parameter", values as readonly Json[]);
  }
  for (const axis of axes) checkAxis(axis, name);
  const { chunk = Math.min(Math.ceil(sizeOf(axes) / 32), 1024) } = options;
  if (!(Number.isSafeInteger(chunk) && chunk > 0)) throw new TypeError(`a chunk of ${chunk} points is none`);

  const first = axes.map(({ values }) => values[0] as Json);
  const given = params as Json;
  const parsed = (under: Json, row: readonly Json[]) =>
    stage.params.parse(pointOf(under, axes, row)) as unknown as Json;
  const base = withoutPoint(parsed(given, first), given, axes, first);
  canonical(base);
  axes.forEach((axis, at) => {
    if (axis.of !== "parameter") return;
    for (const value of axis.values) checked(() => parsed(base, first.with(at, value)), axis, value, name);
  });
  const gathers = stage as unknown as StageNode<GridArtifact<A, X>>["stage"];
  return { kind: "stage", name, stage: gathers, params: base, inputs, grid: { axes, chunk } };
}

/** Whether a node is a grid. */
export const isGrid = (node: Node): node is GridNode => "grid" in node;

/**
 * What nodes are called along an axis: "one" for "file/one" on the axis "file", or where all are of a stage "file"; else
 * their names.
 */
function labelsOf(nodes: readonly Node[], axis: string): string[] {
  const ids = new Set(nodes.map((node) => (node.kind === "stage" ? node.stage.id : undefined)));
  const [id] = ids.size === 1 ? ids : [];
  return nodes.map(({ name }) => {
    const prefix = [axis, id].find((each) => each !== undefined && name.startsWith(`${each}/`));
    return prefix === undefined ? name : name.slice(prefix.length + 1);
  });
}

/** Takes out of the first point's parameters what it has from the axes. */
function withoutPoint(parsed: Json, given: Json, axes: readonly Axis[], row: readonly Json[]): Json {
  const paths = axes.flatMap(({ name, of }, at) =>
    of === "parameter" ? [name] : of === "points" ? leavesOf(row[at]!) : [],
  );
  return paths.reduce<Json>((params, path) => withValueAt(params, path, valueAt(given, path)), parsed);
}

function leavesOf(value: Json, path = ""): string[] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return [path];
  return Object.entries(value).flatMap(([name, inner]) => leavesOf(inner, path ? `${path}.${name}` : name));
}

function checkAxis({ name, of, values }: Axis, grid: string): void {
  if (values.length === 0) throw new TypeError(`the axis ${name} of ${grid} has no values`);
  const seen = new Set<string>();
  for (const text of textsOf(values)) {
    if (seen.has(text)) throw new TypeError(`the axis ${name} of ${grid} has the value ${text} twice`);
    seen.add(text);
    if (of === "points" && !text.startsWith("{")) {
      throw new TypeError(`a point of ${grid} is ${text}, but must be an object of parameters`);
    }
  }
}

/** Says of which value of an axis the stage's schema complains. */
function checked(parse: () => void, axis: Axis, value: Json, grid: string): void {
  try {
    parse();
  } catch (thrown) {
    if (!(thrown instanceof Error)) throw thrown;
    thrown.message = `the axis ${axis.name} of ${grid} has the value ${canonical(value)}: ${thrown.message}`;
    throw thrown;
  }
}

const isNode = (value: unknown): value is Node =>
  typeof value === "object" && value !== null && "kind" in value && "name" in value;
