import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parameters } from "../../../stages/model/parameters/parameters.ts";
import { Coordinates, type Ranges } from "../../../stages/refinement/coordinates.ts";
import { scanSchema } from "../../../stages/scan.ts";

const { points: _, t_range: _window, normalisation: _peak, ...ranges } = scanSchema.parse({});

describe("coordinates of the search", () => {
  it("lead from parameters to a point of the box and back", () => {
    const coordinates = new Coordinates(ranges, 36 / 29);
    const point = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 6, maxLength: 6 });
    fc.assert(
      fc.property(point, (point) => {
        const x = Float64Array.from(point);
        const set = coordinates.parametersAt(x);
        for (const name of parameters) {
          expect(set[name]).toBeGreaterThanOrEqual(ranges[name][0]);
          expect(set[name]).toBeLessThanOrEqual(ranges[name][1]);
        }
        coordinates.pointOf(set).forEach((at, k) => {
          expect(at).toBeCloseTo(x[k]!, 12);
        });
      }),
    );
  });

  it("have the ranges' ends as sides, and what lies beyond them on these", () => {
    const coordinates = new Coordinates(ranges, 36 / 29);
    for (const side of [0, 1] as const) {
      const ends = Object.fromEntries(parameters.map((name) => [name, ranges[name][side]]));
      const x = new Float64Array(6).fill(side);
      expect([...coordinates.pointOf(ends as never)]).toEqual([...x]);
      for (const name of parameters)
        expect(coordinates.parametersAt(x)[name]).toBeCloseTo(ranges[name][side], 9);
    }
    expect(coordinates.of("l_exc", 100)).toBe(1);
    expect(coordinates.of("tau1", 1)).toBe(0);
  });

  it("are linear where a stimulus is too narrow for the next unit to tell", () => {
    const narrow: Ranges = { ...ranges, l_stim: [0.01, 0.02] };
    const coordinates = new Coordinates(narrow, 36 / 29);
    expect(coordinates.of("l_stim", 0.015)).toBeCloseTo(0.5, 12);
    expect(coordinates.parametersAt(new Float64Array(6).fill(0.5)).l_stim).toBeCloseTo(0.015, 12);
  });
});
