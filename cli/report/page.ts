import { html, raw } from "hono/html";
import { resultRows } from "../inspect/results.ts";
import { chapter, type Layout } from "./chapter.ts";
import { type Contents, type Drawing, isOf } from "./contents.ts";
import { darkRules, sistersOf } from "./dark.ts";
import type { Markup } from "./markup.ts";
import { provenance } from "./provenance.ts";
import { sections } from "./sections.ts";
import { style } from "./style.ts";

/** By this a report is known, so that one can take the place of another. */
export const generator = "mesoflow report";

/**
 * A report as one file that needs no other: fonts and figures are in it, and it asks browsers to load nothing.
 *
 * @param fonts rules that bring them along
 * @param isShown whether a drawing is in the page, not in the folder alone
 */
export async function pageOf(
  contents: Contents,
  fonts: string,
  isShown: (drawing: Drawing) => boolean,
): Promise<string> {
  const told = sections.filter((section) =>
    contents.stages.some(({ name }) => section.stages.some((kind) => isOf(name, kind))),
  );
  const shown = told.flatMap((section) =>
    contents.drawings.filter(
      (drawing) => section.stages.includes(drawing.stage) && drawing.missing.length === 0 && isShown(drawing),
    ),
  );
  const sisters = new Map(shown.map(({ name, light, dark }) => [name, sistersOf(light, dark)]));
  const alike = [...sisters].flatMap(([name, colours]) => (colours ? [[name, colours] as const] : []));
  const layout: Layout = {
    numbers: new Map(shown.map(({ name }, k) => [name, k + 1])),
    doubled: new Set(shown.map(({ name }) => name).filter((name) => !sisters.get(name))),
  };
  const rules = `@media screen and (prefers-color-scheme: dark) {\n${darkRules(new Map(alike))}\n}`;
  const policy = "default-src 'none'; style-src 'unsafe-inline'; font-src data:";
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="generator" content="${generator} ${contents.versions.mesoflow}">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Mean-field models of cortex: a report</title>
<style>
${raw(`${fonts}\n${style}\n${rules}`)}
</style>
</head>
<body>
<a class="skip" href="#story">Skip to the story</a>
${opening(contents)}
<nav aria-labelledby="contents-title">
<h2 id="contents-title">Contents</h2>
<ol>
${told.map(({ id, title }) => html`<li><a href="#${id}">${title}</a></li>\n`)}<li><a href="#provenance">Provenance</a></li>
</ol>
</nav>
<main id="story">
${told.map((section) => chapter(section, contents, layout))}
${provenance(contents)}
</main>
</body>
</html>
`;
  return String(await page);
}

function opening({ configuration, stages, artifacts, warnings, versions }: Contents): Markup {
  const compared = resultRows(artifacts, configuration).filter(({ notebook }) => notebook !== undefined);
  const { coefficients, reading, network, cells } = configuration;
  const missing = stages.filter((stage) => stage.made === undefined);
  return html`<header>
<h1>Mean-field models of cortex, from single cells to recordings with voltage-sensitive dye</h1>
<p>The story of the notebook of <a href="https://doi.org/10.1007/s10827-017-0668-2">Zerlaut, Chemla, Chavane &amp; Destexhe, J Comput Neurosci 44:45 (2018)</a>, recomputed by mesoflow ${versions.mesoflow}.</p>
<p>Coefficients of the transfer functions: ${coefficients}; reading of the equations: ${reading}; ${network} with ${cells.exc} and ${cells.inh}. ${stages.length} stages${missing.length > 0 ? `, of which ${missing.length} ${missing.length === 1 ? "has" : "have"} no result, as is told in its place` : ""}. ${
    compared.length > 0
      ? `${compared.length} numbers stand beside those that the notebook prints; each says how far they agree, and why not further.`
      : ""
  } Parameters that are no defaults are marked.</p>
${warnings.map((warning) => html`<p class="warning">${warning}</p>\n`)}
</header>`;
}
