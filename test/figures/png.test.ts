import { inflateSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { figuresOf } from "../../figures/index.ts";
import { png } from "../../figures/png.ts";
import { themes } from "../../figures/theme.ts";
import { results } from "./artifacts.ts";
import { look } from "./drawing.ts";

/** Size and pixels (RGBA, 8 bits) of a PNG that is not interlaced. */
function decoded(file: Uint8Array): { width: number; height: number; pixels: Uint8Array } {
  const bytes = Buffer.from(file);
  const [width, height] = [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
  expect([bytes[24], bytes[25], bytes[28]]).toEqual([8, 6, 0]);
  const data: Buffer[] = [];
  for (let at = 8; at < bytes.length; at += 12 + bytes.readUInt32BE(at)) {
    const length = bytes.readUInt32BE(at);
    if (bytes.toString("latin1", at + 4, at + 8) === "IDAT")
      data.push(bytes.subarray(at + 8, at + 8 + length));
  }
  const raw = inflateSync(Buffer.concat(data));
  const row = 4 * width;
  const pixels = new Uint8Array(row * height);
  for (let y = 0; y < height; y++) {
    const filter = raw[y * (row + 1)]!;
    for (let x = 0; x < row; x++) {
      const [left, up, both] = [
        x < 4 ? 0 : pixels[y * row + x - 4]!,
        y === 0 ? 0 : pixels[(y - 1) * row + x]!,
        x < 4 || y === 0 ? 0 : pixels[(y - 1) * row + x - 4]!,
      ];
      const [a, b, c] = [Math.abs(up - both), Math.abs(left - both), Math.abs(left + up - 2 * both)];
      const paeth = a <= b && a <= c ? left : b <= c ? up : both;
      const predicted = [0, left, up, (left + up) >> 1, paeth][filter]!;
      pixels[y * row + x] = raw[y * (row + 1) + 1 + x]! + predicted;
    }
  }
  return { width, height, pixels };
}

const rgb = (colour: string) => [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));

describe.each(["light", "dark"] as const)("a PNG, %s", (theme) => {
  const made = results();
  const figure = figuresOf(made.keys()).find(({ name }) => name === "network-comparison")!;
  const svg = figure.draw(made, look(theme));

  it("has the figure's size times its scale, upon the theme's background", () => {
    const height = Number(/height="(\d+)"/.exec(svg)![1]);
    const picture = decoded(png(svg, theme, 2));
    expect([picture.width, picture.height]).toEqual([640, 2 * height]);
    const corner = 4 * (picture.width * picture.height - 1);
    expect([...picture.pixels.subarray(corner, corner + 3)]).toEqual(rgb(themes[theme].background));
  });

  it("has its texts, in a font that comes along", () => {
    const dark = (drawing: string) => {
      const { pixels } = decoded(png(drawing, theme, 1));
      const ink = rgb(themes[theme].ink);
      let count = 0;
      for (let at = 0; at < pixels.length; at += 4) {
        if (ink.every((value, k) => Math.abs(pixels[at + k]! - value) < 60)) count += 1;
      }
      return count;
    };
    const withoutText = svg.replace(/<text.*?<\/text>/g, "");
    expect(dark(svg)).toBeGreaterThan(dark(withoutText) + 500);
  });

  it("is the same whenever it is made", () => {
    expect(Buffer.from(png(svg, theme)).equals(Buffer.from(png(svg, theme)))).toBe(true);
  });
});
