import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { configure, layerOfSet } from "../../../cli/configuration/configuration.ts";
import { compareWithNotebook, digitsShared } from "../../../cli/report/notebook-comparison.ts";

const configured = (...settings: string[]) => configure(settings.map(layerOfSet)).configuration;
const said = (here: number, notebook: number | undefined, stage: string, ...settings: string[]) =>
  compareWithNotebook({ quantity: "ν_e", unit: "Hz", here, notebook }, stage, configured(...settings));

describe("how a number agrees with the notebook's, in words", () => {
  it("is not said where the notebook prints none", () => {
    expect(said(1, undefined, "fixed-point")).toBeUndefined();
  });

  it.each([
    ["wholly", said(4, 4, "step-response"), "agrees"],
    ["in all digits", said(2.457196752, 2.45719675, "fixed-point"), "agrees in all 9 digits"],
    [
      "in most, with the notebook's coefficients",
      said(2.45719671, 2.45719675, "fixed-point", "coefficients=notebook"),
      "agrees to 8 of 9 digits: the notebook ran with more digits of its coefficients than it prints",
    ],
    [
      "hardly, with coefficients fitted anew",
      said(2.1437147, 2.45719675, "fixed-point"),
      "differs by −0.31 Hz (−13 %): the transfer functions are fitted anew, to the optimum",
    ],
    [
      "hardly, with the authors' coefficients",
      said(3, 2.45719675, "fixed-point", "coefficients=authors"),
      "differs by +0.54 Hz (+22 %): the coefficients are those that the authors stored, not those that the notebook prints",
    ],
    [
      "not, as the fit is another",
      said(0.0245, 0.041754, "tf-fit"),
      "differs by −0.017 Hz (−41 %): this fit goes on to the optimum, where the notebook's stopped before it",
    ],
    [
      "not, under other parameters that reach it",
      said(3, 2.45719675, "fixed-point", "coefficients=notebook", "mean_field.T=10", "ring.v_c=50"),
      "differs by +0.54 Hz (+22 %): mean_field.T is 10 ms, in the notebook 5 ms",
    ],
    ["not at all", said(Number.NaN, 4, "step-response"), "cannot be compared"],
  ])("%s", (_, sentence, expected) => {
    expect(sentence).toBe(expected);
  });

  it("tells of the residual what its plotting did, and what it is without", () => {
    const residual = (here: number) => said(here, 18.2543083783, "residual", "coefficients=notebook");
    const trick = "the printed one includes an entry of the model that plotting had overwritten";
    expect(residual(18.412793602)).toContain(
      `${trick}; without that it is 18.412793602, with which this agrees in all 11 digits`,
    );
    expect(residual(18.41279)).toContain("with which this agrees in 7 of 11 digits");
    expect(residual(12)).toMatch(/without that it is 18\.412793602$/);
  });
});

it("numbers share the digits of which the last is off by half a unit at most, and no more", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 10 ** 9 - 1 }),
      fc.integer({ min: -4, max: 4 }),
      fc.double({ min: -0.05, max: 0.05, noNaN: true }),
      (digits, exponent, share) => {
        const printed = Number(`${digits}e${exponent}`);
        const here = printed * (1 + share);
        const shared = digitsShared(here, printed);
        const first = Math.floor(Math.log10(digits) + 1e-12) + exponent;
        const half = (places: number) => 0.5 * 10 ** (first + 1 - places);
        if (shared > 0) expect(Math.abs(here - printed)).toBeLessThanOrEqual(half(shared) * (1 + 1e-9));
        expect(digitsShared(printed, printed)).toBeGreaterThanOrEqual(Math.max(shared, 1));
        expect(digitsShared(printed * (1 + share / 2), printed)).toBeGreaterThanOrEqual(shared);
      },
    ),
  );
});
