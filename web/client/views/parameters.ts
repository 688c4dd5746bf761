import { html, noChange, nothing, svg, type TemplateResult } from "lit";
import { classMap } from "lit/directives/class-map.js";
import { live } from "lit/directives/live.js";
import type { Json } from "../../../pipeline/artifact/artifact.ts";
import { type ParameterInfo, type Side, sides } from "../../protocol.ts";
import { ask, isSame, model, settingOf, sidesNow, update, valueAt, withValue } from "../model.ts";
import { faultsOf, isFound, nameOf, type Section, sectionsOf, valueGiven } from "../parameters.ts";
import { nearestStep, sliderSteps } from "../slider-steps.ts";
import { valueText } from "../wording.ts";

/** Every parameter, with what it takes to change it. */
export function parameters(): TemplateResult {
  const all = model.pipeline?.parameters ?? [];
  const changed = Object.keys(settingOf(model.edited)).length;
  const found = all.filter((parameter) => isFound(parameter, model.search));
  return html`
    <section id="parameters" class=${classMap({ parameters: true, "is-folded": model.isFolded })} aria-label="Parameters" tabindex="-1">
      <div class="parameters-head">
        <h2>Parameters</h2>
        <button
          class="quiet"
          ?disabled=${changed === 0}
          @click=${() => ask(model.edited, {}, "step")}
        >Reset all${changed > 0 ? ` (${changed})` : ""}</button>
        <button
          class="quiet fold"
          aria-expanded=${model.isFolded ? "false" : "true"}
          aria-controls="parameter-list"
          @click=${() => update({ isFolded: !model.isFolded })}
        >${model.isFolded ? "Show" : "Hide"}</button>
        ${sidesNow().length > 1 ? sideSwitch() : nothing}
        <input
          class="search"
          type="search"
          aria-label="Search parameters"
          placeholder="Search: name, unit, meaning"
          .value=${model.search}
          @input=${(event: InputEvent) => update({ search: (event.target as HTMLInputElement).value })}
        />
      </div>
      <div id="parameter-list">
      ${general(found)}
      ${found.length === 0 && all.length > 0 ? html`<p class="note">No parameter is called so.</p>` : nothing}
      ${sectionsOf(found).map((section) => sectionView(section))}
      </div>
    </section>
  `;
}

/** Whose values are shown and changed. */
const sideSwitch = (): TemplateResult => html`
  <div class="switch" role="radiogroup" aria-label="Setting to change">
    ${sides.map(
      (side) => html`
        <label class=${`side-${side}`}>
          <input
            type="radio"
            name="edited"
            .checked=${live(model.edited === side)}
            @change=${() => update({ edited: side })}
          />Setting ${side.toUpperCase()}
        </label>
      `,
    )}
  </div>
`;

/** What is wrong and belongs to no field that is found. */
function general(found: readonly ParameterInfo[]): TemplateResult | typeof nothing {
  const faults = model.faults[model.edited] ?? [];
  const others = faults.filter(
    (fault) => !found.some((parameter) => faultsOf(parameter, [fault]).length > 0),
  );
  return others.length > 0 ? html`<p class="fault" role="alert">${others.join(" ")}</p>` : nothing;
}

function sectionView({ name, title, parameters: members }: Section): TemplateResult {
  const setting = settingOf(model.edited);
  const changed = members.filter(({ path }) => path in setting).length;
  const all = model.faults[model.edited] ?? [];
  const wrong = members.filter((parameter) => faultsOf(parameter, all).length > 0).length;
  return html`
    <details class="section" ?open=${name === "ring" || model.search !== ""}>
      <summary>
        <h3>${title}</h3>
        ${changed > 0 ? html`<span class="count">${changed} changed</span>` : nothing}
        ${wrong > 0 ? html`<span class="count fault">${wrong} wrong: nothing changes until it is right</span>` : nothing}
      </summary>
      ${members.map((parameter) => parameterView(parameter))}
    </details>
  `;
}

function parameterView(parameter: ParameterInfo): TemplateResult {
  const { path, unit, description, requirement, base, fixed } = parameter;
  const side = model.edited;
  const value = valueAt(side, path);
  const isChanged = !isSame(value, base);
  const id = `parameter-${path}`;
  const faults = faultsOf(parameter, model.faults[side] ?? []);
  const its = fixed ? [] : stopsFor(parameter);
  const ends = its.length < 2 ? undefined : ([its[0], its.at(-1)] as const);
  const baseText = base === null ? "nothing" : [valueText(base), unit].filter(Boolean).join(" ");
  return html`
    <div class=${classMap({ parameter: true, "is-changed": isChanged, "is-wrong": faults.length > 0 })}>
      <label for=${id} class="name">${nameOf(parameter)}</label>
      <span class="field">${fieldOf(parameter, id, value)}<span class="unit">${unit}</span></span>
      <button
        class="reset"
        ?disabled=${!isChanged || fixed}
        aria-label=${`Reset ${path} to ${baseText}`}
        title=${`Back to ${baseText}`}
        @click=${() => give(side, parameter, base, true)}
      >↺</button>
      ${fixed ? nothing : sliderOf(parameter, value)}
      <p class="description" id=${`${id}-about`}>
        ${ends ? html`<span class="end" aria-hidden="true">${ends[0]}</span>` : nothing}
        <span class="meaning">${description}${
          fixed ? html` <em>It names files, so only who starts the server sets it.</em>` : nothing
        }${requirement && !fixed ? html` <span class="range">(${requirement.replace(/^a number /, "")})</span>` : nothing}</span>
        ${ends ? html`<span class="end" aria-hidden="true">${ends[1]}</span>` : nothing}
      </p>
      ${
        isChanged || sidesNow().length > 1
          ? html`<p class="notes">${isChanged ? html`<span class="base">was ${baseText}</span>` : nothing}${otherSide(side, path, value, unit)}</p>`
          : nothing
      }
      ${faults.length > 0 ? html`<p class="fault" role="alert" id=${`${id}-fault`}>${faults.join(" ")}</p>` : nothing}
    </div>
  `;
}

function otherSide(side: Side, path: string, value: Json, unit: string) {
  if (sidesNow().length < 2) return nothing;
  const other = side === "a" ? "b" : "a";
  const its = valueAt(other, path);
  return isSame(value, its)
    ? nothing
    : html`<span class=${`other side-${other}`}>${other.toUpperCase()} ${valueText(its)} ${unit}</span>`;
}

const give = (side: Side, { path }: ParameterInfo, value: Json, isFinal: boolean): void =>
  ask(side, withValue(settingOf(side), path, value), isFinal ? "step" : "move");

const textIn = (event: Event): string => (event.target as HTMLInputElement).value;

/** The id of the field in which somebody types: what stands there is theirs until they give it. */
let typed: string | undefined;
function beginTyping(event: Event): void {
  typed = (event.target as HTMLElement).id;
}
function endTyping(): void {
  typed = undefined;
}

/**
 * What a field is to hold: compared with what stands in it rather than with what was put there last, since that was
 * typed over.
 */
const textFor = (id: string, value: Json) => (typed === id ? noChange : live(valueText(value)));

function fieldOf(parameter: ParameterInfo, id: string, value: Json): TemplateResult {
  const { path, type, choices, fixed } = parameter;
  const side = model.edited;
  const about = `${id}-about ${id}-fault`;
  const isWrong = faultsOf(parameter, model.faults[side] ?? []).length > 0;
  if (type === "choice") {
    return html`
      <select id=${id} aria-describedby=${about} ?disabled=${fixed}
        @change=${(event: Event) => give(side, parameter, textIn(event), true)}>
        ${choices.map((choice) => html`<option value=${choice} .selected=${live(choice === value)}>${choice}</option>`)}
      </select>
    `;
  }
  if (type === "interval" && Array.isArray(value)) {
    const end = (at: 0 | 1, label: string, own: string) => html`
      <input id=${own} class="number" inputmode="decimal" autocomplete="off" ?disabled=${fixed}
        aria-label=${`${path}, ${label}`} aria-describedby=${about} aria-invalid=${isWrong ? "true" : nothing}
        .value=${textFor(own, value[at] as Json)} @input=${beginTyping} @blur=${endTyping}
        @change=${(event: Event) => {
          endTyping();
          const given = valueGiven({ type: "number", base: 0 }, textIn(event));
          give(side, parameter, at === 0 ? [given, value[1] as Json] : [value[0] as Json, given], true);
        }} />
    `;
    return html`${end(0, "lower end", id)}<span class="to">to</span>${end(1, "upper end", `${id}-high`)}`;
  }
  const isNumber = type === "number" || type === "whole number";
  return html`
    <input id=${id} class=${isNumber ? "number" : "text"} inputmode=${isNumber ? "decimal" : "text"}
      autocomplete="off" ?disabled=${fixed} placeholder=${value === null ? "not given" : nothing}
      aria-describedby=${about} aria-invalid=${isWrong ? "true" : nothing}
      list=${isNumber && choices.length > 0 ? `${id}-words` : nothing}
      .value=${textFor(id, value)} @input=${beginTyping} @blur=${endTyping}
      @change=${(event: Event) => {
        endTyping();
        give(side, parameter, valueGiven(parameter, textIn(event)), true);
      }} />
    ${
      isNumber && choices.length > 0
        ? html`<datalist id=${`${id}-words`}>${choices.map((word) => html`<option value=${word}></option>`)}</datalist>`
        : nothing
    }
  `;
}

const stops = new WeakMap<ParameterInfo, readonly number[]>();

function stopsFor(parameter: ParameterInfo): readonly number[] {
  const known = stops.get(parameter) ?? sliderSteps(parameter);
  stops.set(parameter, known);
  return known;
}

function sliderOf(parameter: ParameterInfo, value: Json): TemplateResult | typeof nothing {
  const its = stopsFor(parameter);
  if (its.length < 2) return nothing;
  const { path, unit, base } = parameter;
  const side = model.edited;
  const at = typeof value === "number" ? nearestStep(its, value) : 0;
  const last = its.length - 1;
  const mark = (100 * nearestStep(its, base as number)) / last;
  const stopAt = (event: Event): number => its[Number(textIn(event))]!;
  return html`
    <div class="slider">
      <input type="range" min="0" max=${last} step="1" .value=${live(String(at))}
        aria-label=${`${path}, slider`} aria-valuetext=${[valueText(value), unit].filter(Boolean).join(" ")}
        data-path=${path}
        @input=${(event: Event) => give(side, parameter, stopAt(event), false)}
        @change=${(event: Event) => give(side, parameter, stopAt(event), true)} />
      <svg class="mark" aria-hidden="true">${svg`<line x1="${mark}%" x2="${mark}%" y1="0" y2="5"/>`}</svg>
    </div>
  `;
}
