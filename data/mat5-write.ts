import { rowMajor } from "./row-major.ts";

/** What `writeMat` can write: row-major numbers of two axes or more, a line of text, or a struct of such. */
export type MatSource =
  | { readonly data: Float64Array | Float32Array; readonly shape: readonly number[] }
  | string
  | MatFields;
export interface MatFields {
  readonly [field: string]: MatSource;
}

const type = { int8: 1, int32: 5, uint32: 6, single: 7, double: 9, matrix: 14, utf16: 17 };
const arrayClass = { struct: 2, char: 4, double: 6, single: 7 };
/** Names have at most 63 characters, and a zero byte behind them. */
const nameLimit = 64;

/**
 * A MATLAB 5 MAT-file, little-endian and uncompressed. Equal variables give equal bytes: where MATLAB notes date
 * and platform, this notes neither.
 *
 * @throws TypeError if a name is none in MATLAB, or data and shape differ in size
 */
export function writeMat(variables: Readonly<Record<string, MatSource>>): Uint8Array {
  const header = new Uint8Array(128).fill(0x20, 0, 116);
  header.set(ascii("MATLAB 5.0 MAT-file, written by mesoflow"));
  header.set([0, 1, ...ascii("IM")], 124);
  return joined([header, ...Object.entries(variables).map(([name, source]) => matrix(name, source))]);
}

function matrix(name: string, source: MatSource): Uint8Array {
  if (typeof source === "string") {
    const units = Uint16Array.from({ length: source.length }, (_, index) => source.charCodeAt(index));
    return matrixOf(arrayClass.char, [1, units.length], name, element(type.utf16, bytesOf(units)));
  }
  if (isNumeric(source)) {
    const { data, shape } = source;
    const isDouble = data instanceof Float64Array;
    const numbers = element(isDouble ? type.double : type.single, bytesOf(columnMajor(data, shape)));
    return matrixOf(isDouble ? arrayClass.double : arrayClass.single, shape, name, numbers);
  }
  const fields = Object.keys(source);
  const names = fields.map((field) => joined([checkedName(field), new Uint8Array(nameLimit - field.length)]));
  return matrixOf(
    arrayClass.struct,
    [1, 1],
    name,
    element(type.int32, bytesOf(Int32Array.of(nameLimit))),
    element(type.int8, joined(names)),
    ...fields.map((field) => matrix("", source[field]!)),
  );
}

const isNumeric = (
  source: Exclude<MatSource, string>,
): source is Extract<MatSource, { readonly shape: readonly number[] }> => ArrayBuffer.isView(source.data);

function matrixOf(
  code: number,
  shape: readonly number[],
  name: string,
  ...content: Uint8Array[]
): Uint8Array {
  return element(
    type.matrix,
    joined([
      element(type.uint32, bytesOf(Uint32Array.of(code, 0))),
      element(type.int32, bytesOf(Int32Array.from(shape))),
      element(type.int8, name === "" ? new Uint8Array(0) : checkedName(name)),
      ...content,
    ]),
  );
}

/** A tag and the bytes, padded to a multiple of eight. MATLAB's short form of small elements is optional. */
function element(elementType: number, bytes: Uint8Array): Uint8Array {
  const padding = new Uint8Array((8 - (bytes.length % 8)) % 8);
  return joined([bytesOf(Uint32Array.of(elementType, bytes.length)), bytes, padding]);
}

function columnMajor<A extends Float64Array | Float32Array>(data: A, shape: readonly number[]): A {
  const count = shape.reduce((product, length) => product * length, 1);
  if (shape.length < 2 || count !== data.length) {
    throw new TypeError(`${data.length} numbers cannot be written as a MATLAB array of shape [${shape}]`);
  }
  // Row-major order of a shape is column-major order of the reversed shape.
  return rowMajor(data, shape.toReversed());
}

function checkedName(name: string): Uint8Array {
  if (!/^[A-Za-z]\w{0,62}$/.test(name)) throw new TypeError(`${JSON.stringify(name)} is no name in MATLAB`);
  return ascii(name);
}

const ascii = (text: string) => new TextEncoder().encode(text);

const bytesOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView) =>
  new Uint8Array(buffer, byteOffset, byteLength);

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let position = 0;
  for (const part of parts) {
    whole.set(part, position);
    position += part.length;
  }
  return whole;
}
