// @module-tag slow
import { describe, expect, it } from "vitest";
import { mersenneTwister } from "../../../../kernels/index.ts";
import {
  type Evaluation,
  sampleAdaptively,
  type Target,
} from "../../../../stages/numerics/statistics/importance.ts";
import { student } from "../../../../stages/numerics/statistics/multivariate-t.ts";
import { normals } from "../../../../stages/numerics/statistics/normal.ts";
import { effectiveSize, quantiles, resampled } from "../../../../stages/numerics/statistics/weights.ts";
import { golden } from "../../../golden.ts";

const reference = golden("posterior");
const { levels } = reference;
const quiet = async () => {};

/** exp(−½ Σ differences²) over the unit cube. */
function target(dimensions: number, differences: (u: Float64Array) => number[]): Target<Evaluation> {
  return {
    dimensions,
    evaluate: (u) => {
      const values = Float64Array.from(differences(u));
      return { differences: values, squares: values.reduce((sum, value) => sum + value * value, 0) };
    },
    logLikelihood: ({ squares }) => -0.5 * squares,
    variance: () => 1,
  };
}

async function quantilesOf(of: Target<Evaluation>, simulations: number, seed: number) {
  const { points, weights, power } = await sampleAdaptively(of, { simulations, seed }, quiet);
  expect(power).toBe(1);
  return Array.from({ length: of.dimensions }, (_, k) =>
    quantiles(
      Float64Array.from(points, (u) => u[k]!),
      weights,
      levels,
    ),
  );
}

/** Whether each quantile is within so much of what it should be. */
function close(got: Float64Array, want: readonly number[], within: number): void {
  for (const [i, value] of got.entries()) expect(Math.abs(value - want[i]!)).toBeLessThan(within);
}

describe("the importance sampler", () => {
  it.each(reference.truncated as { mean: number; sd: number; quantiles: number[] }[])(
    "gives SciPy's quantiles of a normal distribution of mean $mean and SD $sd in a box",
    async ({ mean, sd, quantiles: want }) => {
      const six = target(6, (u) => [...u].map((value) => (value - mean) / sd));
      for (const got of await quantilesOf(six, 3000, 3)) close(got, want, 0.12 * (want[2]! - want[0]!));
      const one = target(1, ([u]) => [(u! - mean) / sd]);
      const [got] = await quantilesOf(one, 3000, 3);
      close(got!, want, 0.04 * (want[2]! - want[0]!));
    },
  );

  it("follows a banana", async () => {
    const got = await quantilesOf(
      target(2, ([x, y]) => [(x! - 0.5) / 0.2, (y! - 0.2 - 2 * (x! - 0.5) * (x! - 0.5)) / 0.03]),
      6000,
      4,
    );
    got.forEach((each, k) => {
      close(each, reference.banana[k], 0.03);
    });
  });

  it("finds both of two equal peaks", async () => {
    const [x, y] = await quantilesOf(
      target(2, ([x, y]) => [((x! - 0.5) * (x! - 0.5) - 0.04) / 0.015, (y! - 0.7) / 0.1]),
      6000,
      5,
    );
    for (const end of [0, 2]) expect(Math.abs(x![end]! - reference.bimodal[0][end])).toBeLessThan(0.02);
    close(y!, reference.bimodal[1], 0.03);
  });

  it("is calibrated on a curved model: ranks of truths among draws are uniform", async () => {
    const [replicates, count] = [100, 4];
    const truths = mersenneTwister(7, 2 * replicates);
    const held = [0, 0];
    const fifths = [0, 1].map(() => [0, 0, 0, 0, 0]);
    for (let n = 0; n < replicates; n += 1) {
      const truth = truths.subarray(2 * n, 2 * n + 2);
      const model = ([a, b]: Float64Array) =>
        Array.from({ length: count }, (_, t) => a! * t + (b! * b! * 3) / (1 + t) + a! * b!);
      const noise = normals(900 + n, count);
      const data = model(truth).map((value, t) => value + 0.2 * noise[t]!);
      const { points, weights } = await sampleAdaptively(
        target(2, (u) => model(u).map((value, t) => (data[t]! - value) / 0.2)),
        { simulations: 600, seed: n },
        quiet,
      );
      for (const k of [0, 1]) {
        const rank = weights.reduce((sum, w, i) => (points[i]![k]! < truth[k]! ? sum + w : sum), 0);
        held[k]! += rank > 0.05 && rank < 0.95 ? 1 : 0;
        fifths[k]![Math.min(4, Math.floor(5 * rank))]! += 1;
      }
    }
    // 90 of 100 with a binomial SD of 3; χ² of the fifths with 4 degrees of freedom, 18.5 at p = 0.001.
    for (const k of [0, 1]) {
      expect(held[k]).toBeGreaterThan(80);
      expect(held[k]).toBeLessThan(99);
      expect(fifths[k]!.reduce((sum, n) => sum + ((n - 20) * (n - 20)) / 20, 0)).toBeLessThan(18.5);
    }
  });

  it("says so where simulations are too few, and is the same for the same seed", async () => {
    const sharp = target(6, (u) => [...u].map((value, k) => 1e4 * (value * value - 0.1 * k)));
    const [one, again, other] = await Promise.all(
      [1, 1, 2].map((seed) => sampleAdaptively(sharp, { simulations: 200, seed }, quiet)),
    );
    expect(one!.power).toBeLessThan(1);
    expect(one!.effectiveSize).toBeGreaterThan(39);
    expect(again!.weights).toEqual(one!.weights);
    expect(other!.weights).not.toEqual(one!.weights);
  });

  it("simulates as often as it may, and stops where it is aborted", async () => {
    let simulated = 0;
    const counted = target(2, (u) => {
      simulated += 1;
      return [...u];
    });
    await sampleAdaptively(counted, { simulations: 333, seed: 1 }, quiet);
    expect(simulated).toBe(333);
    const aborted = sampleAdaptively(counted, { simulations: 333, seed: 1 }, async (fraction) => {
      if (fraction > 0.5) throw new Error("aborted");
    });
    await expect(aborted).rejects.toThrow("aborted");
    expect(simulated).toBeLessThan(333 + 200);
  });
});

describe("weights", () => {
  it("give NumPy's weighted quantiles", () => {
    const { values, weights, levels, quantiles: want } = reference.weighted;
    const got = quantiles(Float64Array.from(values), Float64Array.from(weights), levels);
    expect([...got]).toEqual(want);
  });

  it("are resampled in proportion", () => {
    const drawn = resampled(Float64Array.of(0.5, 0, 0.3, 0.2), 10);
    expect([...drawn]).toEqual([0, 0, 0, 0, 0, 2, 2, 2, 3, 3]);
    expect(effectiveSize(Float64Array.of(0.25, 0.25, 0.25, 0.25))).toBe(4);
  });
});

it("the t-distribution is SciPy's, and its draws have its covariance", () => {
  const { mean, scale, place, log_density } = reference.student;
  const t = student(
    Float64Array.from(mean),
    scale.map((row: number[]) => Float64Array.from(row)),
  )!;
  expect(t.logDensity(Float64Array.from(place))).toBeCloseTo(log_density, 12);
  const n = 20_000;
  const numbers = normals(3, 8 * n);
  const draws = Array.from({ length: n }, (_, i) => t.draw(numbers.subarray(8 * i, 8 * i + 8)));
  for (const [i, j] of [
    [0, 0],
    [0, 1],
    [2, 2],
  ] as const) {
    const product = draws.reduce((sum, x) => sum + (x[i]! - mean[i]) * (x[j]! - mean[j]), 0) / n;
    expect(Math.abs(product - (5 / 3) * scale[i][j])).toBeLessThan(0.12); // ν/(ν − 2) times the scale
  }
});
