import * as Plot from "@observablehq/plot";
import type { Axis, Chart } from "../../figures/chart.ts";
import { coarser, contours, type Field, reachOf } from "../../figures/map.ts";
import { panels } from "../../figures/panels.ts";
import { decimated, extent, padded } from "../../figures/series.ts";
import { type Look, themes } from "../../figures/theme.ts";
import type { Artifact, LabelledArray } from "../../pipeline/artifact/artifact.ts";

export type Draws = (look: Look) => string;

/**
 * An array as it is, where no figure shows it: a line over its dimension, or a map over two. Undefined for arrays of
 * other numbers of dimensions, and those with fewer than two elements along one.
 */
export function drawingOf(artifact: Artifact, name: string): Draws | undefined {
  const array = artifact.arrays[name];
  if (!array || array.shape.some((length) => length < 2)) return undefined;
  if (array.shape.length === 1) return (look) => figure(name, lineChart(artifact, name, array, look), look);
  if (array.shape.length === 2) return (look) => figure(name, mapChart(artifact, name, array, look), look);
  return undefined;
}

const figure = (name: string, chart: Chart, look: Look): string =>
  panels(
    { title: name, caption: `The array ${name}.`, rows: [{ height: 220, charts: [chart], letters: false }] },
    look,
  );

const unitOf = ({ units }: LabelledArray): string => (units === "1" || units === "" ? "" : ` (${units})`);

/** The coordinate along a dimension, or the place of each element where there is none that rises. */
function along(
  { arrays }: Artifact,
  dim: string,
  length: number,
): { label: string; values: ArrayLike<number> } {
  const coordinate = arrays[dim];
  const isRising =
    coordinate?.dims.length === 1 &&
    coordinate.data.length === length &&
    coordinate.data.every((value, k) => k === 0 || value > coordinate.data[k - 1]!);
  return isRising
    ? { label: dim + unitOf(coordinate), values: coordinate.data }
    : { label: `${dim} (number)`, values: Float64Array.from({ length }, (_, k) => k) };
}

function lineChart(artifact: Artifact, name: string, array: LabelledArray, look: Look): Chart {
  const [dim] = array.dims as [string];
  const isCoordinate = dim === name;
  const x = isCoordinate
    ? { label: `${dim} (number)`, values: Float64Array.from(array.data, (_, k) => k) }
    : along(artifact, dim, array.data.length);
  const line = decimated(x.values, array.data, look.width);
  const range = extent(array.data);
  return {
    x: { label: x.label, domain: extent(x.values) ?? [0, 1] } satisfies Axis,
    y: { label: name + unitOf(array), domain: padded(range ?? [0, 1]) },
    empty: range ? undefined : "no values",
    marks: [Plot.line(line.x, { ...line, stroke: themes[look.theme].model, strokeWidth: 1.4 })],
  };
}

/** The dimension called time, if there is one, runs to the right; else the last one. */
function mapChart(artifact: Artifact, name: string, array: LabelledArray, look: Look): Chart {
  const across = array.dims[0] === "time" ? 0 : 1;
  const down = 1 - across;
  const [x, y] = [across, down].map((axis) => along(artifact, array.dims[axis]!, array.shape[axis]!));
  const columns = array.shape[1]!;
  const isAcross = across === 1;
  const whole: Field = {
    x: x!.values,
    y: y!.values,
    at: (column, line) => Number(array.data[isAcross ? line * columns + column : column * columns + line]),
  };
  const field = coarser(whole, look.width / 2, 100);
  const domain = extent(array.data) ?? [0, 0];
  const bar = { label: name + unitOf(array), domain, colours: themes[look.theme].sequential };
  return {
    x: { label: x!.label, domain: reachOf(field.x) },
    y: { label: y!.label, domain: reachOf(field.y) },
    bar,
    empty: domain[0] < domain[1] ? undefined : "no variation",
    marks: contours(field, bar, look),
  };
}
