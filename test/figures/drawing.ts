import { parseHTML } from "linkedom";
import type { Look } from "../../figures/theme.ts";
import { widthsOf } from "./font.ts";

const { document } = parseHTML("<!doctype html><html></html>");

export const look = (theme: Look["theme"] = "light", width = 320): Look => ({ document, theme, width });

const inter = {
  400: widthsOf("@expo-google-fonts/inter/400Regular/Inter_400Regular.ttf"),
  600: widthsOf("@expo-google-fonts/inter/600SemiBold/Inter_600SemiBold.ttf"),
};

/** What an element says and where it says it, px. */
export interface Written {
  readonly text: string;
  readonly size: number;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

type Element = {
  tagName: string;
  textContent: string;
  children: Iterable<Element>;
  getAttribute(name: string): string | null;
};

/** All texts of a figure with the room that they take in Inter. */
export function textsOf(svg: string): Written[] {
  const root = parseHTML(`<!doctype html><html><body>${svg}</body></html>`).document.querySelector(
    "svg",
  ) as unknown as Element;
  const found: Written[] = [];
  const visit = (
    element: Element,
    inherited: { x: number; y: number; anchor: string; size: number; weight: number },
  ) => {
    const own = (name: string) => element.getAttribute(name);
    const [, dx = "0", dy = "0"] = /translate\((-?[\d.]+),(-?[\d.]+)\)/.exec(own("transform") ?? "") ?? [];
    const state = {
      x: inherited.x + Number(dx),
      y: inherited.y + Number(dy),
      anchor: own("text-anchor") ?? inherited.anchor,
      size: Number(own("font-size") ?? inherited.size),
      weight: Number(own("font-weight") ?? inherited.weight),
    };
    if (element.tagName.toLowerCase() !== "text") {
      for (const child of element.children) visit(child, state);
      return;
    }
    const text = element.textContent;
    if (text === "") return;
    const { size } = state;
    const length = (value: string | null) =>
      value?.endsWith("em") ? Number.parseFloat(value) * size : Number(value ?? 0);
    const x = state.x + length(own("x"));
    const base = state.y + length(own("y")) + length(own("dy"));
    const width = inter[state.weight >= 600 ? 600 : 400](text) * size;
    const left = x - { start: 0, middle: width / 2, end: width }[state.anchor]!;
    // From the base line up, letters are 0.73 em high.
    found.push({
      text,
      size,
      left,
      right: left + width,
      top: base - 0.73 * size,
      bottom: base + 0.05 * size,
    });
  };
  visit(root, { x: 0, y: 0, anchor: "start", size: 16, weight: 400 });
  return found;
}

/** What cannot be read: texts upon each other, beyond the figure, or smaller than seven points. */
export function unreadable(svg: string, width: number): string[] {
  const texts = textsOf(svg);
  const upon = texts.flatMap((one, k) =>
    texts
      .slice(k + 1)
      .filter((other) => one.left < other.right && other.left < one.right)
      .filter((other) => one.top < other.bottom && other.top < one.bottom)
      .map((other) => `${one.text} is upon ${other.text}`),
  );
  const beyond = texts.filter(({ left, right }) => left < 0 || right > width);
  const small = texts.filter(({ size }) => size < 7 / 0.75);
  return [
    ...upon,
    ...beyond.map(({ text }) => `${text} is beyond the figure`),
    ...small.map(({ text, size }) => `${text} is only ${size} px`),
  ];
}
