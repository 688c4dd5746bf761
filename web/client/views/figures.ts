import { html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { chapters } from "../../../figures/chapters.ts";
import type { Figure } from "../../../figures/index.ts";
import type { Side } from "../../protocol.ts";
import { savePng, saveSvg } from "../download.ts";
import type { FigurePlace, Shows } from "../figure-place.ts";
import { model, show, sideState, sidesNow } from "../model.ts";

const known = new Map<string, Figure[]>();

/** The figures that a side's stages allow, as the same objects as long as the stages are the same. */
export function figuresNow(side: Side): readonly Figure[] {
  const names = Object.keys(sideState(side)?.stages ?? {});
  if (!model.drawing || names.length === 0) return [];
  const key = names.join("\n");
  const figures = known.get(key) ?? model.drawing.figuresOf(names);
  known.set(key, figures);
  return figures;
}

/** Every figure, by chapters. */
export function figures(): TemplateResult {
  const all = figuresNow("a");
  const filled = chapters
    .map((title) => ({ title, members: all.filter(({ chapter }) => chapter === title) }))
    .filter(({ members }) => members.length > 0);
  return html`
    <section id="figures" class="figures" aria-label="Figures" tabindex="-1">
      ${
        filled.length > 0
          ? html`<nav class="chapters" aria-label="Figures by chapter">
              ${filled.map(
                ({ title, members }) =>
                  html`<button class="quiet" @click=${() => goTo(title)}>${title} <span class="count">${members.length}</span></button>`,
              )}
            </nav>`
          : html`<p class="note">Figures appear here.</p>`
      }
      ${filled.map(
        ({ title, members }) => html`
          <h2 class="chapter" id=${idOf(title)} tabindex="-1">${title}</h2>
          <div class="cards">${repeat(
            members,
            ({ name }) => name,
            (figure) => card(figure),
          )}</div>
        `,
      )}
    </section>
  `;
}

const idOf = (title: string): string => `chapter-${title.toLowerCase().replaceAll(/\W+/g, "-")}`;

function goTo(title: string): void {
  const heading = document.getElementById(idOf(title));
  heading?.scrollIntoView();
  heading?.focus({ preventScroll: true });
}

/** A figure of each side, with what can be done with it. */
export function card(shows: Shows, level: 3 | 4 = 3): TemplateResult {
  const { title, name, needs } = shows;
  const sides = sidesNow();
  const stage = needs.length === 1 ? needs[0]! : undefined;
  return html`
    <figure class=${sides.length > 1 ? "card pair" : "card"} data-figure=${name}>
      <figcaption>
        ${level === 3 ? html`<h3>${title}</h3>` : html`<h4>${title}</h4>`}
        <span class="tools">
          ${stage !== undefined && level === 3 ? html`<button class="quiet" aria-label=${`Show the stage ${stage}`} @click=${() => show(stage)}>Stage</button>` : nothing}
          <button class="quiet" aria-label=${`Save ${title} as SVG`} @click=${(event: Event) => save(event, name, "svg")}>SVG</button>
          <button class="quiet" aria-label=${`Save ${title} as PNG`} @click=${(event: Event) => save(event, name, "png")}>PNG</button>
        </span>
      </figcaption>
      <div class="sides">
        ${sides.map(
          (side) => html`
            <div class="side">
              ${sides.length > 1 ? html`<span class=${`badge side-${side}`}>${side.toUpperCase()}</span>` : nothing}
              <figure-place .side=${side} .shows=${shows}></figure-place>
            </div>
          `,
        )}
      </div>
    </figure>
  `;
}

/** Saves what a card shows, of each side. */
function save(event: Event, name: string, as: "svg" | "png"): void {
  const places = (event.target as HTMLElement)
    .closest("figure")!
    .querySelectorAll<FigurePlace>("figure-place");
  const suffix = (k: number) => (places.length > 1 ? `-${"ab"[k]}` : "");
  for (const [k, { svg }] of places.entries()) {
    if (svg === "") continue;
    if (as === "svg") saveSvg(name + suffix(k), svg);
    else void savePng(name + suffix(k), svg);
  }
}
