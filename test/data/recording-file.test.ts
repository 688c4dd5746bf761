import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type MatFields, writeMat } from "../../data/mat5-write.ts";
import { readRecording } from "../../data/recording-file.ts";
import { writeRecording } from "../../data/recording-mat.ts";
import { BadInput } from "../../pipeline/errors.ts";
import { mat5 } from "./mat5-bytes.ts";

const recording = {
  stim1: Float64Array.of(1e-3, NaN, 3e-3, -0, 5e-3, 6e-3),
  time: Float64Array.of(-10, 0, 10),
  space: Float64Array.of(0, 0.5),
};
const { stim1, ...axes } = recording;
const permille = (fractions: Float64Array) => fractions.map((fraction) => 1e3 * fraction);
/** What is read of it. */
const read = { ...axes, vsd: permille(stim1), filled: 0 };
const row = (...data: number[]) => ({ data: Float64Array.from(data), shape: [1, data.length] });
const fields: MatFields = {
  stim1: { data: recording.stim1, shape: [2, 3] },
  time: row(...recording.time),
  space: row(...recording.space),
};

/** Why a file with these fields is refused. */
function refusal(changed: MatFields, variable = "matNL"): string {
  try {
    readRecording(writeMat({ [variable]: { ...fields, ...changed } }), "a.mat");
  } catch (error) {
    expect(error).toBeInstanceOf(BadInput);
    return (error as BadInput).message;
  }
  return "none";
}

describe("readRecording", () => {
  it("reads what writeRecording wrote, and that is always the same", () => {
    const bytes = writeRecording(recording);
    expect(readRecording(bytes, "a.mat")).toEqual(read);
    expect(bytes).toEqual(writeRecording(recording));
    expect(Buffer.from(bytes.subarray(0, 128)).toString("latin1")).toBe(
      `${"MATLAB 5.0 MAT-file, written by mesoflow".padEnd(116)}\0\0\0\0\0\0\0\0\0\x01IM`,
    );
  });

  it("reads single precision, columns, and other fields of any kind", () => {
    const bytes = writeMat({
      note: "beside it",
      matNL: {
        name: "session",
        space: { data: Float32Array.of(0, 0.5), shape: [2, 1] },
        stim1: { data: Float32Array.from(recording.stim1), shape: [2, 3] },
        time: { data: recording.time, shape: [3, 1] },
        matAM: { inner: "struct" },
      },
    });
    expect(readRecording(bytes, "a.mat")).toEqual({
      ...read,
      vsd: permille(Float64Array.from(stim1, Math.fround)),
    });
  });

  it("takes the first of several, and real data beside complex ones", () => {
    const { struct, matrix, numbers, file } = mat5(true);
    const array = (shape: number[], values: number[]) => matrix(6, shape, "", numbers(9, values));
    const element = (at: number) => [
      array([2, 2], [at, 1, 2, 3]),
      array([1, 2], [0, 1]),
      array([1, 2], [0, 1]),
      matrix(6 | 0x800, [1, 1], "", numbers(9, [1]), numbers(9, [1])),
    ];
    const names = ["stim1", "time", "space", "mat"];
    const bytes = file(struct([1, 2], "matNL", names, ...element(0), ...element(9)));
    expect(Array.from(readRecording(bytes, "a.mat").vsd)).toEqual([0, 2000, 1000, 3000]);
    const none = file(struct([0, 0], "matNL", names));
    expect(() => readRecording(none, "a.mat")).toThrow("matNL of a.mat has no time");
    const complex = file(struct([1, 1], "matNL", ["stim1", "space", "mat", "time"], ...element(0)));
    expect(() => readRecording(complex, "a.mat")).toThrow(
      "time of a.mat is a complex array; store it as an array of real",
    );
  });

  it("says what is wrong, where, and what to do", () => {
    expect(refusal({}, "matXY")).toBe(
      "a.mat holds no matNL but matXY; a recording is a struct matNL with the fields stim1 (space × time), time and space.",
    );
    expect(() => readRecording(writeMat({}), "a.mat")).toThrow("a.mat holds no variables; ");
    expect(() => readRecording(writeMat({ matNL: row(1) }), "a.mat")).toThrow(
      "matNL of a.mat is an array of numbers; ",
    );
    expect(() => readRecording(writeMat({ matNL: { time: row(0, 1), space: row(0, 1) } }), "a.mat")).toThrow(
      "matNL of a.mat has no stim1; a recording is",
    );
    expect(refusal({ stim1: "abc" })).toBe("stim1 of a.mat is text; store it as an array of real numbers.");
    expect(refusal({ stim1: { data: recording.stim1, shape: [3, 2] } })).toBe(
      "stim1 of a.mat is 3×2, but space has 2 samples and time 3: stim1 must be 2×3, so transpose it.",
    );
    expect(refusal({ stim1: { data: recording.stim1, shape: [2, 3, 1] } })).toContain("stim1 must be 2×3");
    expect(refusal({ stim1: { data: new Float64Array(6).fill(NaN), shape: [2, 3] } })).toContain(
      "is NaN throughout; ",
    );
    expect(refusal({ stim1: { data: recording.stim1.with(4, -Infinity), shape: [2, 3] } })).toContain(
      "stim1(2, 2) of a.mat is infinite; ",
    );
    expect(refusal({ time: row(1) })).toBe(
      "time of a.mat has length 1; a recording needs at least 2 samples.",
    );
    expect(refusal({ space: { data: new Float64Array(0), shape: [0, 0] } })).toContain(
      "space of a.mat has length 0; ",
    );
    expect(refusal({ space: { data: new Float64Array(4), shape: [2, 2] } })).toContain(
      "space of a.mat is 2×2; ",
    );
    expect(refusal({ time: row(0, 10, NaN) })).toBe(
      "time of a.mat is NaN at sample 3; every sample needs its ms.",
    );
    expect(refusal({ space: row(0, Infinity) })).toContain("space of a.mat is Infinity at sample 2; ");
    expect(refusal({ time: row(0, 10, 10) })).toBe(
      "time of a.mat must rise from sample to sample, but sample 3 (10 ms) follows 10 ms; sort or correct it.",
    );
    expect(refusal({ space: row(0, -0.5) })).toContain("but sample 2 (-0.5 mm) follows 0 mm; ");
  });

  it("reads or refuses a file with any byte changed or the end cut off", () => {
    const whole = writeRecording(recording);
    const survives = (bytes: Uint8Array) => {
      try {
        readRecording(bytes, "a.mat");
      } catch (error) {
        if (!(error instanceof BadInput)) throw error;
      }
    };
    for (let length = 0; length < whole.length; length++) {
      expect(() => readRecording(whole.subarray(0, length), "a.mat")).toThrow(BadInput);
    }
    fc.assert(
      fc.property(fc.nat({ max: whole.length - 1 }), fc.integer({ min: 0, max: 255 }), (at, value) => {
        survives(whole.with(at, value));
      }),
      { numRuns: 3000 },
    );
  });
});
