import { describe, expect, it } from "vitest";
import { noiseOf, whitening } from "../../../../stages/model/posterior/noise.ts";
import { normals } from "../../../../stages/numerics/statistics/normal.ts";
import { golden, relative } from "../../../golden.ts";

const { blocks, noise, one, other, product, square } = golden("posterior").whitening;

/** A map [block, frame] of white noise and a field of such correlations, both of the given SDs. */
function simulated(
  { white, field, memory, next }: { white: number; field: number; memory: number; next: number },
  [rows, frames]: readonly [number, number],
  seed: number,
): Float64Array {
  const drawn = normals(seed, 2 * rows * frames);
  const map = new Float64Array(rows * frames);
  for (let j = 0; j < frames; j += 1) {
    let row = 0;
    for (let i = 0; i < rows; i += 1) {
      const fresh = drawn[rows * frames + i * frames + j]!;
      row = i === 0 ? fresh : next * row + Math.sqrt(1 - next * next) * fresh;
      map[i * frames + j] =
        j === 0 ? row : memory * map[i * frames + j - 1]! + Math.sqrt(1 - memory * memory) * row;
    }
  }
  return map.map((value, at) => field * value + white * drawn[at]!);
}

describe("the noise of a baseline", () => {
  it("whitens as the inverse of NumPy's covariance matrix does", () => {
    const whiten = whitening(noise, blocks, one.length / blocks);
    const [a, b] = [whiten(Float64Array.from(one)), whiten(Float64Array.from(other))];
    const dot = (x: Float64Array, y: Float64Array) => x.reduce((sum, value, i) => sum + value * y[i]!, 0);
    expect(relative([dot(a, a), dot(a, b)], [square, product])).toBeLessThan(1e-11);
  });

  it("is told from a long baseline of known correlations", () => {
    const map = simulated({ white: 0.3, field: 0.5, memory: 0.6, next: Math.exp(-1 / 4) }, [8, 90], 11);
    const { variance, shared, memory, reach } = noiseOf(map, 8);
    // 90 correlated frames are worth about 85 independent values of the field: an SD of 0.25 · √(2/85).
    expect(Math.abs(variance - 0.34)).toBeLessThan(0.08);
    expect(Math.abs(shared - 0.25 / 0.34)).toBeLessThan(0.11);
    expect(Math.abs(memory - 0.6)).toBeLessThan(0.11);
    expect([2, 4, 8]).toContain(reach);
  });

  it("of 17 frames is right on average: whitened, other frames have variance 1", () => {
    let sum = 0;
    const runs = 60;
    for (let run = 0; run < runs; run += 1) {
      const known = { white: 0.3, field: 0.5, memory: 0.4, next: 0.8 };
      const found = noiseOf(simulated(known, [8, 17], 100 + run), 8);
      const whitened = whitening(found, 8, 40)(simulated(known, [8, 40], 500 + run));
      sum += whitened.reduce((total, value) => total + value * value, 0) / whitened.length / found.variance;
    }
    expect(sum / runs).toBeGreaterThan(0.9);
    expect(sum / runs).toBeLessThan(1.4);
  });
});
