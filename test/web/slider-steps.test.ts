import { describe, expect, it } from "vitest";
import { nearestStep, sliderSteps } from "../../web/client/slider-steps.ts";
import { parameters } from "./parameters.ts";

const of = (path: string) => parameters.find((parameter) => parameter.path === path)!;
const sliders = parameters.filter((parameter) => sliderSteps(parameter).length > 0);

describe("where a slider stops", () => {
  it("is on a logarithmic scale where the range spans decades", () => {
    const stops = sliderSteps(of("ring.v_c"));
    expect([stops[0], stops.at(-1)]).toEqual([15, 6000]);
    expect(stops).toEqual(expect.arrayContaining([50, 100, 300, 600]));
    const ratios = stops.slice(1).map((stop, k) => stop / stops[k]!);
    expect(Math.max(...ratios)).toBeLessThan(1.06);
  });

  it("is in even, round steps within narrow bounds, and from nothing on where that is allowed", () => {
    expect(sliderSteps(of("propagation.trial.level")).slice(0, 3)).toEqual([1, 1.5, 2]);
    expect(sliderSteps(of("ring.amplitude"))[0]).toBe(0);
    expect(sliderSteps(of("tf.seeds"))).toEqual(expect.arrayContaining([1, 2, 3, 4, 5]));
    expect(sliderSteps(of("tf.seeds")).every(Number.isInteger)).toBe(true);
  });

  it("is nowhere for what is no number", () => {
    for (const path of ["reading", "scan.v_c", "recordings", "mean_field.drive"]) {
      expect(sliderSteps(of(path))).toEqual([]);
    }
  });

  it.each(sliders.map((parameter) => [parameter.path, parameter] as const))(
    "rises within what %s may be, and holds what it began with",
    (_, parameter) => {
      const stops = sliderSteps(parameter);
      expect(stops.length).toBeGreaterThan(5);
      expect(stops.length).toBeLessThan(420);
      expect(stops.every((stop, k) => k === 0 || stop > stops[k - 1]!)).toBe(true);
      expect(stops[0]).toBeGreaterThanOrEqual(parameter.minimum ?? Number.NEGATIVE_INFINITY);
      expect(stops.at(-1)).toBeLessThanOrEqual(parameter.maximum ?? Number.POSITIVE_INFINITY);
      if (/above 0/.test(parameter.requirement)) expect(stops[0]).toBeGreaterThan(0);
      expect(stops[nearestStep(stops, parameter.base as number)]).toBe(parameter.base);
    },
  );
});
