import { inflateSync } from "node:zlib";
import { BadInput } from "../pipeline/errors.ts";
import { elementType, type MatElement, MatElements } from "./mat5-elements.ts";
import type { Numbers } from "./numbers.ts";
import { rowMajor } from "./row-major.ts";

/**
 * The value of a MATLAB variable. Arrays are row-major, whatever the file's order; `shape` has two axes or more.
 * Numbers come in the type the file stores them in, which may be narrower than their class.
 */
export type MatValue =
  | {
      readonly kind: "numeric";
      readonly class: (typeof numericClasses)[number] | "logical";
      readonly shape: readonly number[];
      readonly data: Numbers;
    }
  /** `rows`: one string a row, later axes one after another. */
  | { readonly kind: "char"; readonly shape: readonly number[]; readonly rows: readonly string[] }
  | { readonly kind: "cell"; readonly shape: readonly number[]; readonly items: readonly MatValue[] }
  /** A struct or an array of them: by field, the values of all elements. */
  | {
      readonly kind: "struct";
      readonly shape: readonly number[];
      readonly fields: ReadonlyMap<string, readonly MatValue[]>;
    }
  /** What this reader leaves alone; `what` names it, with its article. */
  | { readonly kind: "unsupported"; readonly what: string };

const numericClasses = [
  "double",
  "single",
  "int8",
  "uint8",
  "int16",
  "uint16",
  "int32",
  "uint32",
  "int64",
  "uint64",
] as const;
/** Codes of array classes; the numeric ones follow one another from 6 on. */
const classes = { cell: 1, struct: 2, object: 3, char: 4, sparse: 5, double: 6, function: 16, opaque: 17 };
const unsupported: Readonly<Record<number, string>> = {
  [classes.object]: "an object",
  [classes.sparse]: "a sparse array",
  [classes.function]: "a function",
  [classes.opaque]: "an object",
};
const flags = { logical: 0x200, complex: 0x800 };

const headerBytes = 128;
/** What all compressed variables of a file may unpack to, in bytes: damaged or hostile files may claim anything. */
const unpackedLimit = 2 ** 28;
const depthLimit = 64;
const axesLimit = 32;

/**
 * Reads a MATLAB 5 MAT-file (what MATLAB saves with -v6 or -v7).
 *
 * @param file its name, for error messages
 * @returns the variables by name; each is read when called, so that only those asked for can be at fault
 * @throws BadInput, here or from a variable
 */
export function readMat(bytes: Uint8Array, file: string): Map<string, () => MatValue> {
  const little = isLittleEndian(bytes, file);
  const elements = new MatElements(bytes, little, file, headerBytes);
  const variables = new Map<string, () => MatValue>();
  let room = unpackedLimit;
  while (!elements.done) {
    let element = elements.next();
    if (element.type === elementType.compressed) {
      const inner = unpacked(element.bytes, room, file);
      room -= inner.length;
      element = new MatElements(inner, little, file).next();
    }
    const { name } = headOf(matrixOf(elements, element));
    // MATLAB keeps the insides of functions and objects in a variable without a name.
    if (name === "") continue;
    const place = `variable ${name} of ${file}`;
    variables.set(name, () => readValue(new MatElements(element.bytes, little, place)));
  }
  return variables;
}

function isLittleEndian(bytes: Uint8Array, file: string): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const startsAt = (text: string, offset: number) =>
    [...text].every((char, index) => bytes[offset + index] === char.charCodeAt(0));
  const version7 = `save it in MATLAB with save(…, "-v7")`;
  if (bytes.length === 0) throw new BadInput(`${file} is empty; copy it anew or save it again`);
  const hdf5 = "\x89HDF\r\n\x1a\n";
  if (startsAt(hdf5, 0) || startsAt(hdf5, 512) || startsAt("MATLAB 7.3", 0)) {
    throw new BadInput(`${file} is a MATLAB v7.3 (HDF5) file, which cannot be read here; ${version7}`);
  }
  if (bytes.length >= headerBytes) {
    const order = startsAt("IM", 126) ? "little" : startsAt("MI", 126) ? "big" : undefined;
    if (order && view.getUint16(124, order === "little") === 0x100) return order === "little";
  } else if (startsAt("MATLAB 5.0", 0)) {
    throw new BadInput(`${file} is cut short within its header; copy it anew or save it again`);
  }
  // A v4 file begins with a number of decimal digits MOPT: byte order, 0, number type 0–5, kind of matrix 0–2.
  const isMopt = (word: number) => word < 5000 && word % 1000 < 60 && word % 10 <= 2;
  if (bytes.length >= 20 && (isMopt(view.getUint32(0, true)) || isMopt(view.getUint32(0, false)))) {
    throw new BadInput(`${file} is a MATLAB v4 file, or none at all; ${version7}`);
  }
  throw new BadInput(`${file} is no MATLAB file: it lacks the header of one; ${version7}`);
}

function unpacked(bytes: Uint8Array, room: number, file: string): Uint8Array {
  try {
    return inflateSync(bytes, { maxOutputLength: Math.max(room, 1) });
  } catch (error) {
    throw new BadInput(
      (error as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE"
        ? `${file} unpacks to more than ${unpackedLimit / 2 ** 20} MiB; save only what is needed`
        : `${file} is damaged or cut short (a variable does not unpack); copy it anew or save it again`,
    );
  }
}

function matrixOf(elements: MatElements, element: MatElement): MatElements {
  if (element.type === elementType.matrix) return elements.within(element);
  throw elements.damaged(`it has an element of type ${element.type} in the place of an array`);
}

/** What an array begins with: its class and flags, shape and name. */
function headOf(elements: MatElements) {
  const word = elements.numbers("array flags")[0] ?? 0;
  const code = word & 0xff;
  if (code === classes.opaque) return { code, word, shape: [], count: 0, name: elements.text("name") };
  const shape = Array.from(elements.numbers("dimensions"));
  if (shape.length < 2 || shape.length > axesLimit || !shape.every((n) => Number.isInteger(n) && n >= 0)) {
    throw elements.damaged(`an array has the dimensions ${shape.slice(0, axesLimit).join("×") || "none"}`);
  }
  const count = shape.reduce((product, length) => product * length, 1);
  return { code, word, shape, count, name: elements.text("name") };
}

function readValue(elements: MatElements, depth = 0): MatValue {
  if (elements.done) return { kind: "numeric", class: "double", shape: [0, 0], data: new Float64Array(0) };
  if (depth > depthLimit) throw elements.damaged(`arrays are nested more than ${depthLimit} deep`);
  const { code, word, shape, count } = headOf(elements);
  const child = () => readValue(matrixOf(elements, elements.next()), depth + 1);

  if (code === classes.cell) {
    const items: MatValue[] = [];
    while (items.length < count) items.push(child());
    return { kind: "cell", shape, items: rowMajor(items, shape) };
  }
  if (code === classes.struct) {
    const names = fieldNames(elements);
    const columns = names.map((): MatValue[] => []);
    // Without fields there is nothing to read, however many elements there are.
    for (let index = 0; names.length && index < count; index++) {
      for (const column of columns) column.push(child());
    }
    const fields = new Map(names.map((name, index) => [name, rowMajor(columns[index]!, shape)]));
    return { kind: "struct", shape, fields };
  }
  if (code === classes.char) {
    return { kind: "char", shape, rows: rowsOf(elements.text("text"), shape, count) };
  }

  const numeric = numericClasses[code - classes.double];
  if (!numeric) return { kind: "unsupported", what: unsupported[code] ?? `an array of class ${code}` };
  if (word & flags.complex) return { kind: "unsupported", what: "a complex array" };
  const data = elements.numbers("numbers");
  if (data.length !== count) throw elements.damaged(`it has ${data.length} numbers for ${shape.join("×")}`);
  if (numeric.endsWith("int64") && data.some((number) => Math.abs(number) > Number.MAX_SAFE_INTEGER)) {
    return { kind: "unsupported", what: "an array of integers beyond 2^53" };
  }
  const isLogical = (word & flags.logical) !== 0;
  return { kind: "numeric", class: isLogical ? "logical" : numeric, shape, data: rowMajor(data, shape) };
}

/** Names of equal, given length, each ended by a zero byte. */
function fieldNames(elements: MatElements): string[] {
  const length = elements.numbers("length of field names")[0] ?? 0;
  const text = elements.text("field names");
  const names: string[] = [];
  for (let begin = 0; length >= 1 && begin < text.length; begin += length) {
    names.push(text.slice(begin, begin + length).replace(/\0.*/s, ""));
  }
  return names;
}

function rowsOf(text: string, shape: readonly number[], count: number): string[] {
  const height = shape[0]!;
  // Where characters take several units the count may differ; such text is one row in practice.
  if (height === 1 || text.length !== count || count === 0) return text ? [text] : [];
  return Array.from({ length: height }, (_, row) => {
    let line = "";
    for (let at = row; at < count; at += height) line += text[at];
    return line;
  });
}
