import { asyncScheduler, Subject, type Subscription, throttleTime } from "rxjs";
import type { Json, PipelineEvent } from "../../pipeline/index.ts";
import { canonical } from "../../pipeline/inspect.ts";
import type { Side as Name, Setting, SideEvent, SideState } from "../protocol.ts";
import { begun, noted } from "../side-state.ts";
import type { Faults, PipelineView, Workbench } from "./workbench.ts";

/**
 * Settings that come faster than this are skipped but for the last, ms: each would abort the one before it ahead of its
 * first result, and whoever drags a slider would see nothing before letting go.
 */
const PACE = 40;

/** How often it is told of a stage that some more of its points are there, ms. */
const PARTS = 300;

interface Numbered {
  readonly bench: PipelineView;
  readonly revision: number;
}

/** One of the settings that pages look at, and the run of it. */
export class Side {
  readonly #workbench: Workbench;
  readonly #benches = new Subject<Numbered>();
  readonly #run: Subscription;
  readonly #partsTold = new Map<string, number>();
  #asked: number;
  #latest: Numbered;
  #bench: PipelineView;
  #state: SideState;

  /**
   * @param asked revisions of this side that have been before it began anew
   * @param tell is told whatever happens
   * @param fail is told where the run came to its end, as none does of itself
   */
  constructor(
    workbench: Workbench,
    name: Name,
    first: PipelineView,
    asked: number,
    tell: (event: SideEvent) => void,
    fail: (thrown: unknown) => void,
  ) {
    this.#workbench = workbench;
    this.#bench = first;
    this.#asked = asked + 1;
    this.#state = begun(first.setting, this.#asked);
    this.#latest = { bench: first, revision: this.#asked };
    let latest = this.#latest;
    const paced = new Subject<PipelineView>();
    const said = (event: PipelineEvent): void => {
      // A revision that is overtaken before it begins says nothing: what begins is the latest.
      if (event.event === "revision") this.#bench = latest.bench;
      const revision = event.event === "revision" ? latest.revision : this.#state.revision;
      const isFirst = event.event === "revision" && { setting: latest.bench.setting };
      const message: SideEvent = { kind: "event", side: name, revision, event, ...isFirst };
      this.#state = noted(this.#state, message);
      if (this.#isToBeTold(event)) tell(message);
    };
    this.#run = workbench.follow(paced).subscribe({ next: said, error: fail });
    const pacing = this.#benches
      .pipe(throttleTime(PACE, asyncScheduler, { leading: true, trailing: true }))
      .subscribe((next) => {
        latest = next;
        paced.next(next.bench);
      });
    this.#run.add(pacing);
    this.#benches.next(latest);
  }

  get state(): SideState {
    return this.#state;
  }

  /** The pipeline under the setting that the state is of. */
  get bench(): PipelineView {
    return this.#bench;
  }

  /** How many revisions have been asked for. */
  get asked(): number {
    return this.#asked;
  }

  /** Takes on another setting, unless something is wrong with it; gives the number of its revision. */
  async set(setting: Setting): Promise<{ readonly revision: number } | Faults> {
    this.#asked += 1;
    const revision = this.#asked;
    const bench = await this.#workbench.bench(setting);
    if ("faults" in bench) return bench;
    // What was asked for later may have been looked up sooner.
    if (revision < this.#latest.revision) return { revision };
    if (isSame(setting, this.#latest.bench.setting)) return { revision: this.#latest.revision };
    this.#latest = { bench, revision };
    this.#benches.next(this.#latest);
    return { revision };
  }

  /** Aborts what runs. */
  end(): void {
    this.#run.unsubscribe();
  }

  #isToBeTold(event: PipelineEvent): boolean {
    if (event.event === "planned") this.#partsTold.clear();
    if (event.event !== "part") return true;
    const now = performance.now();
    if (now - (this.#partsTold.get(event.stage) ?? Number.NEGATIVE_INFINITY) < PARTS) return false;
    this.#partsTold.set(event.stage, now);
    return true;
  }
}

const isSame = (one: Setting, other: Setting): boolean => canonical(one as Json) === canonical(other as Json);
