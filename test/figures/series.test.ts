import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { figuresOf } from "../../figures/index.ts";
import { coarser } from "../../figures/map.ts";
import { listed, rounded, written } from "../../figures/number.ts";
import { leastOf } from "../../figures/scan.ts";
import { binMeans, decimated, extent, ticksOf } from "../../figures/series.ts";
import { textWidth } from "../../figures/svg.ts";
import { recordings, scanOf } from "./artifacts/scan.ts";
import { results } from "./artifacts.ts";
import { look, textsOf } from "./drawing.ts";

describe("series", () => {
  it("a decimated line keeps every extreme, in order", () => {
    const values = fc.array(fc.double({ min: -1e3, max: 1e3, noNaN: true }), {
      minLength: 1,
      maxLength: 500,
    });
    fc.assert(
      fc.property(values, fc.integer({ min: 1, max: 40 }), (y, columns) => {
        const line = decimated(Object.keys(y).map(Number), y, columns);
        expect(line.x.length).toBeLessThanOrEqual(2 * columns);
        expect(extent(line.y)).toEqual(extent(y));
        expect(line.x).toEqual([...line.x].sort((a, b) => a - b));
        expect(line.y).toEqual(line.x.map((x) => y[x]));
      }),
    );
  });

  it("ticks are round, within the domain, and more than one", () => {
    const domain = fc.tuple(fc.integer({ min: -1e6, max: 1e6 }), fc.integer({ min: 1, max: 1e6 }));
    fc.assert(
      fc.property(
        domain,
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: -6, max: 6 }),
        ([from, span], about, e) => {
          const [low, high] = [Number(`${from}e${e}`), Number(`${from + span}e${e}`)];
          const ticks = ticksOf([low, high], about);
          expect(ticks.length).toBeGreaterThanOrEqual(2);
          expect(ticks.length).toBeLessThanOrEqual(3 * about + 6);
          for (const tick of ticks) {
            expect(tick).toBeGreaterThanOrEqual(low - (high - low) * 1e-8);
            expect(tick).toBeLessThanOrEqual(high + (high - low) * 1e-8);
          }
        },
      ),
    );
    expect(ticksOf([0, 1e-21], 5)).toEqual([0]);
    expect(ticksOf([0, 1500], 8)).toEqual([0, 200, 400, 600, 800, 1000, 1200, 1400]);
    expect(ticksOf([-0.9, 1.6], 5)).toEqual([-0.5, 0, 0.5, 1, 1.5]);
  });

  it("means leave out what is missing, and a rest at the end", () => {
    expect(binMeans([1, 3, 5, 7, 100], 2)).toEqual([2, 6]);
    const values = [
      [1, 2, 3, 4],
      [5, Number.NaN, 7, 8],
    ];
    const field = coarser({ x: [0, 1, 2, 3], y: [0, 1], at: (i, j) => values[j]![i]! }, 2, 1);
    expect([field.x, field.y]).toEqual([[0.5, 2.5], [0.5]]);
    expect([field.at(0, 0), field.at(1, 0)]).toEqual([8 / 3, 5.5]);
  });

  it("numbers are written for people", () => {
    expect([0.1 + 0.2, -3, 1e4, Number.NaN].map(written)).toEqual(["0.3", "−3", "10000", "undefined"]);
    expect([0.041754, 18.25431, -1234.6, 2.5, 12345].map((value) => rounded(value))).toEqual([
      ...["0.0418", "18.3", "−1235", "2.5", "12345"],
    ]);
    expect([["a"], ["a", "b"], ["a", "b", "c"]].map(listed)).toEqual(["a", "a and b", "a, b and c"]);
  });
});

it("the least residuals are those that looking at all of them finds", () => {
  const scan = scanOf();
  const { data, shape } = scan.artifact.arrays.residual;
  recordings.forEach((_, recording) => {
    const own = Array.from(data).filter((_, k) => k % recordings.length === recording);
    const { best, envelopes } = leastOf(scan, recording)!;
    expect(best.residual).toBe(Math.min(...own));
    // v_c is the slowest axis: its values are consecutive thirds of the points.
    const third = own.length / shape[0]!;
    const thirds = [0, 1, 2].map((k) => Math.min(...own.slice(k * third, (k + 1) * third)));
    expect([...envelopes.v_c]).toEqual(thirds);
    // tau1 is the fastest but for the recordings.
    const halves = [0, 1].map((half) => Math.min(...own.filter((_, k) => k % 2 === half)));
    expect([...envelopes.tau1]).toEqual(halves);
    expect(best.tau1).toBe([5, 50][halves.indexOf(best.residual)]);
    expect(best.v_c).toBe([50, 325, 600][thirds.indexOf(best.residual)]);
  });
});

it("texts are taken to be as wide as they are in Inter, or somewhat wider", () => {
  const made = results();
  const texts = figuresOf(made.keys()).flatMap((figure) => textsOf(figure.draw(made, look())));
  const off = texts
    .filter(({ text }) => text.length > 3)
    .map(({ text, size, left, right }) => ({ text, ratio: textWidth(text, size) / (right - left) }))
    .filter(({ ratio }) => ratio < 0.97 || ratio > 1.35);
  expect(off).toEqual([]);
});
