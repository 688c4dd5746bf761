import { describe, expect, it } from "vitest";
import { type MatValue, readMat } from "../../data/mat5-read.ts";
import { writeMat } from "../../data/mat5-write.ts";
import { BadInput } from "../../pipeline/errors.ts";
import { mat5 } from "./mat5-bytes.ts";

const double = 6;
const [logicalFlag, complexFlag] = [0x200, 0x800];

/** The one variable of a file. */
const only = (bytes: Uint8Array): MatValue => [...readMat(bytes, "a.mat").values()][0]!();
const dataOf = (value: MatValue) => (value.kind === "numeric" ? Array.from(value.data) : value);

describe.each([
  ["little-endian", true],
  ["big-endian", false],
])("a %s file", (_, little) => {
  const { element, numbers, small, text, matrix, struct, compressed, file } = mat5(little);

  it("gives numbers in row-major order", () => {
    const value = only(file(matrix(double, [2, 3], "a", numbers(9, [1, 4, 2, 5, 3, NaN]))));
    expect(value).toEqual({
      kind: "numeric",
      class: "double",
      shape: [2, 3],
      data: Float64Array.of(1, 2, 3, 4, 5, NaN),
    });
    const cube = only(file(matrix(double, [2, 2, 2], "a", numbers(9, [0, 4, 2, 6, 1, 5, 3, 7]))));
    expect(dataOf(cube)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  });

  it.each([
    ["int8", 1, [-128, 127]],
    ["uint8", 2, [0, 255]],
    ["int16", 3, [-32768, 32767]],
    ["uint16", 4, [0, 65535]],
    ["int32", 5, [-(2 ** 31), 2 ** 31 - 1]],
    ["uint32", 6, [0, 2 ** 32 - 1]],
    ["single", 7, [-0.5, 2 ** 100]],
    ["int64", 12, [-(2 ** 53) + 1, 2 ** 53 - 1]],
  ])("reads doubles stored as %s", (_, type, values) => {
    expect(dataOf(only(file(matrix(double, [1, 2], "a", numbers(type, values)))))).toEqual(values);
  });

  it("reads small elements, compressed variables, logical flags, empty arrays", () => {
    const flag = matrix(9 | logicalFlag, [1, 3], "flag", small(2, [1, 0, 1]));
    const empty = matrix(double, [0, 3], "empty", numbers(9, []));
    const variables = readMat(file(compressed(flag), empty, compressed(flag)), "a.mat");
    expect([...variables.keys()]).toEqual(["flag", "empty"]);
    expect(variables.get("flag")!()).toEqual({
      kind: "numeric",
      class: "logical",
      shape: [1, 3],
      data: Uint8Array.of(1, 0, 1),
    });
    expect(variables.get("empty")!()).toMatchObject({ shape: [0, 3], data: new Float64Array(0) });
  });

  it("reads text: rows, several units a character, none at all", () => {
    const char = (shape: number[], content: Uint8Array) => only(file(matrix(4, shape, "a", content)));
    expect(char([2, 3], text(2, "adbecf"))).toEqual({ kind: "char", shape: [2, 3], rows: ["abc", "def"] });
    expect(char([1, 2], numbers(17, [0x3b1, 0x3b2]))).toMatchObject({ rows: ["αβ"] });
    expect(char([1, 2], numbers(4, [0x3b1, 0x3b2]))).toMatchObject({ rows: ["αβ"] });
    expect(char([1, 1], element(16, Buffer.from("α")))).toMatchObject({ rows: ["α"] });
    expect(char([1, 2], element(18, mat5(little).words(0x1f9e0, 0xffffffff)))).toMatchObject({
      rows: ["🧠\ufffd"],
    });
    expect(char([0, 0], text(2, ""))).toMatchObject({ rows: [] });
    expect(char([2 ** 31 - 1, 0], text(2, ""))).toMatchObject({ rows: [] });
  });

  it("reads cells and structs, 1×1 and larger, nested, with empty places", () => {
    const one = (value: number) => matrix(double, [1, 1], "", numbers(9, [value]));
    const hole = element(14, Buffer.alloc(0));
    const cell = only(file(matrix(1, [2, 2], "c", one(1), one(3), one(2), hole)));
    expect(cell.kind === "cell" && cell.items.map(dataOf)).toEqual([[1], [2], [3], []]);

    const inner = struct([1, 1], "", ["x"], one(7));
    const value = only(file(struct([1, 2], "s", ["a", "b"], one(1), inner, one(2), hole)));
    if (value.kind !== "struct") throw new Error(value.kind);
    expect(value.shape).toEqual([1, 2]);
    expect([...value.fields.keys()]).toEqual(["a", "b"]);
    expect(value.fields.get("a")!.map(dataOf)).toEqual([[1], [2]]);
    const nested = value.fields.get("b")![0]!;
    expect(nested.kind === "struct" && nested.fields.get("x")!.map(dataOf)).toEqual([[7]]);
    // Without fields, any number of elements is nothing to read.
    expect(only(file(struct([2 ** 31 - 1, 2 ** 31 - 1], "s", [])))).toMatchObject({ fields: new Map() });
  });

  it("leaves alone what it cannot read, and reads what stands beside it", () => {
    const opaque = element(
      14,
      Buffer.concat([numbers(6, [17, 0]), text(1, "opaque"), text(1, "MCOS"), text(1, "string")]),
    );
    const variables = readMat(
      file(
        matrix(double | complexFlag, [1, 1], "complex", numbers(9, [1]), numbers(9, [2])),
        matrix(5, [3, 3], "sparse", numbers(5, [0])),
        matrix(3, [1, 1], "object", text(1, "inline")),
        matrix(16, [1, 1], "function"),
        opaque,
        matrix(12 + 2, [1, 1], "large", numbers(12, [2 ** 60])),
        matrix(99, [1, 1], "new"),
        matrix(double, [1, 1], "broken", numbers(9, [1, 2])),
        matrix(double, [1, 1], "x", numbers(9, [1])),
        matrix(9, [1, 1], "", numbers(2, [1])),
      ),
      "a.mat",
    );
    const read = (name: string) => variables.get(name)!();
    const what = ["complex", "sparse", "object", "function", "opaque", "large", "new"].map((name) =>
      read(name),
    );
    expect(what.every(({ kind }) => kind === "unsupported")).toBe(true);
    expect(what).toMatchObject([
      { what: "a complex array" },
      { what: "a sparse array" },
      { what: "an object" },
      { what: "a function" },
      { what: "an object" },
      { what: "an array of integers beyond 2^53" },
      { what: "an array of class 99" },
    ]);
    expect(dataOf(read("x"))).toEqual([1]);
    expect(() => read("broken")).toThrow(
      "variable broken of a.mat is damaged or cut short (it has 2 numbers for 1×1)",
    );
    expect(variables.has("")).toBe(false);
  });

  it("refuses what contradicts itself", () => {
    const refusal = (...elements: Uint8Array[]) => {
      try {
        return only(file(...elements));
      } catch (error) {
        expect(error).toBeInstanceOf(BadInput);
        return (error as BadInput).message;
      }
    };
    const nested = (depth: number): Uint8Array =>
      matrix(1, [1, 1], "c", ...(depth ? [nested(depth - 1)] : []));
    const { words } = mat5(little);
    expect(refusal(nested(100))).toContain("nested more than 64 deep");
    expect(refusal(element(14, Buffer.alloc(8), 2 ** 32 - 1))).toContain(
      "claims 4294967295 bytes where there are 8",
    );
    expect(refusal(element(9, Buffer.alloc(8)))).toContain("type 9 in the place of an array");
    expect(refusal(matrix(double, [-1, 2], "a", numbers(9, [])))).toContain("dimensions -1×2");
    expect(refusal(matrix(double, Array(10_000).fill(1), "a", numbers(9, [1])))).toContain("dimensions 1×1");
    expect(refusal(matrix(double, [2 ** 31 - 1, 2 ** 31 - 1], "a", numbers(9, [1])))).toContain(
      "has 1 numbers",
    );
    expect(refusal(matrix(1, [2 ** 31 - 1, 2 ** 31 - 1], "a"))).toContain("ends where more should follow");
    expect(refusal(matrix(double, [1, 1], "a", element(9, Buffer.alloc(7))))).toContain(
      "end within a number",
    );
    expect(refusal(matrix(double, [1, 1], "a", element(77, Buffer.alloc(8))))).toContain("unknown type 77");
    expect(refusal(words(5 * 2 ** 16 + 1, 0))).toContain("claims 5 bytes where there are 4");
    expect(refusal(words(15, 4, 1))).toContain("does not unpack");
    expect(refusal(compressed(Buffer.alloc(2 ** 28 + 1)))).toContain("unpacks to more than 256 MiB");
  });
});

describe("a file that is no MAT-file of version 5", () => {
  const refusal = (bytes: Uint8Array) => {
    try {
      return readMat(bytes, "a.mat");
    } catch (error) {
      expect(error).toBeInstanceOf(BadInput);
      return (error as BadInput).message;
    }
  };

  it("is refused with what it is and what to do", () => {
    const hdf5 = Buffer.concat([
      Buffer.from("MATLAB 7.3 MAT-file".padEnd(512)),
      Buffer.from("\x89HDF\r\n\x1a\n", "latin1"),
    ]);
    expect(refusal(new Uint8Array(0))).toBe("a.mat is empty; copy it anew or save it again.");
    expect(refusal(hdf5)).toContain("a.mat is a MATLAB v7.3 (HDF5) file, which cannot be read here; save it");
    expect(refusal(hdf5.subarray(0, 300))).toContain("is a MATLAB v7.3 (HDF5) file");
    expect(refusal(hdf5.subarray(512))).toContain('save(…, "-v7")');
    expect(refusal(Buffer.from(new Int32Array([0, 1, 1, 0, 2, 97, 0, 0]).buffer))).toContain("MATLAB v4");
    expect(refusal(Buffer.from("time,V\n0,1\n".repeat(30)))).toContain("a.mat is no MATLAB file");
    expect(refusal(Buffer.from("{}"))).toContain("a.mat is no MATLAB file");
    expect(refusal(mat5(true).file().subarray(0, 100))).toContain("cut short within its header");
  });
});

describe("writeMat", () => {
  it("writes what readMat reads", () => {
    const bytes = writeMat({
      s: {
        a: { data: Float64Array.of(1, 2, 3, 4, 5, NaN), shape: [2, 3] },
        b: { data: Float32Array.of(0.5), shape: [1, 1] },
        c: "α🧠",
        d: { data: new Float64Array(0), shape: [0, 0] },
      },
      cube: { data: Float64Array.from({ length: 24 }, (_, index) => index), shape: [2, 3, 4] },
    });
    const variables = readMat(bytes, "a.mat");
    const s = variables.get("s")!();
    expect(s.kind === "struct" && [...s.fields.values()].flat()).toEqual([
      { kind: "numeric", class: "double", shape: [2, 3], data: Float64Array.of(1, 2, 3, 4, 5, NaN) },
      { kind: "numeric", class: "single", shape: [1, 1], data: Float32Array.of(0.5) },
      { kind: "char", shape: [1, 3], rows: ["α🧠"] },
      { kind: "numeric", class: "double", shape: [0, 0], data: new Float64Array(0) },
    ]);
    expect(dataOf(variables.get("cube")!())).toEqual(Array.from({ length: 24 }, (_, index) => index));
  });

  it("refuses names and shapes that MATLAB does not know", () => {
    expect(() => writeMat({ "1a": "" })).toThrow(TypeError);
    expect(() => writeMat({ s: { ["a".repeat(64)]: "" } })).toThrow(TypeError);
    expect(() => writeMat({ a: { data: new Float64Array(3), shape: [3] } })).toThrow(TypeError);
    expect(() => writeMat({ a: { data: new Float64Array(3), shape: [2, 2] } })).toThrow(TypeError);
  });
});
