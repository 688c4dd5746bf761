import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { encodeCsv, tableOf } from "../../data/csv.ts";

const array = (dims: string[], shape: number[], start = 0) => ({
  dims,
  shape,
  data: Float64Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, index) => start + index),
});
/** A table as text, one row a line, blanks as dots. */
const drawn = (arrays: Parameters<typeof tableOf>[0]) => {
  const { header, rows } = tableOf(arrays);
  return [header, ...Array.from(rows, (row) => [...row])].map((row) =>
    row.map((cell) => cell ?? ".").join(" "),
  );
};

describe("encodeCsv", () => {
  it("quotes what needs it and leaves missing cells empty", () => {
    const rows = [
      ["plain", 1, undefined],
      ['say "no"', "two\nlines", "a\rb"],
    ];
    expect(encodeCsv({ header: ["a,b", "c", ""], rows })).toBe(
      '"a,b",c,\r\nplain,1,\r\n"say ""no""","two\nlines","a\rb"\r\n',
    );
    expect(encodeCsv({ header: ["a"], rows: [] })).toBe("a\r\n");
  });

  it("writes numbers that read as what they were", () => {
    const cell = (value: number) => encodeCsv({ header: [], rows: [[value]] }).trim();
    fc.assert(
      fc.property(fc.double(), (value) => {
        expect(Number(cell(value))).toBe(value);
      }),
    );
    expect([0.1, -0, 1e21, NaN, -Infinity].map(cell)).toEqual(["0.1", "-0", "1e+21", "NaN", "-Infinity"]);
  });
});

describe("tableOf", () => {
  it("lays arrays out in blocks, larger ones first", () => {
    const arrays = {
      time: array(["time"], [2], 100),
      space: array(["space"], [2], 0.5),
      V: array(["time", "space"], [2, 2]),
      n: array([], [], 7),
    };
    expect(drawn(arrays)).toEqual([
      "time space V n",
      "100 0.5 0 .",
      "100 1.5 1 .",
      "101 0.5 2 .",
      "101 1.5 3 .",
      ". . . 7",
    ]);
  });

  it("joins arrays of equal dimensions in any order", () => {
    const arrays = { a: array(["x", "y"], [2, 3]), b: array(["y", "x"], [3, 2], 10) };
    expect(drawn(arrays)).toEqual([
      "x y a b",
      "0 0 0 10",
      "0 1 1 12",
      "0 2 2 14",
      "1 0 3 11",
      "1 1 4 13",
      "1 2 5 15",
    ]);
  });

  it("numbers the places of a dimension without coordinate", () => {
    const arrays = {
      rate: array(["time"], [2], 5),
      time: array(["time"], [2], 100),
      spikes: array(["spike"], [2], 8),
      P: array(["i", "i"], [1, 2]),
    };
    expect(drawn(arrays)).toEqual([
      "rate time spike spikes i i_1 P",
      ". . . . 0 0 0",
      ". . . . 0 1 1",
      "5 100 . . . . .",
      "6 101 . . . . .",
      ". . 0 8 . . .",
      ". . 1 9 . . .",
    ]);
    expect(drawn({ x: array(["y"], [1]), z: array(["x"], [1]) })[0]).toBe("y x x_index z");
  });

  it("shows a coordinate alone only if nothing else has its dimension", () => {
    const arrays = { x: array(["x"], [1]), y: array(["y"], [1], 5), z: array(["y"], [1], 6) };
    expect(drawn(arrays)).toEqual(["x y z", "0 . .", ". 5 6"]);
    expect(drawn({})).toEqual([""]);
    expect(drawn({ none: array(["x"], [0]) })).toEqual(["x none"]);
  });

  it("lays out and writes a large artifact", () => {
    const grid = () => array(["time", "space"], [1200, 30]);
    const arrays = {
      time: array(["time"], [1200]),
      space: array(["space"], [30]),
      nu_aff: grid(),
      nu_e: grid(),
      nu_i: grid(),
      delta_V: grid(),
    };
    expect(encodeCsv(tableOf(arrays)).split("\r\n")).toHaveLength(36_002);
  });
});
