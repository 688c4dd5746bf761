import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { encodeCsv } from "../../data/csv.ts";
import { csvRows, numberIn } from "../../data/csv-read.ts";
import { BadInput } from "../../pipeline/errors.ts";
import { titled } from "../golden.ts";
import { python } from "./python.ts";

const rows = (text: string | Uint8Array) =>
  [...csvRows(typeof text === "string" ? Buffer.from(text) : text, "a.csv")].map(({ number, cells }) => [
    number,
    ...cells,
  ]);

describe("the rows of a CSV file", () => {
  it("are told apart by any end of line and any of three separators", () => {
    for (const end of ["\n", "\r\n", "\r"]) {
      for (const separator of [",", ";", "\t"]) {
        const text = [`a${separator}b`, "", `1${separator} 2 `].join(end);
        const expected = [
          [1, "a", "b"],
          [3, "1", "2"],
        ];
        expect(rows(text)).toEqual(expected);
        expect(rows(text + end)).toEqual(expected);
        expect(rows(`\ufeff${text}${end}${separator}${end}`)).toEqual(expected);
      }
    }
    expect(rows("")).toEqual([]);
    expect(rows("\n\n , \n")).toEqual([]);
    expect(rows("a,b,")).toEqual([[1, "a", "b", ""]]);
  });

  it("take tabs before semicolons before commas, outside of quotes", () => {
    expect(rows("a;0,5\n1;2,5")).toEqual([
      [1, "a", "0,5"],
      [2, "1", "2,5"],
    ]);
    expect(rows("a;b\tc")).toEqual([[1, "a;b", "c"]]);
    expect(rows('"a;\t",b')).toEqual([[1, "a;", "b"]]);
  });

  it("read quotes", () => {
    expect(rows('"a,b", "say ""no""" ,"two\nlines"\nx,5" pipe,""')).toEqual([
      [1, "a,b", 'say "no"', "two\nlines"],
      [2, "x", '5" pipe', ""],
    ]);
    for (const [text, place] of [
      ['a,b\n1,"2', "row 2, column 2 of a.csv"],
      ['"a"b,c', "row 1, column 1 of a.csv"],
      ['a,"b" c\n', "row 1, column 2 of a.csv"],
    ] as const) {
      expect(() => rows(text)).toThrow(
        `${place} has a quote that is not closed before the cell ends; correct it.`,
      );
    }
  });

  it("are refused in another encoding", () => {
    expect(() => rows(Buffer.from("space (µm),1", "latin1"))).toThrow(
      'a.csv is no text in UTF-8; save it as "CSV UTF-8"',
    );
  });

  it("end with one sentence or not at all, whatever the text", () => {
    const text = fc.string({ unit: fc.constantFrom(...'a1,;\t"\n\r '), maxLength: 60 });
    fc.assert(
      fc.property(text, (any) => {
        try {
          rows(any);
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(BadInput);
        }
      }),
      { numRuns: 3000 },
    );
    // A quote that is opened and never closed does not make it try all ways to read the rest.
    expect(() => rows(`"${'""'.repeat(1e6)}`)).toThrow("row 1, column 1");
    expect(rows(`"${'""'.repeat(1e6)}"`)[0]![1]).toHaveLength(1e6);
  });

  it("are what encodeCsv wrote", () => {
    const cell = fc
      .string({ unit: fc.constantFrom(...'ab;,"\n\r '), maxLength: 5 })
      .map((text) => `x${text}x`);
    const table = fc.array(fc.array(cell, { minLength: 2, maxLength: 2 }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(table, (body) => {
        const text = encodeCsv({ header: ["a", "b"], rows: body });
        expect(rows(text).map(([, ...cells]) => cells)).toEqual([["a", "b"], ...body]);
      }),
    );
  });

  const folder = mkdtempSync(join(tmpdir(), "mesoflow-csv-"));
  afterAll(() => rmSync(folder, { recursive: true }));
  const hasPython = (() => {
    try {
      return python("print(1)") === "1\n";
    } catch {
      return false;
    }
  })();
  it.skipIf(!hasPython)(
    titled("are those of Python's csv module", hasPython, "python3"),
    { tags: ["process"] },
    () => {
      const quoted = fc
        .string({ unit: fc.constantFrom(...'ab,;\t\n\r "') })
        .map((text) => `"${text.replaceAll('"', '""')}"`);
      const plain = fc.string({ unit: fc.constantFrom(..."ab1.") });
      const end = fc.constantFrom("\n", "\r\n", "\r");
      const line = fc.tuple(fc.array(fc.oneof(quoted, plain), { minLength: 1, maxLength: 4 }), end);
      const texts = fc
        .sample(fc.array(line, { maxLength: 6 }), { numRuns: 500, seed: 7 })
        .map((lines) => `head,er\n${lines.map(([cells, end]) => cells.join(",") + end).join("")}`);
      writeFileSync(join(folder, "texts.json"), JSON.stringify(texts));
      const read = `
import csv, io, json, sys
trim = lambda row: [cell.strip(" \\t\\n\\r") for cell in row]
tables = [[trim(row) for row in csv.reader(io.StringIO(text, newline=""))] for text in json.load(open(sys.argv[1]))]
print(json.dumps([[row for row in table if any(row)] for table in tables]))`;
      const expected = JSON.parse(python(read, join(folder, "texts.json")));
      expect(texts.map((text) => rows(text).map(([, ...cells]) => cells))).toEqual(expected);
    },
  );
});

describe("the number in a cell", () => {
  it("is any that JavaScript, Python or MATLAB prints, or none", () => {
    expect(
      ["0", "-0", "+1", "1.", ".5", "1e-3", "1E+05", "-12.5e2"].map((cell) => numberIn(cell, "here")),
    ).toEqual([...[0, -0, 1, 1, 0.5, 1e-3, 1e5, -1250]]);
    expect(["", "NaN", "nan", "NA"].map((cell) => numberIn(cell, "here"))).toEqual(Array(4).fill(Number.NaN));
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        expect(numberIn(String(value), "here")).toBe(value === 0 ? 0 : value);
      }),
    );
  });

  it.each([
    ["0,5", 'here is "0,5"; write numbers with a decimal point and nothing between thousands, like -1234.5.'],
    ["1.234,5", 'here is "1.234,5"; write numbers with a decimal point'],
    ["1,234.5", 'here is "1,234.5"; write numbers with a decimal point'],
    ["1'234.5", "write numbers with a decimal point"],
    ["1 234", "write numbers with a decimal point"],
    ["1\u202f234", "write numbers with a decimal point"],
    ["−5", "write numbers with a decimal point"],
    ["abc", 'here is "abc", which is no number; leave the cell blank where nothing was measured.'],
    ["0x10", "no number"],
    ["1e", "no number"],
    ["5 ms", "no number"],
    ["#N/A", "no number"],
    ["Infinity", "here is infinite (Infinity); leave the cell blank where nothing was measured."],
    ["-inf", "here is infinite"],
    ["1e999", "here is infinite"],
  ])("is refused where it is %s", (cell, sentence) => {
    expect(() => numberIn(cell, "here")).toThrow(sentence);
    expect(() => numberIn(cell, "here")).toThrow(BadInput);
  });
});
