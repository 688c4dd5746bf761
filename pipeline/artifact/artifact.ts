/** Plain JSON, as it stands in an artifact's values and in a stage's parameters. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** The element types an array may have; `dtypeOf` names them as NumPy does. */
export type Numbers =
  | Float64Array
  | Float32Array
  | Int32Array
  | Uint32Array
  | Int16Array
  | Uint16Array
  | Int8Array
  | Uint8Array;

/**
 * An array that says what it is, in the manner of xarray: row-major data, one name a dimension, the unit of
 * its elements ("1" for none). A one-dimensional array named like its only dimension is that dimension's
 * coordinate for all other arrays of the artifact.
 */
export interface LabelledArray<D extends Numbers = Numbers> {
  /** All elements, row by row: the last dimension varies fastest. */
  readonly data: D;
  /** Length of each dimension; none for a single number. */
  readonly shape: readonly number[];
  /** Name of each dimension. */
  readonly dims: readonly string[];
  /** Unit of the elements, "1" for none. */
  readonly units: string;
}

/** What a stage makes: named arrays and plain values. Nothing in it may depend on when or where it was made. */
export interface Artifact<
  A extends Readonly<Record<string, LabelledArray>> = Readonly<Record<string, LabelledArray>>,
  V extends Readonly<Record<string, Json>> = Readonly<Record<string, Json>>,
> {
  readonly arrays: A;
  readonly values: V;
}

/** The element types by their names. */
export const dtypes = {
  float64: Float64Array,
  float32: Float32Array,
  int32: Int32Array,
  uint32: Uint32Array,
  int16: Int16Array,
  uint16: Uint16Array,
  int8: Int8Array,
  uint8: Uint8Array,
} as const;
/** The name of an element type, as in NumPy. */
export type Dtype = keyof typeof dtypes;

/**
 * The name of an array's element type.
 *
 * @throws TypeError where it is none of `dtypes`
 */
export function dtypeOf(data: Numbers): Dtype {
  for (const [name, type] of Object.entries(dtypes)) if (data instanceof type) return name as Dtype;
  throw new TypeError(`an array of ${Object.prototype.toString.call(data)} has no dtype`);
}

/**
 * Refuses an artifact that contradicts itself, where it is made rather than where it is read.
 *
 * @throws TypeError where shape, dims and data do not agree, units are missing, or a dimension has two lengths
 */
export function checkArtifact({ arrays }: Artifact): void {
  const lengths = new Map<string, number>();
  for (const [name, { data, shape, dims, units }] of Object.entries(arrays)) {
    dtypeOf(data);
    if (typeof units !== "string") throw new TypeError(`array ${name} states no units`);
    if (shape.length !== dims.length) {
      throw new TypeError(`array ${name} has ${shape.length} axes but ${dims.length} dimension names`);
    }
    if (!shape.every((length) => Number.isSafeInteger(length) && length >= 0)) {
      throw new TypeError(`array ${name} has the shape [${shape}], but lengths are whole numbers from 0 on`);
    }
    // As in NumPy, zeros aside: or an empty array could have a shape that no other program can count.
    const extent = shape.filter((length) => length > 0).reduce((product, length) => product * length, 1);
    if (extent > Number.MAX_SAFE_INTEGER) {
      throw new TypeError(`array ${name} has the shape [${shape}], which is more than can be counted`);
    }
    const size = shape.includes(0) ? 0 : extent;
    if (size !== data.length) {
      throw new TypeError(`array ${name} of shape [${shape}] needs ${size} elements, it has ${data.length}`);
    }
    dims.forEach((dim, axis) => {
      const length = lengths.get(dim) ?? shape[axis]!;
      lengths.set(dim, length);
      if (length !== shape[axis]) {
        throw new TypeError(
          `array ${name} has ${shape[axis]} along ${dim}, another array of the artifact ${length}`,
        );
      }
    });
  }
}
