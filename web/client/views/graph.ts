import { html, nothing, svg, type TemplateResult } from "lit";
import { classMap } from "lit/directives/class-map.js";
import type { GraphInfo, SideState, StageState } from "../../protocol.ts";
import { type Family, familiesOf } from "../families.ts";
import { type Box, heading, type Layout, layoutOf, row } from "../graph-layout.ts";
import { model, show, sideState } from "../model.ts";
import { shortText, signs, spokenText } from "../wording.ts";

/** px from the edge of the drawing. */
const margin = 6;

const laidOut = new WeakMap<GraphInfo, { readonly families: Family[]; readonly layout: Layout }>();

/** The pipeline's stages as they stand, each a button. */
export function graph(): TemplateResult {
  const info = model.graphs[model.edited];
  const side = sideState(model.edited);
  if (!info || !side) return html`<section class="graph" aria-label="Pipeline"></section>`;
  let known = laidOut.get(info);
  if (!known) {
    const families = familiesOf(info.stages);
    known = { families, layout: layoutOf(families) };
    laidOut.set(info, known);
  }
  return html`
    <section id="graph" class="graph" aria-label="Pipeline" tabindex="-1">
      ${drawing(known.layout, side)} ${list(known.families, side)} ${legend()}
    </section>
  `;
}

const stateOf = (side: SideState, stage: string): StageState => side.stages[stage] ?? { state: "waiting" };

function drawing({ boxes, arrows, width, height }: Layout, side: SideState): TemplateResult {
  const box = [-margin, -margin, width + 2 * margin, height + 2 * margin].map(Math.round);
  return html`
    <div class="graph-scroll">
      <svg class="graph-drawing" viewBox=${box.join(" ")} role="group" aria-label="Stages, from left to right">
        ${svg`
          <defs><marker id="arrow" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="6" markerHeight="6" orient="auto"><path d="M0 0L8 4L0 8z"/></marker></defs>
          <g class="arrows">${arrows.map((d) => svg`<path d=${d} marker-end="url(#arrow)"/>`)}</g>
          ${boxes.map((each) => boxView(each, side))}
        `}
      </svg>
    </div>
  `;
}

function boxView({ family, x, y, width, height, isOpen }: Box, side: SideState) {
  const { name, members } = family;
  const isAlone = members.length === 1;
  const top = isAlone ? 2 : heading;
  const rows = isOpen
    ? members.map(({ name: stage, label }, k) =>
        stageRow({ stage, label, y: top + k * row, width }, stateOf(side, stage)),
      )
    : summaryRow(family, top, width, side);
  return svg`
    <g class="box" transform="translate(${x} ${y})">
      <rect class="frame" width=${width} height=${height} rx="4"/>
      ${isAlone ? nothing : svg`<text class="family" x="9" y="14">${name}</text>`}
      ${rows}
    </g>
  `;
}

function stageRow(
  { stage, label, y, width }: { stage: string; label: string; y: number; width: number },
  state: StageState,
) {
  const isShown = model.shown === stage;
  const done = state.state === "running" ? (state.fraction ?? 0) : 0;
  return svg`
    <g class=${classMap({ stage: true, [state.state]: true, "is-shown": isShown })} transform="translate(0 ${y})"
      role="button" tabindex="0" aria-pressed=${isShown} aria-label="${stage}: ${spokenText(state)}" data-stage=${stage}
      @click=${() => show(isShown ? undefined : stage)}
      @keydown=${(event: KeyboardEvent) => {
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        show(isShown ? undefined : stage);
      }}>
      <rect class="ground" x="2" width=${width - 4} height=${row} rx="3"/>
      <rect class="progress" x="2" y=${row - 3} width=${(width - 4) * done} height="3" rx="1"/>
      <text class="sign" x="8" y="14.5">${signs[state.state].sign}</text>
      <text class="label" x="22" y="14.5">${label}</text>
      <text class="state" x=${width - 8} y="14.5" text-anchor="end">${shortText(state)}</text>
    </g>
  `;
}

/** Many stages as one row: how many have ended, of all. */
function summaryRow({ members }: Family, y: number, width: number, side: SideState) {
  const states = members.map(({ name }) => stateOf(side, name).state);
  const pressing = (["failed", "running", "waiting", "blocked", "aborted"] as const).find((one) =>
    states.includes(one),
  );
  const done = states.filter((state) => state === "known" || state === "finished").length;
  const state: StageState = { state: pressing ?? "known" };
  return svg`
    <g class=${classMap({ stage: true, [state.state]: true, "is-shown": members.some(({ name }) => name === model.shown) })}
      transform="translate(0 ${y})" role="button" tabindex="0"
      aria-label="${members.length} stages, ${done} of them done; the first is ${members[0]!.name}"
      @click=${() => show(members[0]!.name)}
      @keydown=${(event: KeyboardEvent) => {
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        show(members[0]!.name);
      }}>
      <rect class="ground" x="2" width=${width - 4} height=${row} rx="3"/>
      <rect class="progress" x="2" y=${row - 3} width=${((width - 4) * done) / members.length} height="3" rx="1"/>
      <text class="sign" x="8" y="14.5">${signs[state.state].sign}</text>
      <text class="label" x="22" y="14.5">${members.length} stages</text>
      <text class="state" x=${width - 8} y="14.5" text-anchor="end">${done} done</text>
    </g>
  `;
}

/** The same for narrow screens, where a drawing would be too small to read. */
const list = (families: readonly Family[], side: SideState): TemplateResult => html`
  <ul class="graph-list">
    ${families.map(
      ({ name, members }) => html`
        <li>
          ${members.length > 1 ? html`<span class="family">${name}</span>` : nothing}
          <ul>
            ${members.map(({ name: stage, label }) => {
              const state = stateOf(side, stage);
              return html`
                <li>
                  <button class=${classMap({ stage: true, [state.state]: true })} data-stage=${stage}
                    aria-pressed=${model.shown === stage} @click=${() => show(model.shown === stage ? undefined : stage)}>
                    <span class="sign" aria-hidden="true">${signs[state.state].sign}</span>
                    <span class="label">${label}</span><span class="state">${shortText(state)}</span>
                  </button>
                </li>
              `;
            })}
          </ul>
        </li>
      `,
    )}
  </ul>
`;

const legend = (): TemplateResult => html`
  <ul class="legend" aria-label="What the signs mean">
    ${Object.entries(signs).map(
      ([state, { sign, text }]) =>
        html`<li class=${state}><span class="sign" aria-hidden="true">${sign}</span> ${text}</li>`,
    )}
  </ul>
`;
