import { BadInput } from "../pipeline/errors.ts";
import type { Numbers } from "./numbers.ts";
import { rowMajor } from "./row-major.ts";

/** NumPy's names of the element types that arrays here may have. */
const types = {
  "<f8": Float64Array,
  "<f4": Float32Array,
  "<i4": Int32Array,
  "<u4": Uint32Array,
  "<i2": Int16Array,
  "<u2": Uint16Array,
  "|i1": Int8Array,
  "|u1": Uint8Array,
} as const;

/** Integers of 64 bits are read as doubles, as far as these hold them. */
const wide = { "<i8": BigInt64Array, "<u8": BigUint64Array } as const;

/** Row-major numbers with the lengths of their axes; no axes mean a single number. */
export interface PlainArray {
  readonly data: Numbers;
  readonly shape: readonly number[];
}

const magic = [0x93, ...Buffer.from("NUMPY")];

/**
 * An array as a file of NumPy's format 1.0, little-endian, C order.
 *
 * @throws TypeError if data and shape differ in size
 */
export function encodeNpy(data: Numbers, shape: readonly number[]): Uint8Array {
  const count = shape.reduce((product, length) => product * length, 1);
  if (count !== data.length) throw new TypeError(`${data.length} numbers cannot have the shape [${shape}]`);
  const descr = Object.entries(types).find(([, type]) => data instanceof type)![0];
  const axes = shape.length === 1 ? `${shape[0]},` : shape.join(", ");
  const dict = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${axes}), }`;
  // Ten bytes stand before the header's text, and the data begin at a multiple of 64.
  const length = Math.ceil((10 + dict.length + 1) / 64) * 64 - 10;
  const bytes = new Uint8Array(10 + length + data.byteLength);
  bytes.set([...magic, 1, 0, length & 0xff, length >> 8]);
  bytes.set(Buffer.from(`${dict.padEnd(length - 1)}\n`), 10);
  bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), 10 + length);
  return bytes;
}

/**
 * Reads a file of NumPy's format 1 to 3 with real numbers, little-endian. Integers of 64 bits become doubles.
 *
 * @param file its name, for error messages
 * @throws BadInput
 */
export function decodeNpy(bytes: Uint8Array, file: string): PlainArray {
  const damaged = (why: string) => new BadInput(`${file} is no NPY file or damaged: ${why}; save it again`);
  if (bytes.length < 12 || !magic.every((byte, index) => bytes[index] === byte)) {
    throw damaged("it does not begin as one");
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const isVersion1 = bytes[6] === 1;
  const from = isVersion1 ? 10 : 12;
  const length = isVersion1 ? view.getUint16(8, true) : view.getUint32(8, true);
  const header = Buffer.from(bytes.subarray(from, from + length)).toString("latin1");
  const descr = /'descr': *'([^']*)'/.exec(header)?.[1];
  const order = /'fortran_order': *(True|False)/.exec(header)?.[1];
  const axes = /'shape': *\(([\d, ]*)\)/.exec(header)?.[1];
  if (descr === undefined || order === undefined || axes === undefined) {
    throw damaged("its header is incomplete");
  }

  const known = { ...types, ...wide };
  const type = Object.hasOwn(known, descr) ? known[descr as keyof typeof known] : undefined;
  if (!type) {
    throw new BadInput(`${file} holds elements of type ${descr}; convert them to float64 and save again`);
  }
  const shape = axes
    .split(",")
    .map((axis) => axis.trim())
    .filter(Boolean)
    .map(Number);
  const count = shape.reduce((product, n) => product * n, 1);
  const content = bytes.slice(from + length);
  if (content.length !== count * type.BYTES_PER_ELEMENT) {
    throw damaged(`${content.length} bytes cannot be ${count} elements of type ${descr}`);
  }
  const stored = new type(content.buffer, content.byteOffset, count);
  const data = isWide(stored) ? doublesOf(stored, file) : stored;
  return { data: order === "True" ? rowMajor<Numbers>(data, shape) : data, shape };
}

const isWide = (data: Numbers | BigInt64Array | BigUint64Array): data is BigInt64Array | BigUint64Array =>
  data instanceof BigInt64Array || data instanceof BigUint64Array;

function doublesOf(integers: BigInt64Array | BigUint64Array, file: string): Float64Array {
  const doubles = Float64Array.from(integers as ArrayLike<unknown> as bigint[], Number);
  if (doubles.every(Number.isSafeInteger)) return doubles;
  throw new BadInput(`${file} holds integers beyond 2^53; convert them to float64 and save again`);
}
