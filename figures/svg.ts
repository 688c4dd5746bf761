import { fontFamily, fontSize } from "./theme.ts";

/** SVG as text. Reports, pages and files take text, and no document is needed to assemble figures. */
type Attributes = Readonly<Record<string, string | number | undefined>>;

export const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");

export function tag(name: string, attributes: Attributes, ...children: readonly string[]): string {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${escaped(String(value))}"`);
  return `<${name}${written.join("")}>${children.join("")}</${name}>`;
}

/** Text with the left end (or middle, or right end) of its base line at a point. Subscripts are written ν_{e}. */
export const label = (
  text: string,
  { x, y, anchor = "start", ...rest }: Attributes & { x: number; y: number; anchor?: string },
): string =>
  tag(
    "text",
    { x, y, "text-anchor": anchor, "font-size": fontSize.label, ...rest },
    subscripted(escaped(text)),
  );

export const moved = (x: number, y: number, ...children: readonly string[]): string =>
  children.some(Boolean) ? tag("g", { transform: `translate(${x},${y})` }, ...children) : "";

const drop = 2.5;

/** ν_{e} as tspans, which every renderer draws alike, unlike baseline-shift. */
function subscripted(text: string): string {
  return text.replace(
    /_\{([^}]*)\}([^_<]?)/g,
    (_, sub: string, next: string) =>
      `<tspan dy="${drop}" font-size="82%">${sub}</tspan>${next && `<tspan dy="${-drop}">${next}</tspan>`}`,
  );
}

/** A drawing of Plot without its sizes, and without its style sheet, which other figures would inherit. */
export function contentsOf(outerHTML: string): string {
  return outerHTML
    .replace(/^<svg[^>]*>/, "")
    .replace(/<\/svg>$/, "")
    .replace(/<style>.*?<\/style>/s, "")
    .replace(/ aria-(label|hidden|description)="[^"]*"/g, "")
    .replace(/>([^<]*_\{[^<]*)</g, (_, text: string) => `>${subscripted(text)}<`);
}

/** A whole figure. Coordinates have at most two decimals, so no processor's last bit changes a file. */
export function figure(
  { width, height, ink, title, caption }: Attributes & { ink: string; title: string; caption: string },
  ...children: readonly string[]
): string {
  const attributes = {
    xmlns: "http://www.w3.org/2000/svg",
    role: "img",
    "aria-label": title,
    viewBox: `0 0 ${width} ${height}`,
    ...{ width, height, fill: ink, color: ink },
    ...{ "font-family": fontFamily, "font-size": fontSize.tick, "text-anchor": "middle" },
  };
  const titles = [tag("title", {}, escaped(title)), tag("desc", {}, escaped(caption))];
  return tag("svg", attributes, ...titles, normalised(children.join("")));
}

function normalised(svg: string): string {
  return svg.replace(/<[a-z][^>]*>/g, (opening) => {
    // Areas have one decimal: maps of noise are long, and printers show less than a tenth of a px.
    const decimals = opening.endsWith('Z"/>') || opening.endsWith('Z" />') ? 1 : 2;
    return opening
      .replace(/-?\d+(?:\.\d+(?:e-?\d+)?|e-\d+)/g, (number) =>
        String(Number(Number(number).toFixed(decimals))),
      )
      .replace(/(?<![\d#\w])-0(?![.\d])/g, "0");
  });
}

/** The approximate width of text, px: Inter's widths by classes of letters, rather too wide than too narrow. */
export function textWidth(text: string, size: number = fontSize.label): number {
  let ems = 0;
  for (const letter of text.replace(/_\{([^}]*)\}/g, "$1")) {
    if (/[ilj.,;:|'!ıI()[\]]/.test(letter)) ems += 0.32;
    else if (/[ftr\s-]/.test(letter)) ems += 0.4;
    else if (letter === "‰") ems += 1.4;
    else if (/[mwMW%@–→…]/.test(letter)) ems += 0.95;
    else ems += /[A-Z0-9ΔΣ=±×−]/.test(letter) ? 0.68 : 0.6;
  }
  return ems * size;
}

/** A name for the side of a chart or a legend. Of a long name both ends stay, which distinguish it from others. */
export const shortened = (name: string): string =>
  name.length <= 17 ? name : `${name.slice(0, 9)}…${name.slice(-7)}`;
