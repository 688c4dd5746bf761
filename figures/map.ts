import * as Plot from "@observablehq/plot";
import type { ColourBar } from "./colour-bar.ts";
import { binMeans } from "./series.ts";
import { type Look, themes } from "./theme.ts";

/** Values over two axes that rise in even steps; those that are not finite count as missing. */
export interface Field {
  readonly x: ArrayLike<number>;
  readonly y: ArrayLike<number>;
  at(column: number, row: number): number;
}

/**
 * The field at the resolution of the figure: means over the values in a px, so contours are no longer than they look. A
 * rest of less than a px at the ends is left out.
 */
export function coarser(field: Field, columns: number, rows: number): Field {
  const [across, down] = [stepOf(field.x.length, columns), stepOf(field.y.length, rows)];
  if (across === 1 && down === 1) return field;
  return {
    x: binMeans(field.x, across),
    y: binMeans(field.y, down),
    at(column, row) {
      let [sum, count] = [0, 0];
      for (let j = row * down; j < (row + 1) * down; j++) {
        for (let i = column * across; i < (column + 1) * across; i++) {
          const value = field.at(i, j);
          if (Number.isFinite(value)) [sum, count] = [sum + value, count + 1];
        }
      }
      return sum / count;
    },
  };
}

const stepOf = (length: number, most: number): number => Math.max(1, Math.ceil(length / Math.max(most, 1)));

/** Filled contours of a field in the colours of a bar; missing values have no colour. */
export function contours(
  field: Field,
  { domain: [low, high], colours }: ColourBar,
  look: Look,
): Plot.Markish[] {
  const [columns, rows] = [field.x.length, field.y.length];
  if (columns < 2 || rows < 2) return [];
  const values = Float64Array.from({ length: columns * rows }, (_, k) =>
    field.at(k % columns, Math.floor(k / columns)),
  );
  const step = (high - low) / colours.length;
  const [[x1, x2], [y1, y2]] = [reachOf(field.x), reachOf(field.y)];
  const edges = { x1, x2, y1, y2 };
  return [
    Plot.rect([0], { ...edges, fill: colours[0]! }),
    Plot.contour(values, {
      ...{ ...edges, width: columns, height: rows, interpolate: "none", stroke: "none" },
      thresholds: colours.slice(1).map((_, k) => low + (k + 1) * step),
      value: (value: number) => (Number.isFinite(value) ? value : low),
      fill: (contour: { value: number }) => colours[Math.round((contour.value - low) / step)],
    } as Plot.ContourOptions),
    Plot.rect(missing(values, field), { ...sides, fill: themes[look.theme].faint }),
  ];
}

const sides = { x1: "x1", x2: "x2", y1: "y1", y2: "y2" };

/** Rectangles around values that are not finite, one for each run of neighbours in a row. */
function missing(
  values: Float64Array,
  { x, y }: Field,
): { x1: number; x2: number; y1: number; y2: number }[] {
  const [left, below] = [reachOf(x)[0], reachOf(y)[0]];
  const [width, height] = [x[1]! - x[0]!, y[1]! - y[0]!];
  const found: { x1: number; x2: number; y1: number; y2: number }[] = [];
  for (let k = 0; k < values.length; k++) {
    if (Number.isFinite(values[k]!)) continue;
    const [column, row] = [k % x.length, Math.floor(k / x.length)];
    const x1 = left + column * width;
    const y1 = below + row * height;
    const continues = column > 0 && !Number.isFinite(values[k - 1]!);
    if (continues) found.at(-1)!.x2 = x1 + width;
    else found.push({ x1, x2: x1 + width, y1, y2: y1 + height });
  }
  return found;
}

/** The interval that samples cover along an axis, half a step beyond the outermost on both sides. */
export function reachOf(axis: ArrayLike<number>): [number, number] {
  if (axis.length < 2) return [0, 1];
  const half = (axis[1]! - axis[0]!) / 2;
  return [axis[0]! - half, axis[axis.length - 1]! + half];
}
