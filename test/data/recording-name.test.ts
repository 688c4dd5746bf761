import { describe, expect, it } from "vitest";
import { recordingName, recordingNames, stimulusOf } from "../../data/recording-name.ts";
import { BadInput } from "../../pipeline/errors.ts";

const session = "recordings/monkey1/matx2_wa080507_NL_up";

describe("recordingName", () => {
  it.each([
    [`${session}_5050.mat`, "wa080507"],
    ["wa080507_NL_up_5050.mat", "wa080507"],
    ["matx2_wa071017b_NL_up_1050.mat", "wa071017b"],
    ["a/b/slice 3.v2.mat", "slice 3.v2"],
    ["matx2_wa080507_NL_down_5050.mat", "matx2_wa080507_NL_down_5050"],
    ["matx2_wa080507_NL_up_.mat", "matx2_wa080507_NL_up_"],
    ["example", "example"],
  ])("%s is %s", (file, name) => {
    expect(recordingName(file)).toBe(name);
  });
});

describe("recordingNames", () => {
  it("tells recordings of one session apart by their stimulus", () => {
    const files = [`${session}_100100.mat`, "example.mat", `${session}_5050.mat`];
    expect(recordingNames(files)).toEqual(["wa080507_100100", "example", "wa080507_5050"]);
    expect(recordingNames(["wa080507.mat", `${session}_5050.mat`])).toEqual(["wa080507", "wa080507_5050"]);
    expect(recordingNames([])).toEqual([]);
  });

  it("refuses what it cannot tell apart, naming both", () => {
    expect(() => recordingNames(["a/x.mat", "y.mat", "b/x.mat"])).toThrow(
      new BadInput("a/x.mat and b/x.mat would both be called x; rename one of them or leave it out"),
    );
    expect(() => recordingNames([`${session}_5050.mat`, "b/wa080507_NL_up_5050.mat"])).toThrow(BadInput);
    expect(() => recordingNames([`${session}_5050.mat`, "wa080507.mat", "wa080507_5050.mat"])).toThrow(
      BadInput,
    );
  });
});

describe("stimulusOf", () => {
  const times = [10, 20, 50, 100];
  it.each(times.flatMap((duration) => times.map((delay) => [duration, delay])))(
    "finds %i and %i ms",
    (...ms) => {
      expect(stimulusOf(`${session}_${ms.join("")}.mat`)).toEqual({ duration: ms[0], delay: ms[1] });
    },
  );

  it.each(["5", "50", "100", "1000", "5030", "50501", "a5050"])("finds none in %s", (digits) => {
    expect(stimulusOf(`x_${digits}.mat`)).toBeUndefined();
  });
});
