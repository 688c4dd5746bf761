import { html, raw } from "hono/html";
import type { Artifact } from "../../pipeline/index.ts";
import { configurationSchema } from "../../stages/configuration.ts";
import { type Parameter, parametersOf, valueAt } from "../configuration/parameter-schema.ts";
import { resultRows } from "../inspect/results.ts";
import { fileOf } from "../output/labelled.ts";
import { holdsInferred, inferredTelling } from "../present/inferred.ts";
import { holdsPosteriors, posteriorTelling } from "../present/posterior.ts";
import { hereText } from "../present/results.ts";
import { type Contents, type Drawing, isOf } from "./contents.ts";
import { anchorOf, type Markup, tableMarkup, valueTold, withSymbols } from "./markup.ts";
import { compareWithNotebook } from "./notebook-comparison.ts";
import type { Section } from "./sections.ts";
import { withMinus } from "./wording.ts";

/** How a page shows its drawings. */
export interface Layout {
  /** Numbers of the figures in the page, by name; the others are in the folder alone. */
  readonly numbers: ReadonlyMap<string, number>;
  /** Those whose dark sister takes more than other colours, so that the page holds both. */
  readonly doubled: ReadonlySet<string>;
}

/** A section of the story: what was done and with which parameters, figures, numbers, and what is missing. */
export function chapter(section: Section, contents: Contents, layout: Layout): Markup {
  const { id, title } = section;
  const drawings = contents.drawings.filter(({ stage }) => section.stages.includes(stage));
  const left = drawings.filter(({ name, missing }) => missing.length === 0 && !layout.numbers.has(name));
  return html`<section id="${id}" aria-labelledby="${id}-title">
<h2 id="${id}-title">${title}</h2>
${section.text(contents.configuration).map((paragraph) => html`<p>${withSymbols(paragraph)}</p>\n`)}
${parametersMarkup(section, contents)}
${missingMarkup(section, contents)}
${drawings.map((drawing) => figureMarkup(drawing, layout))}
${left.length > 0 ? leftMarkup(left) : ""}
${numbersMarkup(section, contents)}
${tellings(section, contents)}
</section>
`;
}

const parameters = [...parametersOf(configurationSchema).values()];

/** Those in force, with their defaults where they differ. */
function parametersMarkup(section: Section, { configuration }: Contents): Markup {
  const own = parameters.filter(({ path }) =>
    section.parameters.some((each) => path === each || path.startsWith(`${each}.`)),
  );
  const item = (parameter: Parameter) => {
    const { path, unit } = parameter;
    const value = valueTold(valueAt(configuration, path) ?? "not set", unit);
    if (!isChanged(parameter, configuration)) return html`<li><code>${path}</code> ${value}</li>\n`;
    return html`<li class="changed"><code>${path}</code> <strong>${value}</strong> (${defaultText(parameter)})</li>\n`;
  };
  return html`<ul class="parameters" aria-label="Parameters in force">
${own.map(item)}</ul>`;
}

/** Whether a parameter is another than its default, wherever it was said. */
export const isChanged = ({ path, default: usual }: Parameter, configuration: object): boolean =>
  JSON.stringify(valueAt(configuration, path)) !== JSON.stringify(usual);

/** "default 300 mm/s" */
const defaultText = ({ default: usual, unit }: Parameter): string =>
  usual === undefined ? "not set by default" : `default ${valueTold(usual, unit)}`;

function missingMarkup(section: Section, { stages }: Contents): Markup[] {
  return stages
    .filter(({ name, missing }) => missing !== undefined && section.stages.some((kind) => isOf(name, kind)))
    .map(({ name, missing }) => html`<p class="missing"><code>${name}</code> ${missing}</p>\n`);
}

function figureMarkup(
  { name, title, caption, missing, light, dark, stages }: Drawing,
  layout: Layout,
): Markup {
  if (missing.length > 0) {
    return html`<p class="missing">The figure “${title}” is missing, as ${missing.join(", ")} ${missing.length === 1 ? "is" : "are"}.</p>\n`;
  }
  const number = layout.numbers.get(name);
  if (number === undefined) return html``;
  const drawing = layout.doubled.has(name)
    ? html`<div><div class="light">${raw(light)}</div><div class="dark">${raw(dark)}</div></div>`
    : raw(light);
  const pictures = [
    html`<a href="${addressOf("svg/light", fileOf(name, "svg"))}">SVG</a>`,
    html`<a href="${addressOf("svg/dark", fileOf(name, "svg"))}">dark SVG</a>`,
    html`<a href="${addressOf("png", fileOf(name, "png"))}">PNG</a>`,
  ];
  const arrays = stages.map(
    (stage) => html`<a href="${addressOf("csv", fileOf(stage, "csv"))}">${stage}</a>`,
  );
  return html`<figure id="figure-${anchorOf(name)}">
${drawing}
<figcaption><strong>Figure ${number}. ${title}.</strong> ${withSymbols(caption)}
<br><span class="files">Files: ${joined(pictures)}; arrays as CSV: ${joined(arrays)}</span></figcaption>
</figure>
`;
}

/** Relative to the page. */
const addressOf = (folder: string, file: string): string => `${folder}/${encodeURIComponent(file)}`;

const joined = (pieces: readonly Markup[]): unknown[] =>
  pieces.flatMap((piece, k) => (k === 0 ? [piece] : [", ", piece]));

function leftMarkup(left: readonly Drawing[]): Markup {
  const links = left.map(
    ({ name }) => html`<a href="${addressOf("svg/light", fileOf(name, "svg"))}">${name}</a>`,
  );
  return html`<p>Left to the folder, as this page is kept below 5 MB: ${joined(links)}.</p>`;
}

function numbersMarkup(section: Section, { artifacts, configuration }: Contents): Markup {
  const rows = section.stages.flatMap((kind) =>
    resultRows(membersOf(artifacts, kind), configuration).map((row) => [
      withMinus(row.quantity),
      withMinus(hereText(row)),
      row.notebook === undefined ? "" : withMinus(String(row.notebook)),
      row.unit === "1" ? "" : row.unit,
      withMinus(compareWithNotebook(row, kind, configuration) ?? ""),
    ]),
  );
  if (rows.length === 0) return html``;
  // A column that is empty throughout says nothing.
  const columns = [
    { title: "Quantity" },
    { title: "Here", isNumeric: true },
    { title: "Notebook", isNumeric: true },
    { title: "Unit" },
    { title: "Agreement", isProse: true },
  ];
  const kept = columns.map((_, k) => rows.some((row) => row[k] !== ""));
  const only = <T>(cells: readonly T[]) => cells.filter((_, k) => kept[k]);
  return tableMarkup("Numbers", only(columns), rows.map(only));
}

const membersOf = (artifacts: ReadonlyMap<string, Artifact>, kind: string): Map<string, Artifact> =>
  new Map([...artifacts].filter(([name]) => isOf(name, kind)));

/** What stages say themselves, in tables and sentences. */
function tellings(section: Section, { artifacts }: Contents): Markup[] {
  return section.stages
    .flatMap((kind) => [...membersOf(artifacts, kind).values()])
    .map((artifact) => {
      if (holdsInferred(artifact)) return inferredMarkup(inferredTelling(artifact));
      return holdsPosteriors(artifact) ? posteriorMarkup(posteriorTelling(artifact)) : html``;
    });
}

const numericBut = (head: readonly string[]) => head.map((title, k) => ({ title, isNumeric: k > 0 }));

/** Rows of names and numbers, as readers have them. */
const told = (rows: readonly (readonly string[])[]): string[][] =>
  rows.map((row) => row.map((text, k) => (k === 0 ? text : withMinus(text))));

const inferredMarkup = ({ head, rows, notes, tests, warnings }: ReturnType<typeof inferredTelling>): Markup =>
  html`${tableMarkup("Best set of each recording", numericBut(head), told(rows))}
${notes.map((note) => html`<p class="muted">${note}.</p>\n`)}
<ul>
${tests.map((test) => html`<li>${withSymbols(withMinus(test))}</li>\n`)}</ul>
${warnings.map((warning) => html`<p class="warning">${withSymbols(warning)}</p>\n`)}`;

const posteriorMarkup = ({ head, rows, note, recordings }: ReturnType<typeof posteriorTelling>): Markup =>
  html`${tableMarkup("Posterior of each recording", numericBut(head), told(rows))}
<p class="muted">${note}.</p>
${recordings.map(
  ({ name, sentences }) => html`<h3>${name}</h3>
<ul>
${sentences.map((sentence) => html`<li>${withSymbols(withMinus(sentence))}</li>\n`)}</ul>
`,
)}`;
