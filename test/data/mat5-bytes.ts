import { deflateSync } from "node:zlib";

/** Builds MAT-files element by element, in either byte order, valid or not. */
export function mat5(little: boolean) {
  const sizes: Readonly<Record<number, number>> = {
    1: 1,
    2: 1,
    3: 2,
    4: 2,
    5: 4,
    6: 4,
    7: 4,
    9: 8,
    12: 8,
    17: 2,
  };

  const words = (...values: number[]) => {
    const view = new DataView(new ArrayBuffer(4 * values.length));
    values.forEach((value, index) => {
      view.setUint32(4 * index, value, little);
    });
    return Buffer.from(view.buffer);
  };

  const element = (type: number, bytes: Uint8Array, claimed = bytes.length) =>
    Buffer.concat([words(type, claimed), bytes, Buffer.alloc((8 - (bytes.length % 8)) % 8)]);

  const numberBytes = (type: number, values: readonly number[]) => {
    const size = sizes[type]!;
    const view = new DataView(new ArrayBuffer(size * values.length));
    values.forEach((value, index) => {
      const at = index * size;
      if (type === 7) view.setFloat32(at, value, little);
      else if (type === 9) view.setFloat64(at, value, little);
      else if (size === 8) view.setBigInt64(at, BigInt(value), little);
      else if (size === 4) view.setInt32(at, value, little);
      else if (size === 2) view.setInt16(at, value, little);
      else view.setInt8(at, value);
    });
    return Buffer.from(view.buffer);
  };

  const numbers = (type: number, values: readonly number[]) => element(type, numberBytes(type, values));

  /** Up to four bytes within the tag. */
  const small = (type: number, values: readonly number[]) => {
    const bytes = numberBytes(type, values);
    return Buffer.concat([words(bytes.length * 2 ** 16 + type), bytes, Buffer.alloc(4 - bytes.length)]);
  };

  const text = (type: number, value: string) => element(type, Buffer.from(value, "latin1"));

  /** `code` is the class of the array, with its flags. */
  const matrix = (code: number, shape: readonly number[], name: string, ...content: Uint8Array[]) =>
    element(14, Buffer.concat([numbers(6, [code, 0]), numbers(5, shape), text(1, name), ...content]));

  const struct = (
    shape: readonly number[],
    name: string,
    fields: readonly string[],
    ...values: Uint8Array[]
  ) =>
    matrix(
      2,
      shape,
      name,
      small(5, [8]),
      text(1, fields.map((field) => field.padEnd(8, "\0")).join("")),
      ...values,
    );

  const compressed = (inner: Uint8Array) => {
    const bytes = deflateSync(inner);
    return Buffer.concat([words(15, bytes.length), bytes]);
  };

  const file = (...elements: Uint8Array[]) =>
    Buffer.concat([
      Buffer.from("MATLAB 5.0 MAT-file, of a test".padEnd(124)),
      Buffer.from(little ? "\0\x01IM" : "\x01\0MI", "latin1"),
      ...elements,
    ]);

  return { words, element, numbers, small, text, matrix, struct, compressed, file };
}
