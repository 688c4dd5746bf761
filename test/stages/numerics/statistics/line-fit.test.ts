import studentQuantile from "@stdlib/stats-base-dists-t-quantile";
import { describe, expect, it } from "vitest";
import { fitLine } from "../../../../stages/numerics/statistics/line-fit.ts";
import { normals } from "../../../../stages/numerics/statistics/normal.ts";
import { golden } from "../../../golden.ts";

describe("a straight line", () => {
  const x = Float64Array.from({ length: 40 }, (_, i) => i / 4);

  it("through points on one is that line, without doubt", () => {
    const { slope, intercept, low, high } = fitLine(
      x,
      x.map((value) => 3 - 2 * value),
      0.95,
    );
    expect([slope, intercept, low, high]).toEqual([-2, 3, -2, -2]);
  });

  it("has the interval of ordinary regression, but for two degrees of freedom, where errors alternate", () => {
    // Anticorrelated, so the effective number is the whole number: 40 points, 36 degrees of freedom.
    const y = x.map((value, i) => value + (i % 2));
    const { slope, low, high, effective } = fitLine(x, y, 0.95);
    const residuals = y.map((value, i) => value - slope * x[i]!);
    const mean = residuals.reduce((sum, each) => sum + each, 0) / 40;
    const squares = residuals.reduce((sum, each) => sum + (each - mean) ** 2, 0);
    const spread = x.reduce((sum, each) => sum + (each - 4.875) ** 2, 0);
    expect(effective).toBe(40);
    expect((high - low) / 2).toBeCloseTo(studentQuantile(0.975, 36) * Math.sqrt(squares / 36 / spread), 12);
  });

  it("says nothing of its error where times are rounded to a few values, or points are few", () => {
    const rounded = x.map((value) => Math.round(value / 3));
    expect(fitLine(x, rounded, 0.95)).toMatchObject({ effective: 4, low: -Infinity, high: Infinity });
    expect(fitLine(x.slice(0, 4), x.slice(0, 4), 0.95).high).toBe(Infinity);
    // What is no straight line is off it for many neighbours on end.
    expect(fitLine(x, x.map(Math.sqrt), 0.95).effective).toBeLessThan(8);
  });

  /** Moving averages of white noise over so many neighbours, of SD 1. */
  const noise = (width: number, n: number, seed: number) => {
    const white = normals(seed, n + width);
    return Float64Array.from({ length: n }, (_, i) => {
      const own = white.subarray(i, i + width);
      return own.reduce((sum, value) => sum + value, 0) / Math.sqrt(width);
    });
  };
  const covered = (width: number, n: number, confidence: number) => {
    const repetitions = 1000;
    const places = Float64Array.from({ length: n }, (_, i) => i * 0.0566);
    let count = 0;
    for (let seed = 0; seed < repetitions; seed++) {
      const errors = noise(width, n, seed);
      const { low, high } = fitLine(
        places,
        places.map((place, i) => 4 * place + errors[i]!),
        confidence,
      );
      if (low <= 4 && 4 <= high) count += 1;
    }
    return count / repetitions;
  };

  // The reference is of 4,000 other lines, so both shares are of chance.
  it.each(golden("propagation").coverage as [width: number, n: number, confidence: number, share: number][])(
    "covers the true slope as often as in NumPy: errors of %i rows, %i points, %f: %f",
    (...[width, n, confidence, share]) => {
      const deviation = Math.sqrt(share * (1 - share) * (1 / 1000 + 1 / 4000));
      expect(Math.abs(covered(width, n, confidence) - share)).toBeLessThan(3 * deviation);
      // Where points are no fewer than ten of what errors share, that is what was asked for.
      if (n >= 10 * width) expect(share).toBeGreaterThan(confidence - 0.02);
    },
  );
});
