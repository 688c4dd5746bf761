import type { Artifact, Dtype, Json, LabelledArray } from "../pipeline/artifact/artifact.ts";
import { dtypeOf, dtypes } from "../pipeline/artifact/artifact.ts";

/*
 * An artifact on its way to a page: how long the header is (4 bytes), the header (JSON), then each array as it lies in
 * memory, at a multiple of 8. All numbers are little-endian, as on every machine that browsers run on.
 */

interface Header {
  readonly values: Readonly<Record<string, Json>>;
  readonly arrays: Readonly<
    Record<string, Omit<LabelledArray, "data"> & { readonly dtype: Dtype; readonly offset: number }>
  >;
}

const aligned = (offset: number): number => Math.ceil(offset / 8) * 8;

export function pack({ arrays, values }: Artifact): Uint8Array<ArrayBuffer> {
  let offset = 0; // from where the arrays begin
  const entries = Object.entries(arrays).map(([name, { data, shape, dims, units }]) => {
    const at = offset;
    offset = aligned(offset + data.byteLength);
    return [name, { dtype: dtypeOf(data), shape, dims, units, offset: at }] as const;
  });
  const header = new TextEncoder().encode(JSON.stringify({ values, arrays: Object.fromEntries(entries) }));
  const start = aligned(4 + header.length);
  const bytes = new Uint8Array(start + offset);
  new DataView(bytes.buffer).setUint32(0, header.length, true);
  bytes.set(header, 4);
  for (const [name, { offset: at }] of entries) {
    const { buffer, byteOffset, byteLength } = arrays[name]!.data;
    bytes.set(new Uint8Array(buffer, byteOffset, byteLength), start + at);
  }
  return bytes;
}

/** The artifact, its arrays views of the buffer; throws what JSON or a typed array says of bytes that are none. */
export function unpack(buffer: ArrayBuffer): Artifact {
  const length = new DataView(buffer).getUint32(0, true);
  const { values, arrays } = JSON.parse(
    new TextDecoder().decode(new Uint8Array(buffer, 4, length)),
  ) as Header;
  const start = aligned(4 + length);
  const unpacked = Object.entries(arrays).map(([name, { dtype, offset, ...labels }]) => {
    const size = labels.shape.reduce((product, each) => product * each, 1);
    return [name, { ...labels, data: new dtypes[dtype](buffer, start + offset, size) }] as const;
  });
  return { values, arrays: Object.fromEntries(unpacked) };
}
