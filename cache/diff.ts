import type { Artifact, Json, LabelledArray } from "../pipeline/index.ts";
import { type Change, changedPaths, type Dtype, dtypeOf, type Numbers } from "../pipeline/inspect.ts";

/** What an array is beside its elements. */
export interface Layout {
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  readonly dims: readonly string[];
  readonly units: string;
}

/** How two arrays of one name differ. */
export type ArrayDifference =
  /** Not a bit. */
  | { readonly kind: "equal" }
  /** Only one artifact has it. */
  | { readonly kind: "added" | "removed" }
  /** Their elements cannot be compared one by one, or do not mean the same. */
  | { readonly kind: "layout"; readonly from: Layout; readonly to: Layout }
  | ({ readonly kind: "elements" } & Distance);

/** How far apart the elements of two arrays are; the maxima are over pairs of which neither is NaN. */
export interface Distance {
  /** Elements in all. */
  readonly size: number;
  /** Elements of which any bit differs: 0 and −0 do, and two NaNs may. */
  readonly differing: number;
  /** Elements that are NaN on one side only. */
  readonly nan: number;
  /** max |a − b|, in the array's unit; infinite where only one is, or they are so with unlike signs. */
  readonly absolute: number;
  /** max |a − b| / max(|a|, |b|); 1 where only one of them is infinite. */
  readonly relative: number;
  /** Floating point only: the most steps from one representable number to the next that lie between a and b. */
  readonly ulp?: number;
}

/** How two artifacts differ. */
export interface ArtifactDifference {
  /** By name: those of the first artifact, then those that only the second has. */
  readonly arrays: Readonly<Record<string, ArrayDifference>>;
  /** Leaves that differ, by dotted path. */
  readonly values: readonly Change<Json>[];
}

/** Every array and value of two artifacts, compared. */
export function diffArtifacts(before: Artifact, after: Artifact): ArtifactDifference {
  const names = [...new Set([...Object.keys(before.arrays), ...Object.keys(after.arrays)])];
  const arrays = names.map((name) => [name, between(own(before.arrays, name), own(after.arrays, name))]);
  return { arrays: Object.fromEntries(arrays), values: changedPaths(before.values, after.values) };
}

/** Whether two artifacts do not differ in a bit. */
export const isEqual = ({ arrays, values }: ArtifactDifference): boolean =>
  values.length === 0 && Object.values(arrays).every(({ kind }) => kind === "equal");

const own = <T>(record: Readonly<Record<string, T>>, name: string): T | undefined =>
  Object.hasOwn(record, name) ? record[name] : undefined;

function between(a: LabelledArray | undefined, b: LabelledArray | undefined): ArrayDifference {
  if (!a) return { kind: "added" };
  if (!b) return { kind: "removed" };
  const [from, to] = [layoutOf(a), layoutOf(b)];
  if (JSON.stringify(from) !== JSON.stringify(to)) return { kind: "layout", from, to };
  const bytes = ({ data }: LabelledArray) => Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  if (bytes(a).equals(bytes(b))) return { kind: "equal" };
  return { kind: "elements", ...distance(a.data, b.data) };
}

const layoutOf = ({ data, shape, dims, units }: LabelledArray): Layout => ({
  dtype: dtypeOf(data),
  ...{ shape, dims, units },
});

function distance(a: Numbers, b: Numbers): Distance {
  const steps = stepsBetween(a, b);
  let differing = 0;
  let nan = 0;
  let absolute = 0;
  let relative = 0;
  let ulp = 0;
  for (let index = 0; index < a.length; index++) {
    const [x, y] = [a[index]!, b[index]!];
    // For a difference of NaNs alone, or of zeros, only the bits tell.
    if (x === y && x !== 0) continue;
    if (bitsAreEqual(a, b, index)) continue;
    differing++;
    if (Number.isNaN(x) || Number.isNaN(y)) {
      if (!Number.isNaN(x) || !Number.isNaN(y)) nan++;
      continue;
    }
    const gap = Math.abs(x - y);
    const scale = Math.max(Math.abs(x), Math.abs(y));
    absolute = Math.max(absolute, gap);
    if (scale > 0) relative = Math.max(relative, relativeGap(x, y, gap, scale));
    if (steps) ulp = Math.max(ulp, steps(index));
  }
  return { size: a.length, differing, nan, absolute, relative, ...(steps && { ulp }) };
}

function relativeGap(x: number, y: number, gap: number, scale: number): number {
  if (!Number.isFinite(scale)) return 1;
  return Number.isFinite(gap) ? gap / scale : Math.abs(x / scale - y / scale); // a gap beyond all numbers
}

function bitsAreEqual(a: Numbers, b: Numbers, index: number): boolean {
  const width = a.BYTES_PER_ELEMENT;
  const bytes = ({ buffer, byteOffset }: Numbers) =>
    new Uint8Array(buffer, byteOffset + index * width, width);
  const other = bytes(b);
  return bytes(a).every((byte, k) => byte === other[k]);
}

/** Tells how many representable numbers lie between two elements; nothing for integers. */
function stepsBetween(a: Numbers, b: Numbers): ((index: number) => number) | undefined {
  if (a instanceof Float64Array) {
    const [x, y] = [a, b].map(
      ({ buffer, byteOffset, length }) => new BigInt64Array(buffer, byteOffset, length),
    );
    const rank = (bits: bigint) => (bits < 0n ? -(bits & 0x7fffffffffffffffn) : bits);
    return (index) => Math.abs(Number(rank(x![index]!) - rank(y![index]!)));
  }
  if (a instanceof Float32Array) {
    const [x, y] = [a, b].map(({ buffer, byteOffset, length }) => new Int32Array(buffer, byteOffset, length));
    const rank = (bits: number) => (bits < 0 ? -(bits & 0x7fffffff) : bits);
    return (index) => Math.abs(rank(x![index]!) - rank(y![index]!));
  }
  return undefined;
}
