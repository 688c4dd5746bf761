import { html, nothing, type TemplateResult } from "lit";
import { until } from "lit/directives/until.js";
import { rounded, written } from "../../../figures/number.ts";
import { extent } from "../../../figures/series.ts";
import type { Artifact, Json, LabelledArray } from "../../../pipeline/artifact/artifact.ts";
import type { Side, StageState, WhyInfo } from "../../protocol.ts";
import { exportPath, whyInfo } from "../api.ts";
import type { Shows } from "../figure-place.ts";
import { model, show, sideState, update } from "../model.ts";
import { artifact } from "../results.ts";
import { longText, signs } from "../wording.ts";
import { card, figuresNow } from "./figures.ts";

/** The stage that is looked at: how it stands and why, what it made, what shows it. */
export function stage(): TemplateResult | typeof nothing {
  const name = model.shown;
  const side = model.edited;
  const state = name === undefined ? undefined : sideState(side)?.stages[name];
  if (name === undefined) return nothing;
  return html`
    <section id="stage" class="stage-panel" aria-label=${`Stage ${name}`} tabindex="-1">
      <header>
        <h2>${name}</h2>
        ${state ? html`<p class=${`state ${state.state}`}><span class="sign" aria-hidden="true">${signs[state.state].sign}</span> ${longText(state)}</p>` : html`<p class="state">There is no such stage here.</p>`}
        <button class="quiet" aria-label="Close the stage" @click=${() => show(undefined)}>Close</button>
      </header>
      ${state ? about(side, name, state) : nothing}
    </section>
  `;
}

function about(side: Side, name: string, state: StageState): TemplateResult {
  const info = model.graphs[side]?.stages ?? [];
  const needs = info.find((one) => one.name === name)?.needs ?? [];
  const needed = info.filter((one) => one.needs.includes(name)).map((one) => one.name);
  const shown = figuresNow(side).filter((figure) => figure.needs.includes(name));
  const { content } = state;
  return html`
    <div class="stage-columns">
      <div>
        ${until(whyNow(side, name, state), html`<p class="note">Asking why …</p>`)}
        ${links("Needs", needs)} ${links("Needed by", needed)}
      </div>
      <div>
        ${
          content === undefined
            ? html`<p class="note">Its result appears here once it is there.</p>`
            : html`
                <p class="downloads">Download
                  ${["npz", "csv", "json"].map((format) => html`<a download href=${exportPath(side, name, format)}>${format.toUpperCase()}</a>`)}
                </p>
                ${until(resultNow(name, content, shown.length === 0), html`<p class="note">Fetching the result …</p>`)}
              `
        }
      </div>
    </div>
    ${shown.length > 0 ? html`<div class="cards">${shown.map((figure) => card(figure, 4))}</div>` : nothing}
  `;
}

const links = (title: string, stages: readonly string[]) =>
  stages.length === 0
    ? nothing
    : html`<p class="links">${title}
        ${stages.map((name) => html`<button class="quiet" @click=${() => show(name)}>${name}</button>`)}</p>`;

/** Promises as the same objects while what they tell of is the same, so that nothing flickers. */
let why: { readonly key: string; readonly view: Promise<TemplateResult> } | undefined;
let result: { readonly key: string; readonly view: Promise<TemplateResult> } | undefined;

function whyNow(side: Side, name: string, { state, key }: StageState): Promise<TemplateResult> {
  const id = [side, name, state, key].join(" ");
  if (why?.key !== id) why = { key: id, view: whyInfo(side, name).then(whyView, () => html``) };
  return why.view;
}

const whyView = ({ sentences, preImage }: WhyInfo): TemplateResult => html`
  <h3>Why</h3>
  ${sentences.map((sentence) => html`<p>${sentence}</p>`)}
  ${
    preImage === undefined
      ? nothing
      : html`<details><summary>What it was computed from</summary><pre tabindex="0">${JSON.stringify(preImage, null, 2)}</pre></details>`
  }
`;

function resultNow(name: string, content: string, drawsFirst: boolean): Promise<TemplateResult> {
  const id = [name, content, drawsFirst, model.array, model.drawing === undefined].join(" ");
  if (result?.key !== id) {
    const view = artifact(content).then(
      (made) => resultView(name, made, drawsFirst),
      () => html`<p class="note">The result cannot be fetched.</p>`,
    );
    result = { key: id, view };
  }
  return result.view;
}

function resultView(stageName: string, made: Artifact, drawsFirst: boolean): TemplateResult {
  const arrays = Object.entries(made.arrays);
  const isDrawn = (name: string) => model.drawing?.drawingOf(made, name) !== undefined;
  const first = drawsFirst
    ? arrays.find(([name, { dims }]) => dims[0] !== name && isDrawn(name))?.[0]
    : undefined;
  const chosen = model.array !== undefined && isDrawn(model.array) ? model.array : first;
  return html`
    ${arrays.length > 0 ? arraysTable(made, arrays, chosen) : nothing}
    ${chosen === undefined ? nothing : html`<div class="cards">${card(plainFigure(stageName, chosen), 4)}</div>`}
    ${valuesTable(made.values)}
  `;
}

function arraysTable(
  made: Artifact,
  arrays: [string, LabelledArray][],
  chosen: string | undefined,
): TemplateResult {
  return html`
    <div class="scroll" role="region" aria-label="Arrays" tabindex="0">
      <table>
        <thead><tr><th>Array</th><th>Dimensions</th><th>Unit</th><th class="right">Min</th><th class="right">Max</th><th class="right">Mean</th><th></th></tr></thead>
        <tbody>
          ${arrays.map(([name, array]) => {
            const { dims, shape, units } = array;
            const [low, high] = extent(array.data) ?? [Number.NaN, Number.NaN];
            const draws = model.drawing?.drawingOf(made, name);
            return html`
              <tr>
                <th scope="row">${name}</th>
                <td>${dims.map((dim, k) => `${dim} ${shape[k]}`).join(" × ") || "a number"}</td>
                <td>${units === "1" ? "–" : units}</td>
                <td class="right">${numberText(low)}</td><td class="right">${numberText(high)}</td>
                <td class="right">${numberText(meanOf(array.data))}</td>
                <td>${draws ? html`<button class="quiet" aria-pressed=${chosen === name} aria-label=${`Plot ${name}`} @click=${() => update({ array: chosen === name ? undefined : name })}>plot</button>` : nothing}</td>
              </tr>
            `;
          })}
        </tbody>
      </table>
    </div>
  `;
}

const numberText = (value: number): string => (Number.isFinite(value) ? rounded(value, 5) : "–");

/** Of the values that are finite. */
function meanOf(values: ArrayLike<number>): number {
  let [sum, count] = [0, 0];
  for (let k = 0; k < values.length; k++) {
    if (Number.isFinite(values[k])) [sum, count] = [sum + values[k]!, count + 1];
  }
  return sum / count;
}

function valuesTable(values: Readonly<Record<string, Json>>): TemplateResult | typeof nothing {
  const entries = Object.entries(values);
  if (entries.length === 0) return nothing;
  const isShort = (value: Json) => JSON.stringify(value).length < 60;
  return html`
    <dl class="values">
      ${entries
        .filter(([, value]) => isShort(value))
        .map(
          ([name, value]) =>
            html`<div><dt>${name}</dt><dd>${typeof value === "number" ? written(value) : typeof value === "string" ? value : JSON.stringify(value)}</dd></div>`,
        )}
    </dl>
    ${entries
      .filter(([, value]) => !isShort(value))
      .map(
        ([name, value]) =>
          html`<details><summary>${name}</summary><pre tabindex="0">${JSON.stringify(value, null, 2)}</pre></details>`,
      )}
  `;
}

const plain = new Map<string, Shows>();

/** An array of a stage as a figure of its own. */
function plainFigure(stageName: string, array: string): Shows {
  const name = `${stageName}/${array}`;
  const known: Shows = plain.get(name) ?? {
    ...{ name, title: `${stageName}: ${array}`, needs: [stageName], wants: [] },
    caption: () => `The array ${array} of ${stageName}, as it is.`,
    draw: (results, look) =>
      model.drawing!.drawingOf(results.get(stageName)!.artifact as Artifact, array)?.(look) ?? "",
  };
  plain.set(name, known);
  return known;
}
