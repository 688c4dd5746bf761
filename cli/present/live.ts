import { performance } from "node:perf_hooks";
import { createLogUpdate } from "log-update";
import type { PipelineEvent } from "../../pipeline/index.ts";
import { duration } from "./format.ts";
import { lineOf, type Presenter } from "./presenter.ts";

/** A stage that runs, since `begun` ms. */
interface Running {
  readonly begun: number;
  readonly fraction?: number;
  readonly remaining?: number;
}

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
  let total = 0;
  let ended = 0;

  const render = (): void => {
    const now = performance.now();
    const room = Math.max((terminal.rows ?? 24) - 3, 1);
    const lines = [...running].slice(0, room).map(([stage, state]) => lineOfRunning(stage, state, now));
    region([...lines, `${ended} of ${total} done`].join("\n"));
  };
  const timer = setInterval(render, 100);
  timer.unref();

  return {
    show(event) {
      track(event, running);
      if (event.event === "planned") total = event.stages.length;
      if (isEnding(event)) ended++;
      if (event.event === "summary") region.clear();
      const line = lineOf(event);
      if (line !== undefined) region.persist(line);
      // Hits come by the hundred; the timer shows how many there were.
      if (event.event !== "hit" && event.event !== "summary") render();
    },
    end() {
      clearInterval(timer);
      region.clear();
      region.done();
    },
  };
}

function track(event: PipelineEvent, running: Map<string, Running>): void {
  if (event.event === "started") running.set(event.stage, { begun: performance.now() });
  else if (event.event === "progress") {
    const { begun } = running.get(event.stage)!;
    running.set(event.stage, { begun, fraction: event.fraction, remaining: event.remaining });
  } else if (isEnding(event)) running.delete(event.stage);
}

type Ending = Extract<PipelineEvent, { event: "hit" | "finished" | "failed" | "blocked" | "aborted" }>;

const isEnding = (event: PipelineEvent): event is Ending =>
  ["hit", "finished", "failed", "blocked", "aborted"].includes(event.event);

/** "tf-simulation/RS-cell  ████████░░░░░░░░  41 %  3 s left" */
export function lineOfRunning(stage: string, { begun, fraction, remaining }: Running, now: number): string {
  const elapsed = (now - begun) / 1000;
  if (fraction === undefined || remaining === undefined || elapsed + remaining < patience) {
    return elapsed < patience ? `${stage} …` : `${stage} …  ${duration(elapsed)}`;
  }
  const full = Math.min(Math.floor(fraction * barWidth), barWidth);
  const bar = "█".repeat(full) + "░".repeat(barWidth - full);
  const percent = `${Math.floor(fraction * 100)} %`.padStart(5);
  return `${stage}  ${bar} ${percent}  ${duration(Math.max(remaining, 0))} left`;
}
