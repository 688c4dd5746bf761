import { performance } from "node:perf_hooks";
import { createLogUpdate } from "log-update";
import type { PipelineEvent } from "../../pipeline/index.ts";
import { isTerminal } from "../../pipeline/inspect.ts";
import { counted, duration, whole } from "../output/format.ts";
import { lineOf } from "./event-line.ts";
import type { Presenter } from "./lines-presenter.ts";

/** A stage that runs, since `begun` ms. */
interface Running {
  readonly begun: number;
  readonly progress?: Progress;
}
type Progress = Extract<PipelineEvent, { event: "progress" }>;

/** Stages get a bar and a time left after so many seconds, when the pace tells something. */
const patience = 1;
const barWidth = 24;

/**
 * A region at the bottom of a terminal that says what runs now, with a bar and the time left for what takes
 * longer; above it scroll the lines of what has ended.
 */
export function livePresenter(terminal: NodeJS.WriteStream): Presenter {
  const region = createLogUpdate(terminal);
  const running = new Map<string, Running>();
  const ended = new Set<string>();
  let total = 0;

  const render = (): void => {
    const now = performance.now();
    const room = Math.max((terminal.rows ?? 24) - 3, 1);
    const lines = [...running].slice(0, room).map(([stage, state]) => lineOfRunning(stage, state, now));
    region([...lines, `${ended.size} of ${total} done`].join("\n"));
  };
  const timer = setInterval(render, 100);
  timer.unref();

  return {
    show(event) {
      track(event, running);
      if (event.event === "revision") ended.clear();
      if (event.event === "planned") total = event.stages.length;
      if (isTerminal(event)) ended.add(event.stage);
      if (event.event === "summary") region.clear();
      const line = lineOf(event);
      if (line !== undefined) region.persist(line);
      // Hits come by the hundred; the timer shows how many there were.
      if (event.event !== "hit" && event.event !== "summary") render();
    },
    async end() {
      clearInterval(timer);
      region.clear();
      region.done();
    },
  };
}

function track(event: PipelineEvent, running: Map<string, Running>): void {
  const now = performance.now();
  if (event.event === "revision") running.clear();
  else if (event.event === "started" || event.event === "retry") running.set(event.stage, { begun: now });
  else if (event.event === "progress") {
    // What goes on from the revision before may be heard of without having been started anew.
    const { begun } = running.get(event.stage) ?? { begun: now };
    running.set(event.stage, { begun, progress: event });
  } else if (isTerminal(event) || event.event === "waiting") running.delete(event.stage);
}

/** "scan  ████████░░░░░░░░  41 %  6,406 of 15,625 points  3 s left": a grid's bar is of all its points. */
export function lineOfRunning(stage: string, { begun, progress }: Running, now: number): string {
  const elapsed = (now - begun) / 1000;
  if (!progress || elapsed + progress.remaining < patience) {
    return elapsed < patience ? `${stage} …` : `${stage} …  ${duration(elapsed)}`;
  }
  const { fraction, remaining, done, total } = progress;
  const isGrid = done !== undefined && total !== undefined;
  const share = isGrid ? done / total : fraction;
  const full = Math.min(Math.floor(share * barWidth), barWidth);
  const bar = "█".repeat(full) + "░".repeat(barWidth - full);
  const percent = `${Math.floor(share * 100)} %`.padStart(5);
  const points = isGrid ? `  ${whole(done)} of ${counted(total, "point")}` : "";
  return `${stage}  ${bar} ${percent}${points}  ${duration(Math.max(remaining, 0))} left`;
}
