import { describe, expect, it } from "vitest";
import { figuresOf } from "../../figures/index.ts";
import { themes } from "../../figures/theme.ts";
import { results } from "./artifacts.ts";
import { look, textsOf, unreadable } from "./drawing.ts";

const made = results();
const figures = figuresOf(made.keys());
const looks = (["light", "dark"] as const).flatMap((theme) => [320, 660].map((width) => ({ theme, width })));

it("are those of the notebook, in its order", () => {
  expect(figures.map(({ name }) => name)).toEqual([
    ...["step-response", "transfer-function", "network", "network-comparison", "waveform-comparison"],
    ...["baseline", "slow-conduction", "brief-stimulus", "wide-stimulus"].map(
      (variant) => `ring-trial/${variant}`,
    ),
    ...["ring-variants", "recording/one", "residual/baseline/one", "scan", "scan/one"],
    ...["inference", "refined-inference", "posterior"],
  ]);
});

describe.each(figures)("$name", (figure) => {
  it("looks as it did", async () => {
    // An element a line, so that a difference can be read.
    const lines = figure.draw(made, look()).replaceAll("><", ">\n<");
    await expect(`${lines}\n`).toMatchFileSnapshot(`snapshots/${figure.name.replaceAll("/", "_")}.svg`);
  });

  it("is the same whenever it is drawn", () => {
    expect(figure.draw(made, look())).toBe(figure.draw(results(), look()));
  });

  it.each(looks)("is whole: $theme, $width px", ({ theme, width }) => {
    const svg = figure.draw(made, look(theme, width));
    expect(svg).not.toMatch(/NaN|Infinity|undefined|null/);
    expect(svg).not.toMatch(/ (id|class|style)=/); // nothing that could mean something else in another page
    expect(svg).toContain(`<title>${figure.title}</title>`);
    expect(svg).toContain(`aria-label="${figure.title}"`);
    expect(svg.match(/\d\.\d{3,}(?=[^<>]*>)/g)).toBeNull(); // two decimals within tags
  });

  it.each(looks)("has colours of its palette only: $theme, $width px", ({ theme, width }) => {
    const palette = new Set(Object.values(themes[theme]).flat() as string[]);
    const svg = figure.draw(made, look(theme, width));
    const used = new Set([...svg.matchAll(/ (?:fill|stroke|color)="([^"]*)"/g)].map(([, colour]) => colour!));
    for (const keyword of ["none", "currentColor"]) used.delete(keyword);
    expect([...used].filter((colour) => !palette.has(colour))).toEqual([]);
  });

  it.each(looks)("can be read, nothing upon anything else: $theme, $width px", ({ theme, width }) => {
    expect(unreadable(figure.draw(made, look(theme, width)), width)).toEqual([]);
  });

  it("has letters from A on, and units at its axes", () => {
    const texts = textsOf(figure.draw(made, look())).map(({ text }) => text);
    const letters = texts.filter((text) => /^[A-Z]$/.test(text));
    expect(letters.join("")).toBe("ABCDEFGHIJ".slice(0, letters.length));
    expect(letters.length).toBeGreaterThan(1);
    const units = /\((mV|pA|Hz|nS|ms|mm|mm\/s|%|‰|1\/Hz)\)$/;
    expect(texts.filter((text) => units.test(text)).length).toBeGreaterThanOrEqual(letters.length);
    const bare = texts.filter((text) => /^(time|position|.*rate|current|VSD|δV|[νlvτ].{1,5})$/.test(text));
    expect(bare).toEqual([]);
  });

  it("says in its caption what is to be seen", () => {
    const caption = figure.caption(made);
    expect(caption).toMatch(/^[A-Z].*\.$/);
    expect(caption).toMatch(/\d/);
    expect(caption).not.toMatch(/NaN|undefined|null|\[object/);
  });

  it("says what is not there", () => {
    const svg = figure.draw(new Map(), look());
    for (const stage of figure.needs) expect(svg).toContain(`${stage} is not computed yet`);
  });
});

it("panels of a ring's trial are equally wide and stand one above the other, however wide their colour bars are", () => {
  const figure = figures.find(({ name }) => name === "ring-trial/baseline")!;
  const svg = figure.draw(made, look());
  // Of each panel its place, and the frame below what is drawn: from where to where.
  const places = [...svg.matchAll(/<g transform="translate\(([\d.]+),[\d.]+\)"><text[^>]*>[A-D]</g)];
  expect(places.map(([, x]) => x)).toEqual(["0", places[1]![1], "0", places[1]![1]]);
  const frames = [
    ...svg.matchAll(/<line y2="([\d.]+)" y1="\1" x2="([\d.]+)" x1="([\d.]+)" stroke-linecap="square"/g),
  ];
  expect(frames).toHaveLength(4);
  expect(new Set(frames.map(([, , to, from]) => `${from} to ${to}`)).size).toBe(1);
});
