import { written } from "./number.ts";
import { ticksOf } from "./series.ts";
import { tag, textWidth } from "./svg.ts";
import { fontSize, type Look, themes } from "./theme.ts";

/** The colours of a map: equal steps of a range, one colour each. */
export interface ColourBar {
  /** "ν_{e} (Hz)" */
  readonly label: string;
  readonly domain: readonly [number, number];
  readonly colours: readonly string[];
  readonly format?: (value: number) => string;
  readonly ticks?: readonly number[];
  /** Only the space is kept, because the bar of the chart above counts. */
  readonly silent?: boolean;
}

const thickness = 8;
const gap = 5;

const texts = ({ domain, ticks, format = written }: ColourBar): string[] =>
  (ticks ?? ticksOf(domain, 4)).map(format);

/** px of a colour bar beside its map. */
export const barWidth = (bar: ColourBar): number =>
  Math.ceil(thickness + gap + 1 + Math.max(...texts(bar).map((text) => textWidth(text, fontSize.tick))));

/** Drawn as rectangles, because Plot's legends of continuous colours need a canvas. */
export function colourBar(
  bar: ColourBar,
  { height, top, bottom }: { readonly height: number; readonly top: number; readonly bottom: number },
  look: Look,
): string {
  const { ink, muted } = themes[look.theme];
  const { domain, colours, ticks = ticksOf(domain, 4) } = bar;
  const [low, high] = domain;
  const length = height - top - bottom;
  const step = length / colours.length;
  const rects = colours.map((fill, k) =>
    // Each reaches under the next, so no background shows between them.
    tag("rect", {
      y: top + length - (k + 1) * step,
      width: thickness,
      height: k > 0 ? step + 0.4 : step,
      fill,
    }),
  );
  const words = texts(bar);
  const marks = ticks.flatMap((tick, k) => {
    const y = top + length * (1 - (tick - low) / (high - low));
    return [
      tag("path", { d: `M${thickness},${y}h3`, stroke: muted }),
      tag("text", { x: thickness + gap, y, dy: "0.32em", "text-anchor": "start", fill: ink }, words[k]!),
    ];
  });
  return [...rects, ...marks].join("");
}
