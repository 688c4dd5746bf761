import { describe, expect, it } from "vitest";
import { themes } from "../../figures/theme.ts";

type Triple = readonly [number, number, number];

const linear = (colour: string): Triple =>
  [1, 3, 5].map((at) => {
    const value = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  }) as unknown as Triple;

const times = (matrix: readonly Triple[], [r, g, b]: Triple): Triple =>
  matrix.map(([x, y, z]) => x * r + y * g + z * b) as unknown as Triple;

/** WCAG's ratio of two colours' luminances. */
function contrast(one: string, other: string): number {
  const luminance = (colour: string) => times([[0.2126, 0.7152, 0.0722]], linear(colour))[0];
  const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

/** CIE Lab of linear sRGB. */
function lab(rgb: Triple): Triple {
  const xyz = times(
    [
      [0.4124, 0.3576, 0.1805],
      [0.2126, 0.7152, 0.0722],
      [0.0193, 0.1192, 0.9505],
    ],
    rgb,
  );
  const [x, y, z] = xyz.map((value, k) => {
    const share = Math.max(value, 0) / [0.9505, 1, 1.089][k]!;
    return share > 0.008856 ? Math.cbrt(share) : 7.787 * share + 16 / 116;
  }) as unknown as Triple;
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

/** How eyes without one kind of cones see linear sRGB: Machado, Oliveira & Fernandes (2009), severity 1. */
const eyes: Readonly<Record<string, readonly Triple[]>> = {
  usual: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopic: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopic: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopic: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

/** Distance in Lab as such eyes see it; 2 is just noticed side by side. */
function distance(one: string, other: string, eye: string): number {
  const [a, b] = [one, other].map((colour) => lab(times(eyes[eye]!, linear(colour)))) as [Triple, Triple];
  return Math.hypot(...a.map((value, k) => value - b[k]!));
}

describe.each(["light", "dark"] as const)("colours, %s", (name) => {
  const theme = themes[name];

  it("stand out from the background: texts 4.5 times, lines 3 times", () => {
    for (const text of [theme.ink, theme.muted])
      expect(contrast(text, theme.background)).toBeGreaterThan(4.5);
    for (const line of [theme.excitatory, theme.inhibitory, theme.afferent, theme.model, theme.data]) {
      expect(contrast(line, theme.background)).toBeGreaterThan(3);
    }
  });

  it.each(Object.keys(eyes))("can be told apart by %s eyes where they stand side by side", (eye) => {
    const pairs = [
      ["excitatory", "inhibitory"],
      ["model", "data"],
      ["model", "best"],
    ] as const;
    for (const [one, other] of pairs) expect(distance(theme[one], theme[other], eye)).toBeGreaterThan(20);
    const { sequential, diverging } = theme;
    for (const ramp of [sequential, diverging]) {
      for (let k = 1; k < ramp.length; k++) expect(distance(ramp[k]!, ramp[k - 1]!, eye)).toBeGreaterThan(3);
    }
    const middle = Math.floor(diverging.length / 2);
    for (let k = 1; k <= middle; k++) {
      expect(distance(diverging[middle - k]!, diverging[middle + k]!, eye)).toBeGreaterThan(10);
    }
  });

  it("rise in lightness from least to most, and from the middle to both ends alike", () => {
    const lightness = (colour: string) => lab(linear(colour))[0];
    const sequential = theme.sequential.map(lightness);
    expect(sequential).toEqual([...sequential].sort((a, b) => a - b));
    const [middle, ...ends] = [5, 0, 10].map((k) => lightness(theme.diverging[k]!)) as [
      number,
      number,
      number,
    ];
    expect(Math.abs(ends[0]! - ends[1]!)).toBeLessThan(15);
    expect(Math.min(...ends.map((end) => Math.abs(end - middle)))).toBeGreaterThan(40);
  });
});
