import fc from "fast-check";
import { encodeCsv, tableOf } from "../../data/csv.ts";
import { encodeNpz } from "../../data/npz.ts";
import type { Recording as Measured } from "../../data/recording.ts";
import { type Recording, recordingOf } from "../../stages/recording.ts";

/** What `export` writes of a recording: coordinates in the order of the signal's dimensions, then numbers. */
const exported = ({ arrays: { space, time, vsd }, values: { missing } }: Recording) => ({
  ...{ space, time, vsd },
  missing: { data: Float64Array.of(missing), shape: [], dims: [], units: "1" },
});
export const exportedNpz = (artifact: Recording): Uint8Array => encodeNpz(exported(artifact));
export const exportedCsv = (artifact: Recording): Uint8Array =>
  Buffer.from(encodeCsv(tableOf(exported(artifact))));

/** A table of cells as text. */
export const csv = (rows: readonly (readonly unknown[])[], separator = ",", end = "\n"): Uint8Array =>
  Buffer.from(rows.map((row) => row.join(separator) + end).join(""));

/** The matrix of a recording, gaps blank. */
export const matrixOf = ({ vsd, time, space }: Measured): unknown[][] => [
  ["space", ...time],
  ...[...space].map((x, i) => [
    x,
    ...[...vsd.subarray(i * time.length, (i + 1) * time.length)].map((value) =>
      Number.isNaN(value) ? "" : Object.is(value, -0) ? "-0" : value,
    ),
  ]),
];

const axis = fc
  .uniqueArray(fc.double({ noNaN: true, noDefaultInfinity: true }), {
    minLength: 2,
    maxLength: 6,
    comparator: (a, b) => a === b, // 0 and -0 are one place
  })
  .map((values) => Float64Array.from(values).sort());

/** Recordings of any finite numbers, with gaps, something measured in each. */
export const anyRecording: fc.Arbitrary<Measured> = fc.tuple(axis, axis).chain(([time, space]) => {
  const count = time.length * space.length;
  const value = fc.double({ noDefaultInfinity: true });
  return fc.array(value, { minLength: count, maxLength: count }).map((values) => {
    const vsd = Float64Array.from(values);
    if (vsd.every(Number.isNaN)) vsd[0] = 1;
    return { vsd, time, space, filled: 0 };
  });
});

export const artifactOf = recordingOf;

/** Every number by its bits: 0 and -0 are two. */
export const bitsOf = ({ arrays, values }: Recording) => ({
  ...Object.fromEntries(
    Object.entries(arrays).map(([name, { data, ...rest }]) => [
      name,
      { ...rest, bits: Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString("hex") },
    ]),
  ),
  values,
});
