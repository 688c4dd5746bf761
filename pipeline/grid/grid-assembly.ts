import {
  type Artifact,
  type Dtype,
  dtypeOf,
  dtypes,
  type Json,
  type LabelledArray,
} from "../artifact/artifact.ts";
import type { Axis } from "../graph/axis.ts";
import type { PointMapping } from "./point-index.ts";

/** The dimension along which a chunk has its points. */
const POINT = "point";

/**
 * The artifacts of a chunk's points as one: arrays with the points in front of their own dimensions, numbers among
 * the values as arrays of one element a point, other values as lists. A coordinate, such as time[time], must be the
 * same for all points and stands there once.
 *
 * @throws TypeError where points have different arrays, shapes, dtypes, units or coordinates
 */
export function stackPoints(points: readonly Artifact[]): Artifact {
  const first = points[0]!;
  const arrays: Record<string, LabelledArray> = {};
  const values: Record<string, Json> = {};
  const likeness = signatureOf(first);
  for (const point of points) {
    if (signatureOf(point) !== likeness) {
      throw new TypeError(
        `all points of a grid must have the same arrays, but one has ${likeness}, another ${signatureOf(point)}`,
      );
    }
  }
  for (const [name, array] of Object.entries(first.arrays)) {
    const all = points.map((point) => point.arrays[name]!);
    if (isCoordinate(name, array)) {
      for (const other of all) checkSameCoordinate(name, array, other);
      arrays[name] = array;
    } else arrays[name] = concatenated(all);
  }
  for (const name of Object.keys(first.values)) {
    const all = points.map((point) => point.values[name]!);
    if (all.every((value) => typeof value === "number")) {
      if (name in arrays)
        throw new TypeError(`points of a grid have ${name} both as an array and as a value`);
      arrays[name] = { data: Float64Array.from(all), shape: [all.length], dims: [POINT], units: "1" };
    } else values[name] = all;
  }
  return { arrays, values };
}

/** What must be alike in artifacts that are stacked, readable. */
const signatureOf = ({ arrays, values }: Artifact): string =>
  [
    ...Object.entries(arrays).map(
      ([name, { data, dims, shape, units }]) => `${name}[${dims}: ${shape}] ${dtypeOf(data)} in ${units}`,
    ),
    ...Object.keys(values),
  ]
    .sort()
    .join(" and ");

const isCoordinate = (name: string, { dims }: LabelledArray): boolean =>
  dims.length === 1 && dims[0] === name;

function checkSameCoordinate(name: string, one: LabelledArray, other: LabelledArray): void {
  if (one.data === other.data) return;
  const isSame =
    one.data.length === other.data.length && one.data.every((value, at) => Object.is(value, other.data[at]));
  if (!isSame)
    throw new TypeError(`the coordinate ${name} differs between points of a grid: they make no one array`);
}

function concatenated(all: readonly LabelledArray[]): LabelledArray {
  const { data, shape, dims, units } = all[0]!;
  const whole = new dtypes[dtypeOf(data)](data.length * all.length);
  all.forEach((array, at) => {
    whole.set(array.data, at * data.length);
  });
  return { data: whole, shape: [all.length, ...shape], dims: [POINT, ...dims], units };
}

/**
 * Puts points of chunks into the arrays of a whole grid, in whatever order they come. What was not put yet is NaN, or 0
 * where numbers are whole.
 */
export class GridAssembler {
  readonly #axes: readonly Axis[];
  readonly #lengths: readonly number[];
  readonly #size: number;
  readonly #arrays = new Map<
    string,
    { readonly dtype: Dtype; readonly whole: LabelledArray; readonly each: number }
  >();
  readonly #shared = new Map<string, LabelledArray>();
  readonly #values = new Map<string, Json[]>();

  constructor(axes: readonly Axis[]) {
    this.#axes = axes;
    this.#lengths = axes.map(({ values }) => values.length);
    this.#size = this.#lengths.reduce((product, length) => product * length, 1);
  }

  put(chunk: Artifact, places: PointMapping): void {
    for (const [name, array] of Object.entries(chunk.arrays)) {
      if (array.dims[0] === POINT) this.#scatter(name, array, places);
      else this.#share(name, array);
    }
    for (const [name, list] of Object.entries(chunk.values)) {
      const all = this.#values.get(name) ?? new Array<Json>(this.#size).fill(null);
      this.#values.set(name, all);
      forEachMapped(places, (from, to) => {
        all[to] = (list as readonly Json[])[from]!;
      });
    }
  }

  /** The grid's artifact, as far as its points have been put. */
  whole(): Artifact {
    const arrays: Record<string, LabelledArray> = Object.fromEntries(this.#shared);
    const values: Record<string, Json> = Object.fromEntries(this.#values);
    for (const [name, { whole }] of this.#arrays) {
      if (name in values)
        throw new TypeError(`some points of a grid have a number as ${name}, some have not`);
      arrays[name] = whole;
    }
    for (const { name, values: along, units } of this.#axes) {
      if (name in arrays || name in values) {
        throw new TypeError(`the points of a grid have ${name} of their own, which is the name of an axis`);
      }
      if (along.every((value) => typeof value === "number")) {
        arrays[name] = { data: Float64Array.from(along), shape: [along.length], dims: [name], units };
      } else values[name] = along;
    }
    return { arrays, values };
  }

  #scatter(name: string, { data, shape, dims, units }: LabelledArray, places: PointMapping): void {
    const own = shape.slice(1);
    const each = own.reduce((product, length) => product * length, 1);
    const dtype = dtypeOf(data);
    let gathered = this.#arrays.get(name);
    if (!gathered) {
      const whole = {
        data: new dtypes[dtype](this.#size * each).fill(Number.NaN),
        shape: [...this.#lengths, ...own],
        dims: [...this.#axes.map((axis) => axis.name), ...dims.slice(1)],
        units,
      };
      gathered = { dtype, whole, each };
      this.#arrays.set(name, gathered);
    }
    const fits = gathered.dtype === dtype && gathered.each === each && gathered.whole.units === units;
    if (!fits) throw new TypeError(`the points of a grid have ${name} in different shapes, dtypes or units`);
    const into = gathered.whole.data;
    forEachMapped(places, (from, to) => into.set(data.subarray(from * each, (from + 1) * each), to * each));
  }

  #share(name: string, array: LabelledArray): void {
    const known = this.#shared.get(name);
    if (known) checkSameCoordinate(name, known, array);
    else this.#shared.set(name, array);
  }
}

function forEachMapped(places: PointMapping, put: (from: number, to: number) => void): void {
  for (let at = 0; at < places.length; at += 2) put(places[at]!, places[at + 1]!);
}
