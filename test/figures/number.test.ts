import { expect, it } from "vitest";
import { rounded, withMinus, written } from "../../figures/number.ts";

it("numbers have true minus signs, in their exponents too", () => {
  expect([written(-52.4), written(-1e-9), rounded(-0.0000001234), rounded(3)]).toEqual([
    ...["−52.4", "−1e−9", "−1.23e−7", "3"],
  ]);
});

it.each([
  ["the earliest at -52.4 ms; -3 to -.5 mm", "the earliest at −52.4 ms; −3 to −.5 mm"],
  ["[-50, 200] ms", "[−50, 200] ms"],
  [
    "r = -0.306 (95% interval -0.749 to 0.325), p = 1e-7",
    "r = −0.306 (95% interval −0.749 to 0.325), p = 1e−7",
  ],
  // What is no minus stays: words, dates, names, and what can be given as it is.
  ["RS-cell of wa-3, 2025-01-31, own-max", "RS-cell of wa-3, 2025-01-31, own-max"],
  ["a/-3.mat --set x=-3 abe-5 x2e-5", "a/-3.mat --set x=-3 abe-5 x2e-5"],
])("%s", (text, told) => {
  expect(withMinus(text)).toBe(told);
});
