import { html } from "hono/html";
import { quantityText } from "../output/format.ts";
import { names, parameters, plain, withMinus } from "./wording.ts";

/** A piece of a page. What is put into one is escaped unless it is one itself. */
export type Markup = ReturnType<typeof html>;

/** Symbols by what texts have in their place: parameters by their names, too, as sentences of stages have them. */
const called = new Map<string, string>(
  names.flatMap((name) => [name, plain(name)].map((text) => [text, parameters[name].symbol] as const)),
);
const others = "[νc]_(?:aff|ee|ei|ii|e|i)";
const symbol = new RegExp(`(?<![\\w.])(?:${[...called.keys(), others].join("|")})(?!\\w)`, "gu");

/** Text in which symbols as ν_e, l_exc and tau1 stand with subscripts. */
export function withSymbols(text: string): Markup {
  const parts: unknown[] = [];
  let end = 0;
  for (const { 0: whole, index } of text.matchAll(symbol)) {
    const [letter = "", below = ""] = (called.get(whole) ?? whole).replace(/[{}]/g, "").split("_");
    parts.push(text.slice(end, index), html`<i>${letter}</i><sub>${below}</sub>`);
    end = index + whole.length;
  }
  return html`${[...parts, text.slice(end)]}`;
}

/** A parameter's value with its unit, for readers: with true minus signs, but text as it was given. */
export function valueTold(value: unknown, unit: string): string {
  const text = quantityText(value, unit, false);
  return [value].flat(2).every((item) => typeof item === "number") ? withMinus(text) : text;
}

/** A name as part of an address within the page, or of a selector. */
export const anchorOf = (name: string): string =>
  name.replaceAll("/", "_").replace(/[^\w-]/gu, (letter) => `_${letter.codePointAt(0)}_`);

export interface Column {
  readonly title: string;
  /** Set flush right. */
  readonly isNumeric?: boolean;
  /** Never narrower than can be read well. */
  readonly isProse?: boolean;
}

/** A table whose first column tells what each row is of. On narrow pages it moves within its own box. */
export function tableMarkup(
  caption: string,
  columns: readonly Column[],
  rows: readonly (readonly (string | Markup)[])[],
): Markup {
  const classOf = (k: number) =>
    columns[k]?.isNumeric ? html` class="number"` : columns[k]?.isProse ? html` class="prose"` : "";
  const cell = (content: string | Markup, k: number) => {
    const shown = typeof content === "string" ? withSymbols(content) : content;
    return k === 0 ? html`<th scope="row">${shown}</th>` : html`<td${classOf(k)}>${shown}</td>`;
  };
  return html`<div class="scrolls" role="region" tabindex="0" aria-label="${caption}">
<table>
<caption>${caption}</caption>
<thead><tr>${columns.map(({ title }, k) => html`<th scope="col"${classOf(k)}>${withSymbols(title)}</th>`)}</tr></thead>
<tbody>
${rows.map((row) => html`<tr>${row.map(cell)}</tr>\n`)}</tbody>
</table>
</div>
`;
}
