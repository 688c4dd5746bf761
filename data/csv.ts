/** A cell of a table; undefined where there is nothing. */
export type Cell = number | string | undefined;

export interface Table {
  readonly header: readonly string[];
  /** Each valid until the next is asked for. */
  readonly rows: Iterable<readonly Cell[]>;
}

/** Row-major numbers with a name for each dimension. */
export interface DimensionedArray {
  readonly data: ArrayLike<number>;
  readonly shape: readonly number[];
  readonly dims: readonly string[];
}

/** A table as RFC 4180 wants it: CRLF, quotes where needed; numbers in their shortest exact form. */
export function encodeCsv({ header, rows }: Table): string {
  let csv = lineOf(header);
  for (const row of rows) csv += lineOf(row);
  return csv;
}

function lineOf(row: readonly Cell[]): string {
  let line = "";
  for (let k = 0; k < row.length; k++) line += k === 0 ? text(row[k]) : `,${text(row[k])}`;
  return `${line}\r\n`;
}

function text(cell: Cell): string {
  if (cell === undefined) return "";
  if (typeof cell === "number") return Object.is(cell, -0) ? "-0" : String(cell);
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

/**
 * Lays arrays of any dimensions out as one tidy table.
 *
 * Columns: one an array, in the order given. A dimension without a coordinate (a one-dimensional array of the
 * dimension's name) gets a column of indices from 0, before the first array that has this dimension.
 *
 * Rows: a block for each set of dimensions that some array has, sets with more dimensions first, then in order
 * of appearance. A block has a row for each place of its dimensions, the last of them running fastest; filled in
 * are the arrays of this set and the coordinates of its dimensions, all other cells stay blank. Numbers without
 * dimensions make a block of one row. A coordinate shown with other arrays has no block of its own. A dimension
 * that an array has twice counts as another one the second time.
 *
 * time[time], space[space], V[time, space] and n[] give the header time,space,V,n, a row for each time and
 * place, and a last row with n alone.
 */
export function tableOf(arrays: Readonly<Record<string, DimensionedArray>>): Table {
  const columns = columnsOf(arrays);
  const blocks = blocksOf(columns);
  const rows = {
    *[Symbol.iterator]() {
      for (const block of blocks) yield* rowsOf(block, columns);
    },
  };
  return { header: columns.map(({ name }) => name), rows };
}

interface Column extends DimensionedArray {
  readonly name: string;
  /** Whether it says where along its one dimension the others' numbers lie. */
  readonly isCoordinate: boolean;
}

interface Block {
  readonly dims: readonly string[];
  readonly shape: readonly number[];
}

function columnsOf(arrays: Readonly<Record<string, DimensionedArray>>): Column[] {
  const isCoordinate = (name: string) => arrays[name]?.dims.length === 1 && arrays[name].dims[0] === name;
  const columns: Column[] = [];
  const indexed = new Set<string>();
  for (const [name, array] of Object.entries(arrays)) {
    const dims = array.dims.map((dim, axis) => (array.dims.indexOf(dim) < axis ? `${dim}_${axis}` : dim));
    dims.forEach((dim, axis) => {
      if (isCoordinate(dim) || indexed.has(dim)) return;
      indexed.add(dim);
      const length = array.shape[axis]!;
      columns.push({
        name: Object.hasOwn(arrays, dim) ? `${dim}_index` : dim,
        data: Array.from({ length }, (_, index) => index),
        shape: [length],
        dims: [dim],
        isCoordinate: true,
      });
    });
    columns.push({ ...array, dims, name, isCoordinate: isCoordinate(name) });
  }
  return columns;
}

const setOf = (dims: readonly string[]) => JSON.stringify(dims.toSorted());

function blocksOf(columns: readonly Column[]): Block[] {
  const shown = new Set(columns.flatMap(({ isCoordinate, dims }) => (isCoordinate ? [] : dims)));
  const blocks = new Map<string, Block>();
  for (const { isCoordinate, dims, shape } of columns) {
    const set = setOf(dims);
    if (blocks.has(set) || (isCoordinate && shown.has(dims[0]!))) continue;
    blocks.set(set, { dims, shape });
  }
  return [...blocks.values()].sort((a, b) => b.dims.length - a.dims.length);
}

/** Rows one after the other in the same list: tables may be long. */
function* rowsOf({ dims, shape }: Block, columns: readonly Column[]): Generator<Cell[]> {
  const filled = columns.flatMap((column, position) => {
    const isShown = column.isCoordinate ? dims.includes(column.dims[0]!) : setOf(column.dims) === setOf(dims);
    if (!isShown) return [];
    const strides = dims.map((dim) => strideOf(column, dim));
    return [{ position, data: column.data, strides }];
  });
  const index = shape.map(() => 0);
  const row: Cell[] = Array(columns.length).fill(undefined);
  for (let left = sizeOf(shape); left > 0; left--) {
    for (const { position, data, strides } of filled) {
      let offset = 0;
      for (let axis = 0; axis < strides.length; axis++) offset += strides[axis]! * index[axis]!;
      row[position] = data[offset];
    }
    yield row;
    advance(index, shape);
  }
}

const sizeOf = (shape: readonly number[]) => shape.reduce((size, length) => size * length, 1);

/** How far apart an array's numbers are along a dimension; 0 where it does not have it. */
function strideOf({ dims, shape }: DimensionedArray, dim: string): number {
  const axis = dims.indexOf(dim);
  return axis < 0 ? 0 : sizeOf(shape.slice(axis + 1));
}

/** Moves an index to the next place in row-major order. */
function advance(index: number[], shape: readonly number[]): void {
  for (let axis = shape.length - 1; axis >= 0 && ++index[axis]! === shape[axis]; axis--) index[axis] = 0;
}
