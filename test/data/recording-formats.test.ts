import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { gzipSync } from "fflate";
import { afterAll, describe, expect, it } from "vitest";
import { encodeNpy, type PlainArray } from "../../data/npy.ts";
import { encodeNpz } from "../../data/npz.ts";
import { NoRecording } from "../../data/recording.ts";
import { openRecording, readRecording } from "../../data/recording-file.ts";
import { writeRecording } from "../../data/recording-mat.ts";
import { BadInput } from "../../pipeline/errors.ts";
import { titled } from "../golden.ts";
import { hasNumpy, python } from "./python.ts";
import {
  anyRecording,
  artifactOf,
  bitsOf,
  csv,
  exportedCsv,
  exportedNpz,
  matrixOf,
} from "./recordings-made.ts";

const vsd = Float64Array.of(1, 2, 3, 4.5, Number.NaN, 6);
const time = Float64Array.of(-10, 0, 10);
const space = Float64Array.of(0, 0.5);
const recording = { vsd, time, space, filled: 0 };
const array = (data: Float64Array, ...shape: number[]): PlainArray => ({
  data,
  shape: shape.length > 0 ? shape : [data.length],
});
const npz = (changed: Record<string, PlainArray | undefined> = {}): Uint8Array => {
  const arrays = { vsd: array(vsd, 2, 3), time: array(time), space: array(space), ...changed };
  return encodeNpz(
    Object.fromEntries(Object.entries(arrays).filter((entry): entry is [string, PlainArray] => !!entry[1])),
  );
};
const tidy: unknown[][] = [
  ["time", "space", "vsd"],
  ...[...vsd].map((value, k) => [time[k % 3], space[Math.floor(k / 3)], Number.isNaN(value) ? "" : value]),
];
const matrix = matrixOf(recording);

/** Why a file is refused, in one sentence. */
function refusal(bytes: Uint8Array, file: string): string {
  try {
    readRecording(bytes, file);
  } catch (error) {
    expect(error).toBeInstanceOf(BadInput);
    expect((error as BadInput).message).not.toContain("\n");
    return (error as BadInput).message;
  }
  return "none";
}
const refused = (...args: Parameters<typeof csv>): string => refusal(csv(...args), "a.csv");
/** A table with one cell changed; row and column count from 1. */
const changed = (rows: readonly (readonly unknown[])[], row: number, column: number, to: unknown) =>
  rows.map((cells, i) => (i === row - 1 ? cells.with(column - 1, to) : cells));

describe("what was exported", () => {
  it.each([
    ["NPZ", exportedNpz, "x.npz"],
    ["CSV", exportedCsv, "x.csv"],
  ])("as %s reads back as the same artifact, bit for bit", (_, encode, file) => {
    fc.assert(
      fc.property(anyRecording, (any) => {
        const artifact = artifactOf(any);
        const again = artifactOf(readRecording(encode(artifact), file));
        expect(bitsOf(again)).toEqual(bitsOf(artifact));
        expect(Object.keys(again.values)).toEqual(Object.keys(artifact.values));
      }),
    );
  });

  it("says how many zeros were not measured, as far as gaps do not tell it themselves", () => {
    const zeros = Float64Array.of(1, 0, 0, 4, 5, 6);
    const filled = (vsd: Float64Array, missing: number) =>
      readRecording(npz({ vsd: array(vsd, 2, 3), missing: array(Float64Array.of(missing), 1) }), "a.npz")
        .filled;
    expect([filled(zeros, 0), filled(zeros, 2), filled(vsd, 7)]).toEqual([0, 2, 0]);
    for (const wrong of [3, -1, 0.5]) {
      expect(() => filled(zeros, wrong)).toThrow(
        `missing of a.npz is ${wrong}, but must be how many of the 2 zeros of vsd were not measured; correct it`,
      );
    }
    // Someone else's array of that name is no count.
    expect(readRecording(npz({ missing: array(vsd, 2, 3) }), "a.npz")).toEqual(recording);
  });
});

describe("an NPZ recording", () => {
  it("has vsd, time and space, among whatever", () => {
    expect(readRecording(npz({ other: array(vsd, 3, 2) }), "a.npz")).toEqual(recording);
    const column = npz({ time: array(time, 3, 1), space: array(space, 1, 2) });
    expect(readRecording(column, "a.npz")).toEqual(recording);
    const [first] = openRecording(npz({ missing: array(Float64Array.of(0), 1) }), "a.npz").contents();
    expect(first).toEqual({ name: "vsd", what: "2×3 float64" });
  });

  it("is refused with what is wrong, where, and what to do", () => {
    expect(refusal(npz({ vsd: undefined }), "a.npz")).toBe(
      "a.npz holds no vsd but time, space; a recording has the arrays vsd (space × time, in ‰), time (ms) and space (mm).",
    );
    expect(refusal(npz({ vsd: undefined, stim1: array(vsd, 2, 3) }), "a.npz")).toBe(
      "a.npz holds stim1 but no vsd; save 1000 * stim1 as vsd, for that is in ‰.",
    );
    expect(refusal(npz({ time: undefined }), "a.npz")).toContain("a.npz has no array time; ");
    expect(refusal(npz({ vsd: array(vsd, 3, 2) }), "a.npz")).toContain(
      "vsd of a.npz is 3×2, but space has 2 samples and time 3: vsd must be 2×3, so transpose it.",
    );
    expect(refusal(npz({ vsd: array(vsd) }), "a.npz")).toContain("vsd of a.npz is 6, but");
    expect(refusal(npz({ vsd: array(vsd.with(4, Number.POSITIVE_INFINITY), 2, 3) }), "a.npz")).toContain(
      "vsd[1, 1] of a.npz is infinite; ",
    );
    expect(refusal(npz({ vsd: array(vsd.fill.call(vsd.slice(), Number.NaN), 2, 3) }), "a.npz")).toContain(
      "vsd of a.npz is NaN throughout; ",
    );
    expect(refusal(npz({ time: array(time.toReversed()) }), "a.npz")).toContain(
      "time of a.npz must rise from sample to sample, but sample 2 (0 ms) follows 10 ms; ",
    );
    expect(refusal(npz({ space: array(Float64Array.of(0)) }), "a.npz")).toContain(
      "space of a.npz has length 1; ",
    );
  });

  it("that is damaged is never read as another", () => {
    const whole = npz();
    for (let length = 0; length < whole.length; length++) {
      expect(() => readRecording(whole.subarray(0, length), "a.npz")).toThrow(BadInput);
    }
    const expected = bitsOf(artifactOf(recording));
    let refusals = 0;
    fc.assert(
      fc.property(fc.nat({ max: whole.length - 1 }), fc.nat({ max: 7 }), (at, bit) => {
        try {
          const read = readRecording(whole.with(at, whole[at]! ^ (1 << bit)), "a.npz");
          expect(bitsOf(artifactOf(read))).toEqual(expected);
        } catch (thrown) {
          if (!(thrown instanceof BadInput)) throw thrown;
          refusals += 1;
        }
      }),
      { numRuns: 3000 },
    );
    expect(refusals).toBeGreaterThan(500);
  });

  const folder = mkdtempSync(join(tmpdir(), "mesoflow-npz-"));
  afterAll(() => rmSync(folder, { recursive: true }));
  it.skipIf(!hasNumpy).each(["savez", "savez_compressed"])(
    titled("is what numpy's %s wrote, in any type and order", hasNumpy, "python3 with numpy"),
    { tags: ["process"] },
    (save) => {
      const path = join(folder, `${save}.npz`);
      const script = `
import sys, numpy as np
vsd = np.asfortranarray([[1, 2, 3], [4.5, np.nan, 6]], dtype="f4")
named = dict(vsd=vsd, time=np.arange(-10, 11, 10), space=np.array([[0], [0.5]]))
np.${save}(sys.argv[1], session="text", complex=1j, tags=np.array(["a", None]), **named)`;
      python(script, path);
      expect(readRecording(readFileSync(path), path)).toEqual(recording);
      expect(openRecording(readFileSync(path), path).contents()).toContainEqual({
        name: "session",
        what: "unreadable here",
      });
    },
  );
});

describe("a CSV recording", () => {
  it("is a tidy table in any order of rows and columns, or a matrix", () => {
    const shuffled = [tidy[0]!, ...tidy.slice(1).toReversed()].map(([t, x, v]) => [v, "note", x, t]);
    for (const rows of [tidy, shuffled.with(0, ["VSD [‰]", "note", "space (mm)", "time (ms)"]), matrix]) {
      for (const separator of [",", ";", "\t"]) {
        expect(readRecording(csv(rows, separator, "\r\n"), "a.csv")).toEqual(recording);
      }
    }
    for (const corner of ["", "NaN", "space\\time", '"space, time"', "µm are not meant"]) {
      expect(readRecording(csv(changed(matrix, 1, 1, corner)), "a.csv")).toEqual(recording);
    }
    fc.assert(
      fc.property(anyRecording, (any) => {
        const read = readRecording(csv(matrixOf(any)), "a.csv");
        const plus = { ...any, time: any.time.map((t) => t + 0), space: any.space.map((x) => x + 0) };
        expect(bitsOf(artifactOf(read))).toEqual(bitsOf(artifactOf(plus)));
      }),
    );
  });

  it("is refused for its head, naming row and column", () => {
    expect(
      refused([
        ["cell", "mean", "sd"],
        [1, 2, 3],
      ]),
    ).toBe(
      'row 1, column 2 of a.csv is "mean"; a recording begins with the names space, time and vsd, or with times in ms from column 2 on.',
    );
    expect(
      refused([
        ["x", 1],
        [1, 2],
      ]),
    ).toContain('row 1, column 1 of a.csv is "x"; ');
    expect(
      refused([
        ["", 1, "", 3],
        [1, 2, 3, 4],
      ]),
    ).toContain("row 1, column 3 of a.csv is blank; ");
    expect(
      refused([
        [0.1, 0.2, 0.3],
        [1, 2, 3],
      ]),
    ).toBe(
      "row 1, column 1 of a.csv is the number 0.1; leave that cell empty, with times in ms beside it and places in mm below.",
    );
    expect(refused(changed(matrix, 1, 1, "time (ms)"))).toBe(
      "row 1, column 1 of a.csv says that time goes down column 1; transpose the table, so that times are in row 1.",
    );
    expect(refused(changed(tidy, 1, 2, "place"))).toBe(
      "row 1 of a.csv names a column vsd but none space; add it.",
    );
    expect(refused(changed(tidy, 1, 1, "time (s)"))).toBe(
      "row 1, column 1 of a.csv says that time is in s; give it in ms.",
    );
    expect(refused(tidy.map((row, i) => [...row, i === 0 ? "vsd" : 1]))).toBe(
      "columns 3 and 4 of row 1 of a.csv are both called vsd; rename one.",
    );
    expect(refused([])).toContain("a.csv is empty; ");
    expect(refusal(Buffer.from("\n\n"), "a.csv")).toContain("a.csv is empty; ");
    for (const head of [
      ["cell", "mean", "sd"],
      [1, 2, 3],
      ["time", "space", "model"],
    ]) {
      expect(() => openRecording(csv([head]), "a.csv")).toThrow(NoRecording);
    }
  });

  it("is refused for its rows, naming row and column", () => {
    for (const [rows, row] of [
      [tidy, 3],
      [matrix, 2],
    ] as const) {
      const last = rows[0]!.length;
      expect(refused(changed(rows, row, last, "x"))).toContain(
        `row ${row}, column ${last} of a.csv is "x", which is no`,
      );
      expect(refused(changed(rows, row, last, "0,5"), ";")).toContain(
        `row ${row}, column ${last} of a.csv is "0,5"; write numbers with a decimal point`,
      );
      expect(refused(changed(rows, row, last, "inf"))).toContain(
        `row ${row}, column ${last} of a.csv is infinite`,
      );
      expect(refused(rows.with(row - 1, rows[row - 1]!.slice(1)))).toBe(
        `row ${row} of a.csv ends with column ${last - 1}, but row 1 has ${last} columns; give every row a cell for each.`,
      );
      expect(refused(rows.with(row - 1, [...rows[row - 1]!, 5]))).toBe(
        `row ${row} of a.csv has a cell in column ${last + 1}, but row 1 only ${last} columns; ` +
          "give every row a cell for each, and numbers decimal points rather than commas.",
      );
    }
    const blank = rowsWith("vsd", "");
    expect(refused(blank)).toContain("vsd of a.csv is NaN throughout; ");
    expect(refused(changed(tidy, 3, 2, ""))).toBe(
      "row 3, column 2 of a.csv is blank; every vsd needs its space.",
    );
    expect(refused(changed(tidy, 3, 1, -10))).toBe(
      "row 3 of a.csv tells vsd at -10 ms and 0 mm again, after row 2; keep one of them.",
    );
    expect(refused(tidy.slice(0, -1))).toBe(
      "a.csv has no row for 10 ms and 0.5 mm; give every place at every time a row, with a blank vsd where nothing was measured.",
    );
    expect(refused(tidy.slice(0, 4))).toContain("space of a.csv has length 1; ");
    expect(refused(tidy.slice(0, 1))).toContain("space of a.csv has length 0; ");
    expect(refused(changed(matrix, 1, 3, -10))).toContain(
      "time of a.csv must rise from sample to sample, but row 1, column 3 (-10 ms) follows -10 ms; ",
    );
    expect(refused(changed(matrix, 3, 1, ""))).toBe(
      "space of a.csv is NaN at row 3, column 1; every sample needs its mm.",
    );
    expect(refused(changed(matrix, 3, 1, -1))).toContain("but row 3, column 1 (-1 mm) follows 0 mm; ");
    expect(refused(changed(matrix, 1, 2, "-10,5"), ";")).toContain(
      'row 1, column 2 of a.csv is "-10,5"; write numbers',
    );
  });

  it("is read or refused whatever is changed in it", () => {
    const texts = [csv(tidy), csv(matrix)].map((bytes) => Buffer.from(bytes).toString());
    const edit = fc.tuple(
      fc.nat(200),
      fc.nat(3),
      fc.string({ unit: fc.constantFrom(...'0.5e-,;"\n\tn '), maxLength: 3 }),
    );
    fc.assert(
      fc.property(fc.constantFrom(...texts), edit, (text, [at, cut, put]) => {
        const place = at % text.length;
        refusal(Buffer.from(text.slice(0, place) + put + text.slice(place + cut)), "a.csv");
      }),
      { numRuns: 2000 },
    );
  });

  function rowsWith(name: string, value: unknown) {
    const column = tidy[0]!.indexOf(name);
    return tidy.map((row, i) => (i === 0 ? row : row.with(column, value)));
  }
});

describe("the kind of a file", () => {
  const files = {
    mat: writeRecording({ stim1: vsd.map((value) => value / 1e3), time, space }),
    npz: npz(),
    tidy: csv(tidy),
    matrix: csv(matrix),
  };
  it("is told by its content, whatever its ending", () => {
    for (const bytes of Object.values(files)) {
      for (const ending of [".mat", ".npz", ".csv", ".dat", ""]) {
        const read = readRecording(bytes, `a${ending}`);
        expect({ ...read, vsd: read.vsd.map((value) => Math.round(10 * value) / 10) }).toEqual(recording);
      }
    }
  });

  it.each([
    ["a.mat", new Uint8Array(), "a.mat is empty; copy it anew or save it again."],
    ["a.npz", Buffer.from("time,space"), "a.npz is no NPZ file or damaged; save it again."],
    ["a.npz", npz().subarray(0, 300), "a.npz is no NPZ file or damaged; save it again."],
    [
      "a.npy",
      encodeNpy(vsd, [2, 3]),
      "a.npy is a single array of NumPy (.npy); save signal and axes together with",
    ],
    ["a.csv.gz", gzipSync(csv(tidy)), "a.csv.gz is compressed with gzip; unpack it first."],
    [
      "a.csv",
      Buffer.from(`\ufeff${csv(tidy)}`, "utf16le"),
      'a.csv is text in UTF-16; save it as "CSV UTF-8".',
    ],
    ["a.csv", Uint8Array.of(1, 0, 2, 0), 'a.csv is no text; save it as "CSV UTF-8".'],
    ["a.xlsx", encodeNpz({}), "a.xlsx holds no arrays; a recording has the arrays"],
    [
      "a.csv",
      Buffer.from("\x89HDF\r\n\x1a\n\0\0", "latin1"),
      'a.csv is a MATLAB v7.3 (HDF5) file, which cannot be read here; save it in MATLAB with save(…, "-v7").',
    ],
    [
      "a.mat",
      Buffer.concat([
        Buffer.from("MATLAB 7.3 MAT-file".padEnd(512)),
        Buffer.from("\x89HDF\r\n\x1a\n", "latin1"),
      ]),
      "a.mat is a MATLAB v7.3 (HDF5) file",
    ],
    [
      "a.mat",
      Buffer.from(Int32Array.of(0, 1, 1, 0, 2, 0x78).buffer),
      'a.mat is a MATLAB v4 file, or none at all; save it in MATLAB with save(…, "-v7").',
    ],
    ["a.mat", Buffer.from("no recording"), "a.mat is no MATLAB file: it lacks the header of one; "],
  ])("is told where none is read from it: %s", (file, bytes, sentence) => {
    expect(refusal(bytes, file)).toContain(sentence);
  });

  const folder = mkdtempSync(join(tmpdir(), "mesoflow-hdf5-"));
  afterAll(() => rmSync(folder, { recursive: true }));
  it.skipIf(!hasNumpy)(
    titled("npy is that of numpy.save", hasNumpy, "python3 with numpy"),
    { tags: ["process"] },
    () => {
      const path = join(folder, "a.npy");
      python("import sys, numpy as np; np.save(sys.argv[1], np.eye(3))", path);
      expect(refusal(readFileSync(path), "a.dat")).toContain("a.dat is a single array of NumPy (.npy); ");
    },
  );
});
