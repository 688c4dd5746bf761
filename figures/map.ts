import * as Plot from "@observablehq/plot";
import type { ColourBar } from "./colour-bar.ts";
import { binMeans } from "./series.ts";

/** Values over two axes that rise in even steps; those that are not finite count as missing. */
export interface Field {
  readonly x: ArrayLike<number>;
  readonly y: ArrayLike<number>;
  at(column: number, row: number): number;
}

/**
 * The field as it is seen at so many px: means over what falls together, so that contours stay as short as they look. A
 * rest at the ends, less than a px, is left out.
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

/** Filled contours of a field in the colours of a bar. What lies beyond the bar's ends has the colours of these. */
export function contours(field: Field, { domain: [low, high], colours }: ColourBar): Plot.Markish[] {
  const [columns, rows] = [field.x.length, field.y.length];
  if (columns < 2 || rows < 2) return [];
  const values = new Float64Array(columns * rows);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      // Missing values are drawn as nothing would be: the lowest colour.
      const value = field.at(column, row);
      values[row * columns + column] = Number.isFinite(value) ? value : low;
    }
  }
  const step = (high - low) / colours.length;
  const [[x1, x2], [y1, y2]] = [reachOf(field.x), reachOf(field.y)];
  const edges = { x1, x2, y1, y2 };
  return [
    Plot.rect([0], { ...edges, fill: colours[0]! }),
    Plot.contour(values, {
      ...{ ...edges, width: columns, height: rows, interpolate: "none", stroke: "none" },
      thresholds: colours.slice(1).map((_, k) => low + (k + 1) * step),
      value: (value: number) => value,
      fill: (contour: { value: number }) => colours[Math.round((contour.value - low) / step)],
    } as Plot.ContourOptions),
  ];
}

/** What samples cover along an axis: each stands for what is around it, half a step beyond the outermost too. */
export function reachOf(axis: ArrayLike<number>): [number, number] {
  if (axis.length < 2) return [0, 1];
  const half = (axis[1]! - axis[0]!) / 2;
  return [axis[0]! - half, axis[axis.length - 1]! + half];
}
