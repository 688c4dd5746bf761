import { describe, expect, it } from "vitest";
import { bendOf } from "../../../../stages/model/propagation/bent-line.ts";
import { firstCrossing, riseTo } from "../../../../stages/model/propagation/crossing.ts";
import {
  type Propagation,
  propagationSchema,
} from "../../../../stages/model/propagation/propagation-settings.ts";
import { leastSquares } from "../../../../stages/numerics/linear-algebra/least-squares.ts";
import { normals } from "../../../../stages/numerics/statistics/normal.ts";
import { standardDeviation } from "../../../../stages/numerics/statistics/range.ts";
import { asCoded, filmOf, frontFrom, noisy, propagate, recordingOf, riseTime, usual } from "./fronts.ts";

const changed = (of: Propagation, changes: object): Propagation =>
  propagationSchema.parse({ ...of, recording: { ...of.recording, ...changes } });

describe("a crossing", () => {
  const time = Float64Array.of(0, 10, 20, 30, 40);
  const [first, rise] = [firstCrossing, riseTo].map(
    (of) =>
      (signal: number[], level: number): [coded: number, between: number] => [
        of(time, Float64Array.from(signal), level, "as-coded"),
        of(time, Float64Array.from(signal), level, "interpolated"),
      ],
  );

  it("is the first sample at or above a level, or lies before it", () => {
    expect(first!([0, 1, 3, 1, 3], 2)).toEqual([20, 15]);
    expect(first!([0, 1, 3, 1, 3], 3)).toEqual([20, 20]);
    expect(first!([2, 1, 3, 1, 3], 2)).toEqual([0, Number.NaN]);
    expect(first!([0, 0, 0, 0, 0], 2)).toEqual([Number.NaN, Number.NaN]);
  });

  it("is the sample before the peak nearest to a fraction of it, or where it is last crossed", () => {
    expect(rise!([0, 4, 2, 7, 10], 0.6)).toEqual([30, 28]);
    expect(rise!([6, 0, 5, 10, 10], 0.6)).toEqual([0, 22]);
    expect(rise!([5, 7, 0, 10, 0], 0.6)).toEqual([0, 26]);
    expect(rise!([9, 8, 10, 0, 0], 0.6)).toEqual([10, Number.NaN]);
    expect(rise!([10, 8, 10, 0, 0], 0.6)).toEqual([Number.NaN, Number.NaN]);
  });
});

describe("the apex", () => {
  it("is where the best bent line bends", () => {
    for (let seed = 0; seed < 30; seed++) {
      const n = 5 + seed;
      const draws = normals(seed, 2 * n);
      const x = Float64Array.from({ length: n }, (_, i) => i + 0.4 * Math.tanh(draws[i]!));
      const t = x.map((place, i) => (seed % 3) * Math.abs(place - 7) + draws[n + i]!);
      const candidates = [...x.keys()].filter((k) => k === 0 || k === n - 1 || (k >= 3 && k < n - 3));
      const squares = candidates.map((k) => {
        const terms = Array.from(x, (place) => [1, Math.min(place - x[k]!, 0), Math.max(place - x[k]!, 0)]);
        const [a, b, c] = leastSquares(terms, t) as unknown as [number, number, number];
        if (b > 0 || c < 0) return Number.POSITIVE_INFINITY;
        return terms.reduce((sum, [, l, r], i) => sum + (t[i]! - a - b * l! - c * r!) ** 2, 0);
      });
      expect(bendOf({ x, t })).toBe(x[candidates[squares.indexOf(Math.min(...squares))]!]);
    }
  });

  it("is an end where all runs one way, and nowhere without points", () => {
    const x = Float64Array.from({ length: 20 }, (_, i) => i);
    expect(bendOf({ x, t: x })).toBe(0);
    expect(bendOf({ x, t: x.map((place) => -place) })).toBe(19);
    expect(bendOf({ x: x.slice(0, 1), t: x.slice(0, 1) })).toBe(0);
    expect(bendOf({ x: x.slice(0, 0), t: x.slice(0, 0) })).toBeUndefined();
  });
});

describe("a front of known speed", () => {
  const start = (29 / 512) * 90;
  const film = filmOf(frontFrom(start, 150, 300));
  const arrival = Array.from(film.arrays.space.data, (x) =>
    x < start ? (1e3 * (start - x)) / 150 : (1e3 * (x - start)) / 300,
  );

  it("is timed exactly between samples, to half a frame at samples", async () => {
    const [between, coded] = await Promise.all([propagate(film), propagate(film, asCoded)]);
    arrival.forEach((t, i) => {
      expect(between.arrays.crossing.data[i]).toBeCloseTo(t + riseTime, 9);
      expect(Math.abs(coded.arrays.crossing.data[i]! - t - riseTime)).toBeLessThanOrEqual(9.09 / 2);
    });
    expect(between.values.apex).toBe(start);
    expect(between.arrays.speed.data[0]).toBeCloseTo(-150, 6);
    expect(between.arrays.speed.data[1]).toBeCloseTo(300, 6);
    expect(between.arrays.speed_high.data[1]! - between.arrays.speed_low.data[1]!).toBeLessThan(1e-6);
  });

  it("is within the interval about as often as asked for, when the camera is noisy", async () => {
    const repetitions = 150;
    const runs: Awaited<ReturnType<typeof propagate>>["arrays"][] = [];
    for (let seed = 0; seed < repetitions; seed++)
      runs.push((await propagate(noisy(film, 0.05, seed))).arrays);
    [-150, 300].forEach((speed, k) => {
      const covering = runs.filter(
        ({ speed_low, speed_high }) => speed_low.data[k]! <= speed && speed <= speed_high.data[k]!,
      );
      // 3 SE are 0.053.
      expect(covering.length / repetitions).toBeGreaterThan(0.95 - 0.053);
      // Intervals could be ever so wide: their middle one is as wide as the slopes' scatter asks for.
      const slopes = Float64Array.from(runs, ({ slope }) => slope.data[k]!);
      const widths = runs.map(({ slope_low, slope_high }) => slope_high.data[k]! - slope_low.data[k]!);
      const width = widths.sort((a, b) => a - b)[repetitions / 2]!;
      expect(Math.abs(width / (2 * 1.96 * standardDeviation(slopes)) - 1)).toBeLessThan(0.25);
    });
  });

  it("is covered at samples, too, in intervals as wide as frames make them", async () => {
    for (let seed = 0; seed < 40; seed++) {
      const { arrays } = await propagate(noisy(film, 0.02, seed), { ...asCoded, recording: usual.recording });
      [-150, 300].forEach((speed, k) => {
        if (Number.isNaN(arrays.speed.data[k]!)) return;
        expect(arrays.speed_low.data[k]).toBeLessThan(speed);
        expect(arrays.speed_high.data[k]).toBeGreaterThan(speed);
      });
    }
  });

  it("shifts with space and time", async () => {
    const { space, time, vsd } = noisy(film, 0.05, 1).arrays;
    const here = await propagate(recordingOf(space.data, time.data, vsd.data));
    const there = await propagate(
      recordingOf(
        space.data.map((x) => x + 16),
        time.data.map((t) => t - 32),
        vsd.data,
      ),
    );
    here.arrays.crossing.data.forEach((t, i) => {
      expect(there.arrays.crossing.data[i]).toBeCloseTo(t - 32, 9);
    });
    expect(there.values.apex).toBe(here.values.apex! + 16);
    for (const name of ["slope", "slope_low", "slope_high", "speed", "speed_low", "speed_high"] as const) {
      here.arrays[name].data.forEach((value, k) => {
        expect(there.arrays[name].data[k]).toBeCloseTo(value, 6);
      });
    }
  });

  it.each([usual, asCoded])("is mirrored with space", async (settings) => {
    const { space, time, vsd } = noisy(film, 0.05, 2).arrays;
    const [rows, frames, length] = [space.data.length, time.data.length, space.data.at(-1)!];
    const mirrored = vsd.data.map(
      (_, index) => vsd.data[(rows - 1 - Math.floor(index / frames)) * frames + (index % frames)]!,
    );
    const own = changed(settings, {
      before: "peak",
      pieces: [
        [0.5, 4],
        [6, 10],
      ],
    });
    const other = changed(own, {
      pieces: own.recording.pieces === "flanks" ? "flanks" : mirror(own.recording.pieces),
    });
    function mirror(pieces: readonly (readonly [number, number])[]) {
      return pieces.map(([from, to]) => [length - to, length - from]).reverse();
    }
    const here = await propagate(recordingOf(space.data, time.data, vsd.data), own);
    const there = await propagate(
      recordingOf(
        space.data.map((_, i) => length - space.data[rows - 1 - i]!),
        time.data,
        mirrored,
      ),
      other,
    );
    expect(there.arrays.crossing.data.toReversed()).toEqual(here.arrays.crossing.data);
    here.arrays.slope.data.forEach((slope, k) => {
      expect(there.arrays.slope.data.at(-1 - k)).toBeCloseTo(-slope, 9);
      expect(there.arrays.slope_low.data.at(-1 - k)).toBeCloseTo(-here.arrays.slope_high.data[k]!, 9);
    });
  });
});

describe("what cannot be told is said", () => {
  const still = filmOf(() => 0.3);
  const flat = filmOf((_, t) => Math.min(1, Math.max(0, t / 60)));

  it("no response", async () => {
    const { values, arrays } = await propagate(still);
    expect(values).toEqual({
      line: "no row responds: the largest signal is 0.3 ‰, propagation.recording.least is 0.4 ‰",
      ...{ speeds: [], apex: null },
    });
    expect(arrays.crossing.data.every(Number.isNaN)).toBe(true);
  });

  it("no response in time, and pieces without points", async () => {
    const late = await propagate(
      flat,
      changed(usual, {
        before: 20,
        pieces: [
          [3, 5.5],
          [20, 30],
        ],
      }),
    );
    expect(late.values).toEqual({
      line: "193 of 193 rows respond, 0 of them before 20 ms; the earliest at 36 ms",
      speeds: [
        "3 to 5.5 mm, 0 points: no speed, which takes 3 points at least",
        "20 to 30 mm, 0 points: no speed, which takes 3 points at least",
      ],
      apex: null,
    });
    expect([...late.arrays.speed.data, ...late.arrays.slope.data].every(Number.isNaN)).toBe(true);
  });

  it("a front that is everywhere at once", async () => {
    const { values, arrays } = await propagate(flat, changed(usual, { pieces: [[0, 11]] }));
    expect(values.speeds).toEqual([
      "0 to 11 mm, 192 points: not determined; independent points: 1 at most, where 5 are needed",
    ]);
    expect(arrays.slope.data[0]).toBe(0);
    const { values: noise } = await propagate(noisy(flat, 0.05, 3), changed(usual, { pieces: [[0, 11]] }));
    expect(noise.speeds[0]).toMatch(/not determined; either way, faster than \d{4,} mm\/s$/);
  });
});
