import { describe, expect, it, test } from "vitest";
import { ageGiven, countGiven, fractionGiven, sizeGiven } from "../../../cli/configuration/quantities.ts";
import { sparkline } from "../../../cli/output/sparkline.ts";

describe("quantities on the command line", () => {
  it("are numbers with units", () => {
    expect(["0B", "10kb", "1.5 GB", "2TB"].map((text) => sizeGiven("x", text))).toEqual([
      0, 1e4, 1.5e9, 2e12,
    ]);
    expect(["90s", "2min", "12h", "30 d"].map((text) => ageGiven("x", text))).toEqual([
      90, 120, 43_200, 2_592_000,
    ]);
    expect([fractionGiven("x", "0.1"), countGiven("x", "0")]).toEqual([0.1, 0]);
    expect([sizeGiven, ageGiven, fractionGiven, countGiven].map((of) => of("x", undefined))).toEqual(
      Array(4).fill(undefined),
    );
  });
  it.each(["", "5", "MB", "-1GB", "1e3 kB", "5 m"])("are refused as sizes: %s", (text) => {
    expect(() => sizeGiven("max-size", text)).toThrow("but must be a size like 500MB or 1.5GB.");
  });
  it("are refused beyond their bounds", () => {
    for (const text of ["0", "1.1", "", "p"]) expect(() => fractionGiven("sample", text)).toThrow("fraction");
    for (const text of ["-1", "1.5", ""]) expect(() => countGiven("keep-runs", text)).toThrow("whole number");
  });
});

test("a sparkline goes from the least part to the largest, with gaps where nothing is known", () => {
  expect(sparkline(Float64Array.of(0, 1, 2, 3, 4, 5, 6, 7))).toBe("▁▂▃▄▅▆▇█");
  expect(sparkline(Float64Array.of(1, Number.NaN, 3))).toBe("▁ █");
  expect(sparkline(Int8Array.of(5, 5, 5))).toBe("▁▁▁");
  expect(sparkline(Float64Array.of(-Number.MAX_VALUE, Number.MAX_VALUE))).toBe("▁█");
  expect(sparkline(new Float64Array(1_000))).toHaveLength(24);
  expect([sparkline(Float64Array.of(1)), sparkline(new Float64Array(0))]).toEqual(["", ""]);
  expect(sparkline(Float64Array.of(Number.NaN, Number.NaN))).toBe("  ");
});
