import type { Figure } from "../../figures/index.ts";
import type { Results, StageOutput } from "../../figures/stage-output.ts";
import type { Side, StageState } from "../protocol.ts";
import { partsOf } from "./api.ts";
import { sideState, watch } from "./model.ts";
import { hasEnded, isDone } from "./page-state.ts";
import { made } from "./results.ts";
import { onTheme, themeNow } from "./theme.ts";

/** What a place shows: a figure, or something else that is drawn of what stages made. */
export type Shows = Pick<Figure, "name" | "title" | "needs" | "wants" | "draw" | "caption">;

/** How long drawing may take in one frame before the next one is waited for, ms. */
const patience = 8;
/** How often a grid that runs is looked at, ms. */
const pace = 700;

/**
 * Where a figure is seen. It follows its side: as soon as what it shows is there it is drawn anew, and until then stays
 * as it was. Only what is on the screen is drawn.
 */
export class FigurePlace extends HTMLElement {
  #shows: Shows | undefined;
  #side: Side = "a";
  #isSeen = false;
  #width = 0;
  /** Of what is drawn. */
  #drawn = "";
  #isBusy = false;
  /** What is drawn is of a grid that fills in. */
  #isFilling = false;
  #partsAt = 0;
  #unwatch: (() => void) | undefined;
  readonly #image = document.createElement("div");
  readonly #status = document.createElement("p");
  readonly #caption = document.createElement("p");
  #isFilled = false;

  /** The SVG that is shown; empty where none is. */
  svg = "";

  set shows(shows: Shows) {
    const isOther = shows.name !== this.#shows?.name;
    this.#shows = shows;
    if (isOther) this.#clear();
    this.#consider();
  }

  set side(side: Side) {
    if (side !== this.#side) this.#clear();
    this.#side = side;
    this.#consider();
  }

  connectedCallback(): void {
    if (!this.#isFilled) {
      this.#isFilled = true;
      this.#image.className = "image";
      this.#status.className = "figure-status";
      this.#caption.className = "caption";
      const about = document.createElement("details");
      const summary = document.createElement("summary");
      summary.textContent = "Caption";
      about.append(summary, this.#caption);
      this.append(this.#image, this.#status, about);
    }
    seen.observe(this);
    sizes.observe(this);
    this.#unwatch = watch(() => this.#consider());
    places.add(this);
  }

  disconnectedCallback(): void {
    seen.unobserve(this);
    sizes.unobserve(this);
    places.delete(this);
    this.#unwatch?.();
  }

  /** Takes notice of how much of it is seen, or how wide it is. */
  notice({ isSeen = this.#isSeen, width = this.#width }: { isSeen?: boolean; width?: number }): void {
    this.#isSeen = isSeen;
    this.#width = Math.floor(width);
    this.#consider();
  }

  #clear(): void {
    this.#drawn = "";
    this.svg = "";
    this.#image.replaceChildren();
  }

  #stages(): readonly (readonly [string, StageState | undefined])[] {
    const { needs = [], wants = [] } = this.#shows ?? {};
    const stages = sideState(this.#side)?.stages ?? {};
    return [...needs, ...wants.filter((name) => name in stages)].map((name) => [name, stages[name]]);
  }

  /** What is there to be drawn, as a text that differs when it does. */
  #wanted(): string {
    const contents = this.#stages().map(([, stage]) => stage?.content);
    return [themeNow(), this.#width, this.#shows?.name, ...contents].join(" ");
  }

  #consider(): void {
    const shows = this.#shows;
    if (!shows || !this.#isSeen || !this.isConnected) return;
    const stages = this.#stages();
    const isComplete = shows.needs.every((name) =>
      stages.some(([of, state]) => of === name && state && isDone(state)),
    );
    const isSettled = stages.every(([, state]) => state && hasEnded(state));
    const wanted = this.#wanted();
    const [grid] =
      stages.find(([name, state]) => shows.needs[0] === name && state?.state === "running" && state.done) ??
      [];
    if (grid === undefined) this.#isFilling = false;
    this.#tell(stages, isComplete && isSettled && wanted === this.#drawn);
    if (this.#width < 100 || this.#isBusy) return;
    if (isComplete && isSettled) {
      if (wanted !== this.#drawn) void this.#fetched(wanted);
    } else if (grid !== undefined && shows.needs.length === 1 && performance.now() - this.#partsAt > pace) {
      void this.#fetchedParts(grid);
    }
  }

  #tell(stages: readonly (readonly [string, StageState | undefined])[], isCurrent: boolean): void {
    this.classList.toggle("is-old", !isCurrent && !this.#isFilling);
    this.classList.toggle("is-empty", this.svg === "");
    const bad = stages.find(([, state]) => state && ["failed", "blocked", "aborted"].includes(state.state));
    const waiting = stages.find(([, state]) => !state || !hasEnded(state));
    const text = bad
      ? `${bad[0]}: ${bad[1]!.state}${bad[1]!.failure ? `. ${bad[1]!.failure}` : ""}`
      : waiting
        ? `${waiting[0]} is ${waiting[1]?.state ?? "waiting"}`
        : "";
    if (this.#status.textContent !== text) this.#status.textContent = text;
  }

  async #fetched(wanted: string): Promise<void> {
    this.#isBusy = true;
    try {
      const stages = this.#stages();
      const all = await Promise.all(stages.map(([, state]) => state && made(state)));
      const results = new Map<string, StageOutput>();
      for (const [k, one] of all.entries()) if (one) results.set(stages[k]![0], one);
      await turn();
      this.#isFilling = false;
      this.#draw(results);
      this.#drawn = wanted;
    } catch (reason) {
      this.#status.textContent = `It cannot be drawn: ${reason instanceof Error ? reason.message : "no answer"}`;
      this.#drawn = wanted; // not again before something changes
    } finally {
      this.#isBusy = false;
      this.#consider();
    }
  }

  async #fetchedParts(grid: string): Promise<void> {
    this.#isBusy = true;
    this.#partsAt = performance.now();
    try {
      const artifact = await partsOf(this.#side, grid);
      if (!artifact) return;
      await turn();
      this.#isFilling = true;
      this.#draw(new Map([[grid, { artifact, params: {} }]]));
      this.#drawn = "";
    } catch {
      // It is drawn once it is whole.
    } finally {
      this.#isBusy = false;
    }
  }

  #draw(results: Results): void {
    const start = performance.now();
    this.svg = this.#shows!.draw(results, { document, theme: themeNow(), width: this.#width });
    this.#image.innerHTML = this.svg;
    this.#caption.textContent = this.#shows!.caption(results);
    spent += performance.now() - start;
    this.dispatchEvent(new CustomEvent("drawn", { bubbles: true }));
  }
}

/** ms that drawing has taken in this frame. */
let spent = 0;
let line: (() => void)[] = [];

/** Resolves when it is one's turn to draw: in the next frame, or one after that where others take long. */
const turn = (): Promise<void> =>
  new Promise((resolve) => {
    line.push(resolve);
    if (line.length === 1) requestAnimationFrame(serve);
  });

async function serve(): Promise<void> {
  spent = 0;
  while (line.length > 0 && spent < patience) {
    const [next, ...others] = line;
    line = others;
    next!();
    await Promise.resolve(); // it draws here
  }
  if (line.length > 0) requestAnimationFrame(serve);
}

const places = new Set<FigurePlace>();
onTheme(() => {
  for (const place of places) place.notice({});
});

const seen = new IntersectionObserver(
  (entries) => {
    for (const { target, isIntersecting } of entries)
      (target as FigurePlace).notice({ isSeen: isIntersecting });
  },
  { rootMargin: "120px" },
);
const sizes = new ResizeObserver((entries) => {
  for (const { target, contentRect } of entries) (target as FigurePlace).notice({ width: contentRect.width });
});

customElements.define("figure-place", FigurePlace);
