import fc from "fast-check";
import type { Artifact, Json, LabelledArray } from "../../pipeline/index.ts";
import type { Dtype, Numbers } from "../../pipeline/inspect.ts";
import { dtypes } from "../../pipeline/inspect.ts";

/** Bit patterns that arithmetic or JSON would lose: zeros, NaNs with payload, infinities, subnormals. */
const oddities: Readonly<Record<"float64" | "float32", readonly bigint[]>> = {
  float64: [
    0x8000000000000000n,
    0x7ff8000000000000n,
    0x7ff0000000000001n,
    0xfff8dead0000beefn,
    0x7ff0000000000000n,
    0xfff0000000000000n,
    1n,
  ],
  float32: [0x80000000n, 0x7fc00000n, 0x7f800001n, 0xffc0beefn, 0x7f800000n, 0xff800000n, 1n],
};

function oddBytes(dtype: "float64" | "float32", size: number, first: number): Uint8Array {
  const width = dtypes[dtype].BYTES_PER_ELEMENT;
  const view = new DataView(new ArrayBuffer(size * width));
  for (let index = 0; index < size; index += 1) {
    const bits = oddities[dtype][(first + index) % oddities[dtype].length]!;
    if (width === 8) view.setBigUint64(index * width, bits, true);
    else view.setUint32(index * width, Number(bits), true);
  }
  return new Uint8Array(view.buffer);
}

function dataOf(dtype: Dtype, size: number): fc.Arbitrary<Numbers> {
  const width = dtypes[dtype].BYTES_PER_ELEMENT;
  const length = size * width;
  const any = fc.uint8Array({ minLength: length, maxLength: length });
  const bytes =
    dtype === "float64" || dtype === "float32"
      ? fc.oneof(
          any,
          fc.nat({ max: 6 }).map((first) => oddBytes(dtype, size, first)),
        )
      : any;
  // Half of them are views into a larger, shared memory, as a kernel's results are.
  return fc.tuple(bytes, fc.boolean()).map(([given, shared]) => {
    const offset = shared ? width : 0;
    const memory = new Uint8Array(length + 2 * offset).fill(0xaa);
    memory.set(given, offset);
    return new dtypes[dtype](memory.buffer, offset, size);
  });
}

const lengths = fc.record({
  time: fc.nat({ max: 5 }),
  space: fc.nat({ max: 3 }),
  "": fc.constantFrom(0, 1, 7),
  vast: fc.constantFrom(2 ** 31, 2 ** 32 + 1, 2 ** 45),
});

const arrayWith = (sizes: Readonly<Record<string, number>>): fc.Arbitrary<LabelledArray> =>
  fc
    .record({
      dims: fc.array(fc.constantFrom(...Object.keys(sizes)), { maxLength: 3 }),
      dtype: fc.constantFrom(...(Object.keys(dtypes) as Dtype[])),
      units: fc.constantFrom("1", "mV", "Hz²", "‰", ""),
    })
    .chain(({ dims, dtype, units }) => {
      // A vast axis only where another one is empty, and only once: there is nothing in the array then.
      const empty = dims.some((dim) => sizes[dim] === 0);
      const kept = dims.filter((dim, axis) => dim !== "vast" || (empty && dims.indexOf(dim) === axis));
      const shape = kept.map((dim) => sizes[dim]!);
      const size = shape.reduce((product, length) => product * length, 1);
      return dataOf(dtype, size).map((data) => ({ data, shape, dims: kept, units }));
    });

const names = fc.oneof(
  fc.string({ maxLength: 5, unit: "grapheme" }),
  fc.constantFrom("V", "rate_exc", "__proto__", ""),
);

/** Artifacts of every dtype, with empty and odd shapes, odd names and odd bits. */
export const artifacts: fc.Arbitrary<Artifact> = lengths.chain((sizes) =>
  fc.record({
    arrays: fc.dictionary(names, arrayWith(sizes), { maxKeys: 3 }),
    values: fc.dictionary(names, fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<Json>, { maxKeys: 3 }),
  }),
);

/** An artifact with its bytes spelt out: equal exactly where every bit and label is. */
export const spelt = ({ arrays, values }: Artifact) => ({
  arrays: new Map(
    Object.entries(arrays).map(([name, { data, shape, dims, units }]) => [
      name,
      { bytes: bytesOf(data).toString("hex"), type: data.constructor.name, shape, dims, units },
    ]),
  ),
  values: new Map(Object.entries(values)),
});

export const bytesOf = (data: Numbers): Buffer => Buffer.from(data.buffer, data.byteOffset, data.byteLength);
