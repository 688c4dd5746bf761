import { html, nothing, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import type { Side } from "../../protocol.ts";
import {
  beginComparison,
  endComparison,
  linkNow,
  model,
  sideState,
  sidesNow,
  update,
  valueAt,
} from "../model.ts";
import type { LogLine } from "../page-state.ts";
import { type Choice, choices, choose, chosen } from "../theme.ts";
import { fragmentOf } from "../url-state.ts";
import { secondsText, signs, valueText } from "../wording.ts";
import { figures } from "./figures.ts";
import { graph } from "./graph.ts";
import { parameters } from "./parameters.ts";
import { stage } from "./stage.ts";

/** The whole page. */
export const page = (): TemplateResult => html`
  <nav class="skips" aria-label="Skip to">
    ${["parameters", "graph", "figures"].map((place) => html`<a href="#" @click=${(event: Event) => skip(event, place)}>Skip to ${place}</a>`)}
  </nav>
  ${header()} ${trouble()}
  <div class="columns">
    <aside>${parameters()}</aside>
    <main>
      ${differences()} ${warnings()} ${graph()} ${log()} ${stage()} ${figures()}
    </main>
  </div>
`;

function skip(event: Event, place: string): void {
  event.preventDefault(); // the fragment holds the setting
  if (place === "parameters") update({ isFolded: false });
  const target = document.getElementById(place);
  target?.scrollIntoView();
  target?.focus({ preventScroll: true });
}

const header = (): TemplateResult => html`
  <header class="top">
    <h1>mesoflow</h1>
    <p class="run">${sidesNow().map((side) => runText(side))}</p>
    <div class="actions">
      <button @click=${() => (sidesNow().length > 1 ? void endComparison() : beginComparison())} aria-pressed=${sidesNow().length > 1}>
        ${sidesNow().length > 1 ? "End comparison" : "Compare"}
      </button>
      <button @click=${copyLink}>${model.isCopied ? "Copied" : "Copy link"}</button>
      <label class="theme">Theme
        <select @change=${(event: Event) => choose((event.target as HTMLSelectElement).value as Choice)}>
          ${choices.map((choice) => html`<option value=${choice} .selected=${live(choice === chosen())}>${choice}</option>`)}
        </select>
      </label>
    </div>
  </header>
`;

/** How far a side's run is: "2 running, 12 waiting, 18 done, 3.2 s left". */
function runText(side: Side): TemplateResult | typeof nothing {
  const state = sideState(side);
  if (!state) return nothing;
  const stages = Object.values(state.stages);
  const count = (...states: string[]) => stages.filter((one) => states.includes(one.state)).length;
  const left = Math.max(
    ...stages.map(({ state, remaining = 0 }) => (state === "running" ? remaining : 0)),
    0,
  );
  const parts = [
    [count("running"), "running"],
    [count("waiting"), "waiting"],
    [count("failed"), "failed"],
    [count("blocked"), "blocked"],
    [count("aborted"), "aborted"],
    [count("known", "finished"), "done"],
  ] as const;
  const text = [
    ...parts.filter(([number]) => number > 0).map(([number, what]) => `${number} ${what}`),
    ...(left >= 1 ? [`${secondsText(left)} left`] : []),
  ].join(", ");
  return html`
    <span class=${`run-of side-${side} ${state.isRunning ? "is-running" : ""}`}>
      ${sidesNow().length > 1 ? html`<b>${side.toUpperCase()}</b> ` : nothing}${text}
    </span>
  `;
}

async function copyLink(): Promise<void> {
  const fragment = fragmentOf(linkNow());
  const address = `${location.origin}/${fragment && `#${fragment}`}`;
  try {
    await navigator.clipboard.writeText(address);
    update({ isCopied: true, said: "The link is copied." });
    setTimeout(() => update({ isCopied: false }), 2000);
  } catch {
    update({ said: "The browser lets nothing be copied; the address of this page is the link." });
  }
}

/** What keeps the page from its server. */
function trouble(): TemplateResult | typeof nothing {
  switch (model.connection) {
    case "away":
      return html`<p class="trouble" role="alert">The server does not answer. What is here stays; the page connects again by itself once <code>mesoflow serve</code> runs.</p>`;
    case "refused":
      return html`<p class="trouble" role="alert">The server does not know this browser: it may have been started anew. Open the link that <code>mesoflow serve</code> printed; this page's setting is kept if you add what follows the # in its address.</p>`;
    default:
      return nothing;
  }
}

/** In what two settings differ. */
function differences(): TemplateResult | typeof nothing {
  if (sidesNow().length < 2) return nothing;
  const paths = new Set([...Object.keys(sideState("a")!.setting), ...Object.keys(sideState("b")!.setting)]);
  const rows = [...paths].filter((path) => valueText(valueAt("a", path)) !== valueText(valueAt("b", path)));
  return html`
    <section class="differences" aria-label="Differences">
      <h2>Differences</h2>
      ${
        rows.length === 0
          ? html`<p class="note">Both settings are the same. Change one: parameters are those of setting ${model.edited.toUpperCase()}.</p>`
          : html`
              <table>
                <thead><tr><th>Parameter</th><th class="right side-a">A</th><th class="right side-b">B</th><th>Unit</th></tr></thead>
                <tbody>
                  ${rows.map(
                    (path) => html`<tr><th scope="row">${path}</th>
                    <td class="right">${valueText(valueAt("a", path))}</td><td class="right">${valueText(valueAt("b", path))}</td>
                    <td>${model.pipeline?.parameters.find((one) => one.path === path)?.unit ?? ""}</td></tr>`,
                  )}
                </tbody>
              </table>
            `
      }
    </section>
  `;
}

function warnings(): TemplateResult | typeof nothing {
  const said = sidesNow().flatMap((side) => {
    const { warnings = [], holdup } = sideState(side) ?? {};
    return holdup === undefined ? warnings : [holdup, ...warnings];
  });
  const all = [...new Set(said)];
  return all.length === 0
    ? nothing
    : html`<div class="warnings">${all.map((text) => html`<p>${text}</p>`)}</div>`;
}

/** The latest of what has happened. */
function log(): TemplateResult {
  const lines = model.state?.log.slice(-60).toReversed() ?? [];
  return html`
    <section class="log" aria-label="What has happened" tabindex="0">
      ${lines.length === 0 ? html`<p class="note">What runs, ends or is aborted is told here.</p>` : html`<ol>${lines.map(logLine)}</ol>`}
    </section>
  `;
}

const logLine = ({ side, revision, time, kind, stage: name, text }: LogLine): TemplateResult => html`
  <li class=${kind}>
    <time>${new Date(time).toLocaleTimeString("en-GB")}</time>
    <span class="revision">${sidesNow().length > 1 ? side.toUpperCase() : ""}${revision}</span>
    <span class="sign" aria-hidden="true">${kind === "revision" ? "↻" : kind === "warning" ? "!" : signs[kind].sign}</span>
    <span class="about">${name}</span> <span class="text">${text}</span>
  </li>
`;
