import { html } from "hono/html";
import { configurationSchema } from "../../stages/configuration.ts";
import { parametersOf, valueAt } from "../configuration/parameter-schema.ts";
import { duration } from "../output/format.ts";
import { isChanged } from "./chapter.ts";
import type { Contents, StageFacts } from "./contents.ts";
import { type Markup, tableMarkup, valueTold } from "./markup.ts";

/** Where everything comes from, and how to make it again. */
export function provenance(contents: Contents): Markup {
  const { stages, versions, command } = contents;
  const packages = Object.entries(versions.packages);
  const own = packages.filter(([name]) => versions.asked.includes(name));
  return html`<section id="provenance" class="provenance" aria-labelledby="provenance-title">
<h2 id="provenance-title">Provenance</h2>
<p>Equal keys mean equal bytes, on every machine. This makes the report again, from the same recordings and with mesoflow ${versions.mesoflow}:</p>
<p><code>${command}</code></p>
<ul>
<li>mesoflow ${versions.mesoflow}</li>
<li>Node ${[...new Set(stages.flatMap(({ made }) => made?.node ?? []))].join(", ")}, where the stages ran</li>
<li>compiled kernels ${versions.kernels.map((hash) => html`<code>${hash}</code> `)}</li>
${own.length > 0 ? html`<li>packages that the stages use: ${own.map((each) => each.join(" ")).join(", ")}; these and the ${packages.length - own.length} that they use in turn are in <a href="provenance.json">provenance.json</a>, with all that is told here</li>\n` : ""}</ul>
<h3>Stages</h3>
${stagesMarkup(stages)}
<h3>Configuration</h3>
${configurationMarkup(contents)}
</section>
`;
}

function stagesMarkup(stages: readonly StageFacts[]): Markup {
  const head = ["Stage", "Took", "Computed (UTC)", "On", "By run"];
  return html`<div class="scrolls" role="region" tabindex="0" aria-label="Stages">
<table class="stages">
<caption>Stages in the order of the plan, with the hashes of what they were computed from (key) and of what came out (content)</caption>
<thead><tr>${head.map((title) => html`<th scope="col">${title}</th>`)}</tr></thead>
${stages.map(stageMarkup)}</table>
</div>`;
}

function stageMarkup({ name, made, missing }: StageFacts): Markup {
  if (!made)
    return html`<tbody><tr><th scope="row"><code>${name}</code></th><td colspan="4">${missing}</td></tr></tbody>\n`;
  const { key, content, seconds, at, host, run, by = [{ host }] } = made;
  const hosts = [...new Set(by.map((runner) => runner.host))];
  return html`<tbody>
<tr class="of"><th scope="row"><code>${name}</code></th><td class="number">${duration(seconds)}</td><td>${momentUtc(at)}</td><td>${hosts.join(", ")}</td><td>${run ?? "not in the history"}</td></tr>
<tr class="hashes"><td colspan="5">key <code>${key}</code><br>content <code>${content}</code></td></tr>
</tbody>
`;
}

/** The same in every time zone. */
const momentUtc = (iso: string): string => iso.slice(0, 19).replace("T", " ");

function configurationMarkup({ configuration, origins }: Contents): Markup {
  const rows = [...parametersOf(configurationSchema).values()].map((parameter) => {
    const { path, unit, default: usual, description } = parameter;
    const text = (value: unknown) => (value === undefined ? "–" : valueTold(value, unit));
    const value = text(valueAt(configuration, path));
    const origin = origins.get(path);
    return [
      html`<code>${path}</code>`,
      html`${isChanged(parameter, configuration) ? html`<mark>${value}</mark>` : value}${origin === undefined ? "" : ` (${origin})`}`,
      text(usual),
      description,
    ];
  });
  const columns = ["Parameter", "In force", "Default", "Meaning"].map((title) => ({ title }));
  return tableMarkup("Configuration in full; what is no default is marked", columns, rows);
}

/** The same for programs. */
export function provenanceJson({ stages, configuration, versions, command, warnings }: Contents): string {
  return `${JSON.stringify({ command, versions, configuration, warnings, stages }, null, 2)}\n`;
}
